import { and, eq, isNull, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { patientDocuments } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { Settings } from '../../env.ts';
import { type Arriving, stored } from '../../files/arriving.ts';
import { type Block, blocksOf } from '../../files/blocks.ts';
import { inspected } from '../../files/inspection.ts';
import { freshFileKey, sealedBytes, sealedChunks } from '../../files/sealed-file.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { keyedHash } from '../identity/keyed-hash.ts';
import { type DocumentRow, documentAudit, documentPlace, isThere, maxDocuments } from './rows.ts';

/** 20 MB: a scan of many pages. */
export const maxFileBytes = 20_000_000;
/** What one patient keeps, all files together. */
const maxBytesOfAll = 500_000_000;

const random = (bytes: number): string => toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));

interface How {
  readonly env: Env;
  readonly settings: Settings;
  readonly sealing: Sealing;
}

/**
 * Takes a file of a patient into the bucket: looked at and sealed as it passes, never whole in memory. The row is there
 * before the file, so that nothing in the bucket is unknown; what is refused leaves neither. The same file again gives
 * the document that it already is. Refuses with `document_limit`, `document_incomplete` and `unsafe_document`. Throws
 * `person_erased`.
 */
export const addDocument = async (
  { env, settings, sealing }: How,
  patientId: string,
  file: Arriving,
  name: string,
  actor: Principal,
  nowMs: number,
): Promise<Result<DocumentRow, Refusal>> => {
  const db = database(env.DB);
  const id = `d_${random(12)}`;
  const fileKey = freshFileKey();
  const { mediaType, bytes } = file;
  const row: DocumentRow = {
    ...{ id, patientId, mediaType, bytes, appointmentId: null, objectKey: `patients/${random(24)}` },
    name: await sealing.sealFor(patientId, documentPlace(id, 'name'), name),
    fileKey: await sealing.sealFor(patientId, documentPlace(id, 'fileKey'), fileKey),
    ...{ fingerprint: null, createdAtMs: nowMs, storedAtMs: null, deletedAtMs: null },
  };
  const begun = await begin(db, row);
  if (!begun.ok) {
    await file.drop();
    return begun;
  }
  const digest = new crypto.DigestStream('SHA-256');
  // An upload that breaks off takes its digest with it, which nobody will ask for.
  digest.digest.catch(() => undefined);
  const blocks = digested(inspected(blocksOf(file.chunks()), mediaType, bytes), digest);
  const sealed = sealedChunks(blocks, fileKey, id);
  try {
    // What it is called and of what kind is nobody's business in the bucket.
    const sent = await stored(env.DOCUMENTS, row.objectKey, 'application/octet-stream', sealedBytes(bytes), sealed);
    if (!sent.ok) {
      await discard(env, db, row);
      return sent;
    }
  } catch (error) {
    await discard(env, db, row);
    throw error;
  }
  const sum = toBase64Url(new Uint8Array(await digest.digest));
  const fingerprint = await keyedHash(settings.dataKey, 'document fingerprint', patientId, sum);
  return settle(env, db, { ...row, fingerprint, storedAtMs: nowMs }, actor, nowMs);
};

/** Lets blocks by, and into a digest. */
const digested = async function* (
  blocks: AsyncIterable<Block>,
  digest: WritableStream<ArrayBufferView>,
): AsyncGenerator<Block> {
  const writer = digest.getWriter();
  for await (const block of blocks) {
    await writer.write(block.bytes);
    yield block;
  }
  await writer.close();
};

const begin = async (db: Database, row: DocumentRow): Promise<Result<null, Refusal>> => {
  const { patientId, bytes } = row;
  const mine = sql`from patient_documents where patient_id = ${patientId} and deleted_at_ms is null`;
  try {
    await db.batch([
      guard(
        db,
        sql`(select count(*) ${mine}) < ${maxDocuments}
          and (select coalesce(sum(bytes), 0) ${mine}) + ${bytes} <= ${maxBytesOfAll}`,
      ),
      db.insert(patientDocuments).values(row),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    const detail = `At most ${maxDocuments} documents of ${maxBytesOfAll / 1_000_000} MB together.`;
    return refused(refusal('document_limit', detail));
  }
  return ok(null);
};

/** Writes down that all of it is there, unless the patient was erased, or has had the same file, meanwhile. */
const settle = async (
  env: Env,
  db: Database,
  row: DocumentRow,
  actor: Principal,
  nowMs: number,
): Promise<Result<DocumentRow, Refusal>> => {
  const { id, patientId, fingerprint, storedAtMs } = row;
  try {
    await db.batch([
      guard(
        db,
        sql`exists (select 1 from patient_documents where id = ${id} and deleted_at_ms is null)
          and not exists (select 1 from data_keys where subject_id = ${patientId} and destroyed_at_ms is not null)`,
      ),
      db.update(patientDocuments).set({ fingerprint, storedAtMs }).where(eq(patientDocuments.id, id)),
      documentAudit(db, 'uploaded', row, actor, nowMs, { bytes: row.bytes, mediaType: row.mediaType }),
    ]);
    return ok(row);
  } catch (error) {
    const isDouble = violatedUnique(error) !== null;
    if (!isDouble && !guardFailed(error)) throw error;
    await discard(env, db, row);
    if (!isDouble) return refused(refusal('person_erased'));
    const [same] = await db
      .select()
      .from(patientDocuments)
      .where(
        and(
          isThere,
          eq(patientDocuments.patientId, patientId),
          isNull(patientDocuments.deletedAtMs),
          sql`${patientDocuments.fingerprint} = ${fingerprint}`,
        ),
      );
    return same === undefined ? refused(refusal('document_incomplete')) : ok(same);
  }
};

/** Takes back a document that came to nothing. What is left after a crash here, the sweep finds. */
export const discard = async (
  env: Env,
  db: Database,
  { id, objectKey }: Pick<DocumentRow, 'id' | 'objectKey'>,
): Promise<void> => {
  await env.DOCUMENTS.delete(objectKey);
  await db.delete(patientDocuments).where(eq(patientDocuments.id, id));
};
