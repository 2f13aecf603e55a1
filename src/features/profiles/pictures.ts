import { and, eq, isNotNull, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { doctors, pictures } from '../../db/schema.ts';
import { may, type Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { type Arriving, FileRefused, stored } from '../../files/arriving.ts';
import { blocksOf } from '../../files/blocks.ts';
import { inspected } from '../../files/inspection.ts';
import { stripped } from '../../files/stripped.ts';
import { hasPrecondition, preconditionOf } from '../../http/preconditions.ts';
import { recordOf } from '../../patients/relation.ts';
import { auditStatement } from '../audit/record.ts';

/** 5 MB: what a phone makes. */
export const maxPictureBytes = 5_000_000;
/** Of each side. Whoever opens it unpacks it: 16 million points are 64 MB. */
const maxSide = 4_096;
/** An upload that has not ended by then never will. */
const uploadTtlMs = 15 * 60_000;
const sweptAtOnce = 100;

/** What a change rests on: the file that was seen, `null` where there was none. */
export interface Onto {
  readonly objectKey: string | null;
}

/** A row of `pictures`. */
export type PictureRow = typeof pictures.$inferSelect;

const theirs = (accountId: string) =>
  and(eq(pictures.accountId, accountId), isNotNull(pictures.storedAtMs), isNull(pictures.deletedAtMs));

/** Somebody's picture; `null` while there is none. */
export const pictureOf = async (db: Database, accountId: string): Promise<PictureRow | null> =>
  (await db.select().from(pictures).where(theirs(accountId)))[0] ?? null;

/**
 * Takes a picture into the bucket, in place of the one before, without what it says of where and by what it was taken.
 * It goes by and never lies in memory as a whole. Refuses with `unsupported_document`, `document_incomplete`,
 * `picture_too_many_points`, `unsafe_document`, and with `precondition_failed` when another took the place of what it
 * rests on.
 */
export const savePicture = async (
  env: Env,
  file: Arriving,
  actor: Principal,
  nowMs: number,
  onto: Onto | null = null,
): Promise<Result<null, Refusal>> => {
  const { mediaType, bytes } = file;
  if (mediaType === 'application/pdf') {
    await file.drop();
    return refused(refusal('unsupported_document'));
  }
  const db = database(env.DB);
  const objectKey = `pictures/${toBase64Url(crypto.getRandomValues(new Uint8Array(24)))}`;
  const row = { objectKey, accountId: actor.id, mediaType, width: 0, height: 0, createdAtMs: nowMs };
  await db.insert(pictures).values(row);
  const size = { width: 0, height: 0 };
  const plain = stripped(file.chunks(), mediaType, (width, height) => {
    if (width > maxSide || height > maxSide) throw new FileRefused(refusal('picture_too_many_points'));
    Object.assign(size, { width, height });
  });
  const sent = await stored(
    env.DOCUMENTS,
    objectKey,
    mediaType,
    bytes,
    contentOf(inspected(blocksOf(plain), mediaType, bytes)),
  );
  if (!sent.ok) {
    await discard(env, db, objectKey);
    return sent;
  }
  try {
    await db.batch([
      // Gone, if it took so long that the sweep has let go of it, or if the account was erased meanwhile.
      guard(
        db,
        sql`exists (select 1 from pictures where object_key = ${objectKey} and deleted_at_ms is null)
          and ${isStill(actor.id, onto)}`,
      ),
      db.update(pictures).set({ deletedAtMs: nowMs }).where(theirs(actor.id)),
      db
        .update(pictures)
        .set({ ...size, storedAtMs: nowMs })
        .where(eq(pictures.objectKey, objectKey)),
      pictureAudit(db, 'picture.uploaded', actor, nowMs),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    await discard(env, db, objectKey);
    const isAnother = onto !== null && ((await pictureOf(db, actor.id))?.objectKey ?? null) !== onto.objectKey;
    return refused(refusal(isAnother ? 'precondition_failed' : 'document_incomplete'));
  }
  return ok(null);
};

const contentOf = async function* (blocks: AsyncIterable<{ readonly bytes: Uint8Array }>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of blocks) yield bytes;
};

/**
 * Takes somebody's own picture away, at once; its file goes within minutes. Refuses with `not_found`, and with
 * `precondition_failed` when another took the place of what it rests on.
 */
export const removePicture = async (
  env: Env,
  actor: Principal,
  nowMs: number,
  onto: Onto | null = null,
): Promise<Result<null, Refusal>> => {
  const db = database(env.DB);
  if ((await pictureOf(db, actor.id)) === null) return refused(refusal('not_found'));
  try {
    await db.batch([
      guard(db, isStill(actor.id, onto)),
      db.update(pictures).set({ deletedAtMs: nowMs }).where(theirs(actor.id)),
      pictureAudit(db, 'picture.deleted', actor, nowMs),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('precondition_failed'));
  }
  return ok(null);
};

/** Whether somebody's picture is the one that a change rests on. */
const isStill = (accountId: string, onto: Onto | null) =>
  onto === null ? sql`true` : sql`(select object_key from ${pictures} where ${theirs(accountId)}) is ${onto.objectKey}`;

/**
 * What a change of somebody's own picture rests on, by its preconditions; `null` when it has none. Refuses with
 * `precondition_failed`.
 */
export const ontoOf = async (env: Env, request: Request, accountId: string): Promise<Result<Onto | null, Refusal>> => {
  if (!hasPrecondition(request)) return ok(null);
  const objectKey = (await pictureOf(database(env.DB), accountId))?.objectKey ?? null;
  const etag = objectKey === null ? null : ((await env.DOCUMENTS.head(objectKey))?.httpEtag ?? null);
  return preconditionOf(request, etag) === 'met' ? ok({ objectKey }) : refused(refusal('precondition_failed'));
};

const pictureAudit = (db: Database, action: `picture.${'uploaded' | 'deleted'}`, actor: Principal, atMs: number) =>
  auditStatement(db, { stream: `account:${actor.id}`, actor, action, subjectId: actor.id, data: {}, atMs });

const discard = async (env: Env, db: Database, objectKey: string): Promise<void> => {
  await env.DOCUMENTS.delete(objectKey);
  await db.delete(pictures).where(eq(pictures.objectKey, objectKey));
};

/** Lets the bucket go of pictures that are nobody's, or never arrived whole; gives their number. A job of every minute. */
export const sweepPictures = async (env: Env, nowMs: number): Promise<number> => {
  const db = database(env.DB);
  const rows = await db
    .select({ objectKey: pictures.objectKey })
    .from(pictures)
    .where(
      or(
        lte(pictures.deletedAtMs, nowMs),
        and(isNull(pictures.storedAtMs), lt(pictures.createdAtMs, nowMs - uploadTtlMs)),
      ),
    )
    .limit(sweptAtOnce);
  for (const { objectKey } of rows) await discard(env, db, objectKey);
  return rows.length;
};

/** How somebody may see a picture: everybody may, they alone, or nobody who asks like this. */
export type Sight = 'public' | 'own' | 'private' | null;

/** How a viewer stands to somebody's picture: a verified doctor's is public, another's is for who treats or answers for them. */
export const sightOf = async (
  db: Database,
  accountId: string,
  viewer: Principal | null,
  nowMs: number,
): Promise<Sight> => {
  const [doctor] = await db
    .select({ id: doctors.id })
    .from(doctors)
    .where(and(eq(doctors.id, accountId), isNotNull(doctors.verifiedAtMs)));
  if (doctor !== undefined) return 'public';
  if (viewer === null) return null;
  if (viewer.id === accountId) return 'own';
  return may(viewer, 'picture.read', await recordOf(db, viewer, accountId, nowMs)) ? 'private' : null;
};
