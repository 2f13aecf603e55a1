import { and, desc, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { auditEvents, clinics, doctors, recordAccesses } from '../../db/schema.ts';

/** A row of the audit. */
export type AuditRow = typeof auditEvents.$inferSelect;

/** Where a page of the audit begins: after this row, on the way back in time. */
export interface AuditPosition {
  readonly atMs: number;
  readonly stream: string;
  readonly seq: number;
}

/** The position of a row. */
export const position = ({ atMs, stream, seq }: AuditPosition): AuditPosition => ({ atMs, stream, seq });

/** What of the audit is asked for; absent parts ask for all. */
export interface AuditFilter {
  readonly stream?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  /** Hidden: without what only looked. */
  readonly reads?: 'shown' | 'hidden' | undefined;
  /** Instants, ms: from the first up to and without the second. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** What `auditRead` and `recordLook` write is named for how somebody looked. */
const isRead = sql.raw(
  ['read', 'document_read', 'listed', 'searched'].map((end) => `action glob '*.${end}'`).join(' or '),
);

/** The newest first, along an index whatever is asked for. Gives one row more than `limit` when there are more. */
export const auditPage = (
  db: Database,
  filter: AuditFilter,
  after: AuditPosition | null,
  limit: number,
): Promise<AuditRow[]> => {
  const { stream, actor, action, subject, reads, fromMs, toMs } = filter;
  const conditions: (SQL | undefined)[] = [
    stream === undefined ? undefined : eq(auditEvents.stream, stream),
    subject === undefined ? undefined : eq(auditEvents.subjectId, subject),
    actor === undefined ? undefined : eq(auditEvents.actorId, actor),
    action === undefined ? undefined : eq(auditEvents.action, action),
    reads === 'hidden' ? sql`not (${isRead})` : undefined,
    fromMs === undefined ? undefined : gte(auditEvents.atMs, fromMs),
    toMs === undefined ? undefined : lt(auditEvents.atMs, toMs),
  ];
  // Within a stream its own numbers are the order; across streams only time is.
  if (stream !== undefined) {
    if (after !== null) conditions.push(sql`${auditEvents.seq} < ${after.seq}`);
  } else if (after !== null) {
    conditions.push(
      sql`(${auditEvents.atMs}, ${auditEvents.stream}, ${auditEvents.seq}) < (${after.atMs}, ${after.stream}, ${after.seq})`,
    );
  }
  const order =
    stream === undefined
      ? [desc(auditEvents.atMs), desc(auditEvents.stream), desc(auditEvents.seq)]
      : [desc(auditEvents.seq)];
  return db
    .select()
    .from(auditEvents)
    .where(and(...conditions))
    .orderBy(...order)
    .limit(limit + 1);
};

/**
 * Who looked at a patient's record, newest first, but for who asks. Gives one row more than `limit` when there are more.
 */
export const accessesOf = (
  db: Database,
  patientId: string,
  askedBy: string,
  after: AuditPosition | null,
  limit: number,
): Promise<AuditRow[]> => {
  const log = recordAccesses;
  return db
    .select({
      stream: auditEvents.stream,
      seq: auditEvents.seq,
      atMs: auditEvents.atMs,
      actorId: auditEvents.actorId,
      actorRole: auditEvents.actorRole,
      action: auditEvents.action,
      subjectId: auditEvents.subjectId,
      data: auditEvents.data,
    })
    .from(log)
    .innerJoin(auditEvents, and(eq(auditEvents.stream, log.stream), eq(auditEvents.seq, log.seq)))
    .where(
      and(
        eq(log.patientId, patientId),
        sql`${auditEvents.actorId} is not ${askedBy}`,
        after === null
          ? undefined
          : sql`(${log.atMs}, ${log.stream}, ${log.seq}) < (${after.atMs}, ${after.stream}, ${after.seq})`,
      ),
    )
    .orderBy(desc(log.atMs), desc(log.stream), desc(log.seq))
    .limit(limit + 1);
};

/** The names that everybody may know: those of doctors and clinics, by id. */
export const publicNames = async (db: Database, ids: readonly string[]): Promise<Map<string, string>> => {
  const listed = sql`(select value from json_each(${JSON.stringify([...new Set(ids)])}))`;
  const [ofDoctors, ofClinics] = await db.batch([
    db.select({ id: doctors.id, name: doctors.fullName }).from(doctors).where(inArray(doctors.id, listed)),
    db.select({ id: clinics.id, name: clinics.name }).from(clinics).where(inArray(clinics.id, listed)),
  ]);
  return new Map([...ofDoctors, ...ofClinics].map(({ id, name }) => [id, name]));
};
