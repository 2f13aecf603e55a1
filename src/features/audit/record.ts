import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { auditEvents } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { whence } from './whence.ts';

/** One change, as the audit keeps it. */
export interface AuditEntry {
  /** `doctor:<id>`, `account:<id>` or `clinic:<id>`. Streams of doctor-days are written by their objects alone. */
  readonly stream: string;
  /** Who did it; `null` is the system itself. */
  readonly actor: Identity | null;
  /** Past tense, dotted: `doctor.verified`. */
  readonly action: string;
  readonly subjectId: string | null;
  /** What changed: ids, numbers, names of fields. Never a person's words, address, or secret. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

/**
 * The statement that records a change. It belongs into the same batch as the change, so that neither is without the
 * other; it takes the next number of its stream, and says where the request under way came from.
 */
export const auditStatement = (db: Database, entry: AuditEntry) =>
  db.insert(auditEvents).values({
    stream: entry.stream,
    seq: sql`(select coalesce(max(seq), 0) + 1 from audit_events where stream = ${entry.stream})`,
    atMs: entry.atMs,
    actorId: entry.actor?.id ?? null,
    actorRole: entry.actor?.role ?? 'system',
    action: entry.action,
    subjectId: entry.subjectId,
    data: JSON.stringify(withWhence(entry.data)),
  });

const withWhence = (data: AuditEntry['data']): AuditEntry['data'] => {
  const from = whence();
  return from === null ? data : { ...data, from };
};
