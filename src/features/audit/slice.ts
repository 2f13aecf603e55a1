import type { ChainRow, Seal } from '../../domain/audit-chain.ts';
import type { Slice } from '../../domain/audit-verdict.ts';

/** A place in the audit, in the order of its streams. */
export interface Place {
  readonly stream: string;
  readonly seq: number;
}

/** A slice without the anchors, and where the next begins; `null` after the last. */
export interface LoadedSlice extends Omit<Slice, 'anchors'> {
  readonly end: Place | null;
}

const columns = `stream, seq, at_ms AS atMs, actor_id AS actorId, actor_role AS actorRole, action,
  subject_id AS subjectId, data`;

/** Whether a place comes after another; `null` is before all, or as an end after all. */
export const isAfter = (place: Place, other: Place): boolean =>
  place.stream === other.stream ? place.seq > other.seq : place.stream > other.stream;

/** Reads the next rows and seals of the whole audit, or of one stream, as a piece that ends at the same place in both. */
export const loadSlice = async (
  d1: D1Database,
  after: Place | null,
  only: string | null,
  limit: number,
): Promise<LoadedSlice> => {
  const from = after ?? { stream: only ?? '', seq: Number.MIN_SAFE_INTEGER };
  const where = only === null ? '(stream, seq) > (?1, ?2)' : 'stream = ?1 AND seq > ?2';
  const page = (what: string, table: string): D1PreparedStatement =>
    d1
      .prepare(`SELECT ${what} FROM ${table} WHERE ${where} ORDER BY stream, seq LIMIT ?3`)
      .bind(from.stream, from.seq, limit);
  const before = d1
    .prepare('SELECT stream, seq, hash FROM audit_seals WHERE stream = ? AND seq <= ? ORDER BY seq DESC LIMIT 1')
    .bind(from.stream, from.seq);
  const [rows, seals, [lastBefore]] = (
    await d1.batch([page(columns, 'audit_events'), page('stream, seq, hash', 'audit_seals'), before])
  ).map(({ results }) => results) as [ChainRow[], Seal[], Seal[]];

  const ends = [rows, seals].filter((list) => list.length === limit).flatMap((list) => list.at(-1) ?? []);
  const end = ends.length === 0 ? null : ends.reduce((a, b) => (isAfter(a, b) ? b : a));
  const within = (place: Place): boolean => end === null || !isAfter(place, end);
  return {
    rows: rows.filter(within),
    seals: seals.filter(within),
    after,
    before: lastBefore ?? null,
    end: end === null ? null : { stream: end.stream, seq: end.seq },
    tail: end === null ? null : await tailOf(d1, end),
  };
};

const tailOf = async (d1: D1Database, end: Place): Promise<Slice['tail']> => {
  const row = await d1
    .prepare(
      `SELECT coalesce((SELECT max(seq) FROM audit_events WHERE stream = ?1), 0) AS lastRow,
         coalesce((SELECT max(seq) FROM audit_seals WHERE stream = ?1), 0) AS lastSeal`,
    )
    .bind(end.stream)
    .first<{ lastRow: number; lastSeal: number }>();
  return row !== null && Math.max(row.lastRow, row.lastSeal) > end.seq ? row : null;
};
