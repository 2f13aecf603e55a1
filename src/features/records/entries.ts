import type { z } from '@hono/zod-openapi';
import { and, desc, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { healthRecords, noteVersions } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { namesOf } from '../../patients/names.ts';
import type { Place } from '../../sealing/sealed-text.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { auditStatement } from '../audit/record.ts';
import type { recordEntrySchema } from './entry-schema.ts';
import { type NoteVersionRow, versionView } from './note-words.ts';

export type RecordRow = typeof healthRecords.$inferSelect;

/** Entries that are written about one patient within 24 hours: more than any ward's worst day. */
const maxADay = 200;
const dayMs = 86_400_000;
/** Clocks differ. */
const aheadMs = 5 * 60_000;
const firstMs = Date.parse('1900-01-01T00:00:00Z');

/** Where what an entry says stands. */
const entryPlace = (id: string): Place => ({ table: 'health_records', row: id, column: 'content' });

/** A fresh id of an entry. */
export const newRecordId = (): string => `r_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;

/** As what somebody writes into a patient's record. */
const authorRoleOf = ({ id, role }: Identity, patientId: string): RecordRow['authorRole'] => {
  if (role === 'doctor') return 'doctor';
  return id === patientId ? 'patient' : 'guardian';
};

/** Not too many are written about a patient, and the patient was not erased. */
export const mayStillWrite = (patientId: string, nowMs: number): SQL => sql`
  (select count(*) from health_records where patient_id = ${patientId} and recorded_at_ms > ${nowMs - dayMs}) < ${maxADay}
  and not exists (select 1 from data_keys where subject_id = ${patientId} and destroyed_at_ms is not null)`;

/** What is written: of history and vitals as JSON. */
export interface NewEntry {
  readonly kind: 'history' | 'vitals';
  readonly atMs: number;
  readonly said: object;
}

/**
 * Writes an entry of history or vitals into a patient's record, under the author's name. Refuses with `invalid_request`
 * for a time that is to come, and `too_many_items`. Throws `person_erased`.
 */
export const writeEntry = async (
  db: Database,
  sealing: Sealing,
  patientId: string,
  { kind, atMs, said }: NewEntry,
  author: Identity,
  nowMs: number,
): Promise<Result<RecordRow, Refusal>> => {
  if (atMs > nowMs + aheadMs || atMs < firstMs) {
    const errors = [{ path: 'at', message: 'must not be to come, nor before 1900' }];
    return refused(refusal('invalid_request', undefined, { errors }));
  }
  const id = newRecordId();
  const content = await sealing.sealFor(patientId, entryPlace(id), JSON.stringify(said));
  const row: RecordRow = {
    ...{ id, patientId, kind, atMs, content },
    recordedAtMs: nowMs,
    authorId: author.id,
    authorRole: authorRoleOf(author, patientId),
    appointmentId: null,
    withdrawnAtMs: null,
  };
  try {
    await db.batch([
      guard(db, mayStillWrite(patientId, nowMs)),
      db.insert(healthRecords).values(row),
      entryAudit(db, `record.${kind}_written`, row, author, nowMs),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('too_many_items', `At most ${maxADay} entries within 24 hours.`));
  }
  return ok(row);
};

/** The statement that records what somebody did to an entry. */
export const entryAudit = (
  db: Database,
  action: string,
  { id, patientId }: Pick<RecordRow, 'id' | 'patientId'>,
  actor: Identity,
  atMs: number,
  data: Readonly<Record<string, unknown>> = {},
) =>
  auditStatement(db, {
    stream: `account:${actor.id}`,
    actor,
    action,
    subjectId: id,
    data: { patientId, ...data },
    atMs,
  });

/**
 * Declares an entry of one's own a mistake: it stays, and says so. Twice is once. Refuses with `not_found`, also for an
 * entry of another author and for a visit note, which is amended.
 */
export const withdrawEntry = async (
  db: Database,
  patientId: string,
  id: string,
  actor: Identity,
  nowMs: number,
): Promise<Result<RecordRow, Refusal>> => {
  const [row] = await db.select().from(healthRecords).where(eq(healthRecords.id, id));
  const isOwn = row?.patientId === patientId && row.kind !== 'note' && row.authorId === actor.id;
  if (row === undefined || !isOwn) return refused(refusal('not_found'));
  if (row.withdrawnAtMs !== null) return ok(row);
  try {
    await db.batch([
      guard(db, sql`exists (select 1 from health_records where id = ${id} and withdrawn_at_ms is null)`),
      db.update(healthRecords).set({ withdrawnAtMs: nowMs }).where(eq(healthRecords.id, id)),
      entryAudit(db, 'record.withdrawn', row, actor, nowMs),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
  }
  return ok({ ...row, withdrawnAtMs: nowMs });
};

export interface RecordFilter {
  readonly kind?: RecordRow['kind'] | undefined;
  readonly fromMs?: number | undefined;
  /** Not included. */
  readonly toMs?: number | undefined;
}

/** One more than a page of a patient's record, the latest first. */
export const recordPage = (
  db: Database,
  patientId: string,
  { kind, fromMs, toMs }: RecordFilter,
  after: { readonly atMs: number; readonly id: string } | null,
  limit: number,
) =>
  db
    .select()
    .from(healthRecords)
    .where(
      and(
        eq(healthRecords.patientId, patientId),
        kind === undefined ? undefined : eq(healthRecords.kind, kind),
        fromMs === undefined ? undefined : gte(healthRecords.atMs, fromMs),
        toMs === undefined ? undefined : lt(healthRecords.atMs, toMs),
        after === null ? undefined : sql`(${healthRecords.atMs}, ${healthRecords.id}) < (${after.atMs}, ${after.id})`,
      ),
    )
    .orderBy(desc(healthRecords.atMs), desc(healthRecords.id))
    .limit(limit + 1);

/** Entries as the API shows them, with the newest versions of the notes among them. All of one patient. */
export const entryViews = async (
  db: Database,
  sealing: Sealing,
  rows: readonly RecordRow[],
): Promise<z.input<typeof recordEntrySchema>[]> => {
  const noteIds = rows.filter(({ kind }) => kind === 'note').map(({ id }) => id);
  const [names, versions] = await Promise.all([
    namesOf(
      db,
      rows.map(({ authorId }) => authorId),
    ),
    newestOf(db, noteIds),
  ]);
  return Promise.all(
    rows.map(async (row) => {
      const said = await sealing.openFor(row.patientId, entryPlace(row.id), row.content);
      const version = versions.get(row.id);
      return {
        ...{ id: row.id, patientId: row.patientId, kind: row.kind, authorId: row.authorId },
        at: new Date(row.atMs).toISOString(),
        recordedAt: new Date(row.recordedAtMs).toISOString(),
        saidBy: row.authorRole,
        authorName: names.get(row.authorId) ?? null,
        appointmentId: row.appointmentId,
        withdrawnAt: row.withdrawnAtMs === null ? null : new Date(row.withdrawnAtMs).toISOString(),
        ...(said === null ? {} : { [row.kind]: JSON.parse(said) }),
        ...(version === undefined ? {} : { note: await versionView(sealing, version) }),
      };
    }),
  );
};

/** The newest versions of notes, by note. */
const newestOf = async (db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, NoteVersionRow>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(noteVersions)
    .where(
      and(
        inArray(noteVersions.recordId, listOf(ids)),
        sql`${noteVersions.version} = (select max(version) from note_versions as newer where newer.record_id = ${noteVersions.recordId})`,
      ),
    );
  return new Map(rows.map((row) => [row.recordId, row]));
};
