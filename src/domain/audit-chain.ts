import { type DayKey, dayName } from './ids.ts';

/** The audit stream of a doctor-day. */
export const dayStream = (day: DayKey): string => `day:${dayName(day)}`;

/** A row of the audit, as it is hashed. */
export interface ChainRow {
  readonly stream: string;
  readonly seq: number;
  readonly atMs: number;
  readonly actorId: string | null;
  readonly actorRole: string;
  readonly action: string;
  readonly subjectId: string | null;
  /** JSON as it is stored, character by character. */
  readonly data: string;
}

/** The hash of a row and of all before it in its stream: SHA-256 in lower-case hex. */
export interface Seal {
  readonly stream: string;
  readonly seq: number;
  readonly hash: string;
}

/** SHA-256 of a text in UTF-8, in lower-case hex. Passed in: the domain knows no crypto. */
export type Digest = (text: string) => Promise<string>;

/** What the first row of a stream is chained to. */
export const noHash = '0'.repeat(64);

/**
 * The one text of a row. A JSON array keeps the fields apart, and the version in front binds every hash ever written to
 * this form: it is never changed, a new one would get a new name.
 */
export const canonicalRow = (row: ChainRow): string =>
  JSON.stringify([
    'daybook-audit-1',
    row.stream,
    row.seq,
    row.atMs,
    row.actorId,
    row.actorRole,
    row.action,
    row.subjectId,
    row.data,
  ]);

/** The hash of a row whose predecessor in the stream has the hash `previous`. */
export const linkHash = (digest: Digest, previous: string, row: ChainRow): Promise<string> =>
  digest(`${previous}\n${canonicalRow(row)}`);

/**
 * Seals for rows that follow each other without a gap.
 *
 * @param previous the hash of the row before the first of them; {@link noHash} when that is number 1
 */
export const sealRows = async (digest: Digest, previous: string, rows: readonly ChainRow[]): Promise<Seal[]> => {
  const seals: Seal[] = [];
  let hash = previous;
  for (const row of rows) {
    hash = await linkHash(digest, hash, row);
    seals.push({ stream: row.stream, seq: row.seq, hash });
  }
  return seals;
};

/** As many of the rows as follow number `after` without a gap. A gap is never sealed over: it is evidence. */
export const withoutGap = (rows: readonly ChainRow[], after: number): ChainRow[] => {
  const end = rows.findIndex((row, index) => row.seq !== after + index + 1);
  return rows.slice(0, end === -1 ? rows.length : end);
};
