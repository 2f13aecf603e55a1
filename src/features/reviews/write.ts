import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { reviews } from '../../db/schema.ts';
import { type Identity, may, type Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import type { Status } from '../../domain/doctor-day/appointment.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { canEdit, whyNotReviewed } from '../../domain/review.ts';
import { auditStatement } from '../audit/record.ts';
import { type ReviewRow, reviewOf, visitOf } from './queries.ts';
import type { NewReview } from './schema.ts';

type Reviewed = Result<ReviewRow, Refusal>;

/** What is recorded of an act on a review: ids and stars, in the stream of who did it. */
const recorded = (
  db: Database,
  actor: Identity,
  action: string,
  review: Pick<ReviewRow, 'id' | 'doctorId' | 'stars'>,
  atMs: number,
) =>
  auditStatement(db, {
    stream: `account:${actor.id}`,
    actor,
    action,
    subjectId: review.id,
    data: { doctorId: review.doctorId, stars: review.stars },
    atMs,
  });

/**
 * Reviews a visit. Refuses with `not_found` (no such visit of theirs), `not_visited`, `review_window_over`,
 * `already_reviewed`.
 */
export const writeReview = async (
  db: Database,
  principal: Principal,
  appointmentId: string,
  { stars, text, showName }: NewReview,
  nowMs: number,
): Promise<Reviewed> => {
  const visit = await visitOf(db, appointmentId);
  if (visit === null || !may(principal, 'review.write', visit)) return refused(refusal('not_found'));
  const wrong = whyNotReviewed({ status: visit.status as Status, endsAtMs: visit.endsAtMs }, nowMs);
  if (wrong !== null) return refused(wrong);
  const { doctorId, patientId, date } = visit;
  const review = { id: `v_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`, doctorId, stars };
  try {
    await db.batch([
      db.insert(reviews).values({
        ...{ ...review, appointmentId, patientId, authorId: principal.id, text, showsName: showName },
        number: sql`(select coalesce(max(number), 0) + 1 from reviews where doctor_id = ${doctorId})`,
        visitedOn: date,
        createdAtMs: nowMs,
      }),
      recorded(db, principal, 'review.written', review, nowMs),
    ]);
  } catch (error) {
    if (violatedUnique(error) === 'reviews.appointment_id') return refused(refusal('already_reviewed'));
    throw error;
  }
  return stored(db, appointmentId);
};

/** Changes a review. Refuses with `not_found`, and with `review_final` once it is too late. */
export const editReview = async (
  db: Database,
  principal: Principal,
  appointmentId: string,
  { stars, text, showName }: NewReview,
  nowMs: number,
): Promise<Reviewed> => {
  const review = await ownReview(db, principal, appointmentId);
  if (review === null || review.withdrawnAtMs !== null) return refused(refusal('not_found'));
  if (!canEdit(review, nowMs)) return refused(refusal('review_final'));
  await db.batch([
    db
      .update(reviews)
      .set({ stars, text, showsName: showName, editedAtMs: nowMs })
      .where(and(eq(reviews.id, review.id), isNull(reviews.withdrawnAtMs))),
    recorded(db, principal, 'review.edited', { ...review, stars }, nowMs),
  ]);
  return stored(db, appointmentId);
};

/** Withdraws a review for good: its words and the answer to it are gone. Refuses with `not_found`. */
export const withdrawReview = async (
  db: Database,
  principal: Principal,
  appointmentId: string,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const review = await ownReview(db, principal, appointmentId);
  if (review === null || review.withdrawnAtMs !== null) return refused(refusal('not_found'));
  await db.batch([
    db.update(reviews).set({ withdrawnAtMs: nowMs, text: '', reply: null }).where(eq(reviews.id, review.id)),
    recorded(db, principal, 'review.withdrawn', review, nowMs),
  ]);
  return ok(null);
};

/** The review of a visit for who may write it; `null` for everybody else, and where there is none. */
export const ownReview = async (
  db: Database,
  principal: Principal,
  appointmentId: string,
): Promise<ReviewRow | null> => {
  const review = await reviewOf(db, appointmentId);
  return review !== null && may(principal, 'review.write', review) ? review : null;
};

const stored = async (db: Database, appointmentId: string): Promise<Reviewed> => {
  const review = await reviewOf(db, appointmentId);
  return review === null ? refused(refusal('not_found')) : ok(review);
};
