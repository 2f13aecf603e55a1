import type { z } from '@hono/zod-openapi';
import { and, asc, eq, isNotNull, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { doctors, licenceDocuments } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { auditStatement } from '../audit/record.ts';
import type { Arriving } from './licence-file.ts';
import type { documentSchema } from './verification-schema.ts';

/** Documents a doctor may have at a time. */
const maxDocuments = 10;
/** An upload that has not ended by then never will. */
const uploadTtlMs = 15 * 60_000;
const sweptAtOnce = 100;

type Row = typeof licenceDocuments.$inferSelect;

const random = (bytes: number): string => toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));

/** Documents that are whole and not deleted. */
const there = (doctorId: string) =>
  and(
    eq(licenceDocuments.doctorId, doctorId),
    isNotNull(licenceDocuments.storedAtMs),
    isNull(licenceDocuments.deletedAtMs),
  );

/** A document as the API shows it. */
export const documentView = (row: Row): z.input<typeof documentSchema> => ({
  id: row.id,
  mediaType: row.mediaType,
  bytes: row.bytes,
  sha256: row.sha256 ?? '',
  uploadedAt: new Date(row.createdAtMs).toISOString(),
});

/** A doctor's documents, oldest first. */
export const documentsOf = (db: Database, doctorId: string): Promise<Row[]> =>
  db
    .select()
    .from(licenceDocuments)
    .where(there(doctorId))
    .orderBy(asc(licenceDocuments.createdAtMs), asc(licenceDocuments.id));

/** One document of a doctor; `null` when there is none of this id. */
export const documentOf = async (db: Database, doctorId: string, id: string): Promise<Row | null> =>
  (
    await db
      .select()
      .from(licenceDocuments)
      .where(and(there(doctorId), eq(licenceDocuments.id, id)))
  )[0] ?? null;

/**
 * Takes an upload into the bucket. The row is there before the file, so that nothing in the bucket is unknown; the same
 * file again gives the document that it already is. Refuses with `not_found` (no such doctor), `too_many_items`,
 * `document_incomplete`.
 */
export const addDocument = async (
  env: Env,
  doctorId: string,
  file: Arriving,
  actor: Principal,
  nowMs: number,
): Promise<Result<Row, Refusal>> => {
  const db = database(env.DB);
  const { mediaType, bytes } = file;
  const row = { id: `f_${random(12)}`, doctorId, objectKey: random(24), mediaType, bytes, createdAtMs: nowMs };
  const begun = await begin(db, row);
  if (!begun.ok) {
    await file.drop();
    return begun;
  }
  const sent = await file.into(env.DOCUMENTS, row.objectKey);
  if (!sent.ok) {
    await discard(env, db, row);
    return sent;
  }
  const stored = { sha256: sent.value, storedAtMs: nowMs };
  try {
    await db.batch([
      db.update(licenceDocuments).set(stored).where(eq(licenceDocuments.id, row.id)),
      documentAudit(db, 'document.uploaded', doctorId, row.id, actor, nowMs),
    ]);
  } catch (error) {
    if (violatedUnique(error) === null) throw error;
    await discard(env, db, row);
    const [same] = await db
      .select()
      .from(licenceDocuments)
      .where(and(there(doctorId), eq(licenceDocuments.sha256, sent.value)));
    return same === undefined ? refused(refusal('document_incomplete')) : ok(same);
  }
  return ok({ ...row, ...stored, deletedAtMs: null });
};

const begin = async (db: Database, row: typeof licenceDocuments.$inferInsert): Promise<Result<null, Refusal>> => {
  const { doctorId } = row;
  const [doctor] = await db.select({ id: doctors.id }).from(doctors).where(eq(doctors.id, doctorId));
  if (doctor === undefined) return refused(refusal('not_found'));
  const count = sql`(select count(*) from licence_documents where doctor_id = ${doctorId} and deleted_at_ms is null)`;
  try {
    await db.batch([guard(db, sql`${count} < ${maxDocuments}`), db.insert(licenceDocuments).values(row)]);
  } catch (error) {
    if (guardFailed(error)) return refused(refusal('too_many_items', `At most ${maxDocuments} documents.`));
    throw error;
  }
  return ok(null);
};

/** Takes back a document that came to nothing. What is left after a crash here, the sweep finds. */
const discard = async (env: Env, db: Database, { id, objectKey }: { id: string; objectKey: string }): Promise<void> => {
  await env.DOCUMENTS.delete(objectKey);
  await db.delete(licenceDocuments).where(eq(licenceDocuments.id, id));
};

/**
 * Deletes a document: at once for everybody, and from the bucket right after. Refuses with `not_found`, and with
 * `documents_under_review` while an admin may be deciding on it or has verified the doctor by it.
 */
export const removeDocument = async (
  env: Env,
  doctorId: string,
  id: string,
  actor: Principal,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const db = database(env.DB);
  const row = await documentOf(db, doctorId, id);
  if (row === null) return refused(refusal('not_found'));
  const isFree = sql`exists (select 1 from doctors where id = ${doctorId} and verified_at_ms is null and submitted_at_ms is null)`;
  try {
    await db.batch([
      guard(db, isFree),
      db.update(licenceDocuments).set({ deletedAtMs: nowMs }).where(eq(licenceDocuments.id, id)),
      documentAudit(db, 'document.deleted', doctorId, id, actor, nowMs),
    ]);
  } catch (error) {
    if (guardFailed(error)) return refused(refusal('documents_under_review'));
    throw error;
  }
  await discard(env, db, row);
  return ok(null);
};

/** The statement that records what somebody did with a document. */
export const documentAudit = (
  db: Database,
  action: 'document.uploaded' | 'document.deleted' | 'document.read',
  doctorId: string,
  documentId: string,
  actor: Principal,
  atMs: number,
) => auditStatement(db, { stream: `doctor:${doctorId}`, actor, action, subjectId: documentId, data: {}, atMs });

/** Lets the bucket go of files that were deleted, or never arrived whole; gives their number. A job of every minute. */
export const sweepDocuments = async (env: Env, nowMs: number): Promise<number> => {
  const db = database(env.DB);
  const rows = await db
    .select({ id: licenceDocuments.id, objectKey: licenceDocuments.objectKey })
    .from(licenceDocuments)
    .where(
      or(
        lte(licenceDocuments.deletedAtMs, nowMs),
        and(isNull(licenceDocuments.storedAtMs), lt(licenceDocuments.createdAtMs, nowMs - uploadTtlMs)),
      ),
    )
    .limit(sweptAtOnce);
  for (const row of rows) await discard(env, db, row);
  return rows.length;
};
