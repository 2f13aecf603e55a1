import type { z } from '@hono/zod-openapi';
import type { AuditFilter, AuditRow } from './queries.ts';
import type { accessSchema, auditEventSchema, auditQuerySchema } from './schema.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** What a query asks for, with its instants in ms. */
export const filterOf = ({
  from,
  to,
  ...same
}: Pick<
  z.output<typeof auditQuerySchema>,
  'stream' | 'actor' | 'action' | 'subject' | 'reads' | 'from' | 'to'
>): AuditFilter => ({
  ...same,
  fromMs: from === undefined ? undefined : Date.parse(from),
  toMs: to === undefined ? undefined : Date.parse(to),
});

/** A row of the audit as the API shows it. */
export const eventView = ({ atMs, data, ...row }: AuditRow): z.input<typeof auditEventSchema> => ({
  ...row,
  at: iso(atMs),
  data: JSON.parse(data),
});

export const csvHeader = ['stream', 'seq', 'at', 'actorId', 'actorRole', 'action', 'subjectId', 'data'];

/** A row of the audit as the fields of {@link csvHeader}. */
export const csvFields = (row: AuditRow): (string | number | null)[] => [
  row.stream,
  row.seq,
  iso(row.atMs),
  row.actorId,
  row.actorRole,
  row.action,
  row.subjectId,
  row.data,
];

/** A look at a record as its patient sees it: doctors and clinics by name, everybody else by role. */
export const accessView = (row: AuditRow, names: ReadonlyMap<string, string>): z.input<typeof accessSchema> => {
  const { why, clinicId } = JSON.parse(row.data) as { why?: string; clinicId?: string | null };
  return {
    at: iso(row.atMs),
    role: row.actorRole,
    name: names.get(clinicId ?? '') ?? names.get(row.actorId ?? '') ?? null,
    action: row.action,
    subjectId: row.subjectId,
    why: why ?? null,
  };
};
