import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { auditEvents } from '../../db/schema.ts';

/** A row of the audit. */
export type AuditRow = typeof auditEvents.$inferSelect;

/** Where a page of the audit begins: after this row, on the way back in time. */
export interface AuditPosition {
  readonly atMs: number;
  readonly stream: string;
  readonly seq: number;
}

/**
 * The newest changes first: of one stream, of one subject, of both, or of everything; each along an index. Gives one
 * row more than `limit` when there are more.
 */
export const auditPage = (
  db: Database,
  filter: { readonly stream?: string | undefined; readonly subject?: string | undefined },
  after: AuditPosition | null,
  limit: number,
): Promise<AuditRow[]> => {
  const { stream, subject } = filter;
  const conditions: (SQL | undefined)[] = [
    stream === undefined ? undefined : eq(auditEvents.stream, stream),
    subject === undefined ? undefined : eq(auditEvents.subjectId, subject),
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
