import { and, eq, isNull, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { accounts, doctors, reviews } from '../../db/schema.ts';
import { type Identity, may, type Principal } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { settingsOf } from '../../env.ts';
import { dispatch, postMessage } from '../../messages/message.ts';
import { preferencesOf } from '../../notifications/preferences.ts';
import { auditStatement } from '../audit/record.ts';
import { hiddenWords } from './hidden-words.ts';
import { type ReviewRow, reviewById } from './queries.ts';

type Reviewed = Result<ReviewRow, Refusal>;

/** What is recorded of an act on somebody else's review. */
const recorded = (db: Database, actor: Identity, action: string, review: ReviewRow, atMs: number) =>
  auditStatement(db, {
    stream: `doctor:${review.doctorId}`,
    actor,
    action,
    subjectId: review.id,
    data: { stars: review.stars },
    atMs,
  });

/** Answers a review, or changes the answer. Refuses with `not_found`, also for a review that is not of this doctor. */
export const answerReview = async (
  db: Database,
  principal: Principal,
  { doctorId, reviewId }: { readonly doctorId: string; readonly reviewId: string },
  text: string,
  nowMs: number,
): Promise<Reviewed> => {
  if (!may(principal, 'review.answer', { doctorId })) return refused(refusal('not_found'));
  const review = await reviewById(db, reviewId);
  if (review === null || review.doctorId !== doctorId || review.hiddenAtMs !== null)
    return refused(refusal('not_found'));
  const change = { reply: text, repliedAtMs: nowMs };
  await db.batch([
    db
      .update(reviews)
      .set(change)
      .where(and(eq(reviews.id, reviewId), isNull(reviews.withdrawnAtMs))),
    recorded(db, principal, 'review.answered', review, nowMs),
  ]);
  return ok({ ...review, ...change });
};

/**
 * Hides a review from everybody, and tells its author why. One that is hidden stays as it is, and nobody is told again.
 * Refuses with `not_found`.
 */
export const hideReview = async (
  env: Env,
  actor: Identity,
  id: string,
  reason: string,
  nowMs: number,
): Promise<Reviewed> => {
  const db = database(env.DB);
  const review = await reviewById(db, id);
  if (review === null) return refused(refusal('not_found'));
  if (review.hiddenAtMs !== null) return ok(review);
  const change = { hiddenAtMs: nowMs, hiddenReason: reason };
  const told = await toldOf(env, db, review, reason, nowMs);
  const isShown = and(eq(reviews.id, id), isNull(reviews.hiddenAtMs), isNull(reviews.withdrawnAtMs));
  try {
    await db.batch([
      guard(db, sql`exists (select 1 from ${reviews} where ${isShown})`),
      db.update(reviews).set(change).where(eq(reviews.id, id)),
      recorded(db, actor, 'review.hidden', review, nowMs),
      ...told.map(({ statement }) => statement),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    // Somebody else was faster: it is hidden, withdrawn or, shown again since, hidden now.
    return hideReview(env, actor, id, reason, nowMs);
  }
  await dispatch(env, ...told.map((message) => message.id));
  return ok({ ...review, ...change });
};

/** Shows a review again. Refuses with `not_found`. */
export const showReview = async (db: Database, actor: Identity, id: string, nowMs: number): Promise<Reviewed> => {
  const review = await reviewById(db, id);
  if (review === null) return refused(refusal('not_found'));
  const change = { hiddenAtMs: null, hiddenReason: null };
  await db.batch([
    db.update(reviews).set(change).where(eq(reviews.id, id)),
    recorded(db, actor, 'review.shown', review, nowMs),
  ]);
  return ok({ ...review, ...change });
};

/** The message to the author of a review that is hidden, in their language; none to an account that is gone. */
const toldOf = async (env: Env, db: Database, review: ReviewRow, reason: string, nowMs: number) => {
  const [[author], [doctor]] = await db.batch([
    db
      .select({ email: accounts.email })
      .from(accounts)
      .where(and(eq(accounts.id, review.authorId), isNull(accounts.deactivatedAtMs))),
    db.select({ fullName: doctors.fullName }).from(doctors).where(eq(doctors.id, review.doctorId)),
  ]);
  if (author === undefined) return [];
  const locale = (await preferencesOf(db, [review.authorId])).get(review.authorId)?.locale ?? 'en';
  const message = await postMessage(
    db,
    settingsOf(env).dataKey,
    {
      channel: 'email',
      accountId: review.authorId,
      to: author.email,
      kind: 'review_hidden',
      ...hiddenWords(locale, doctor?.fullName ?? null, reason),
    },
    nowMs,
  );
  return [message];
};
