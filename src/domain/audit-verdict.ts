import { type ChainRow, type Digest, linkHash, noHash, type Seal } from './audit-chain.ts';

/** What is wrong at one place of the audit. */
export interface Finding {
  readonly stream: string;
  readonly seq: number;
  readonly fault: Fault;
}

export type Fault =
  /** The row does not say what was sealed. */
  | 'edited'
  /** The row was sealed, and is gone. */
  | 'deleted'
  /** The row was sealed under another number. */
  | 'reordered'
  /** The row was never sealed, and stands where another one was or where none can be. */
  | 'inserted'
  /** This row and all after it are gone. */
  | 'truncated'
  /** The chain was sealed anew: it is not the one that was anchored. */
  | 'rewritten';

/** A piece of the audit in the order of (stream, seq), with what is known of the ground around it. */
export interface Slice {
  readonly rows: readonly ChainRow[];
  readonly seals: readonly Seal[];
  /** Heads that were anchored, as far as they lie in this piece. */
  readonly anchors: readonly Seal[];
  /** What the piece begins after; `null` at the very beginning. */
  readonly after: { readonly stream: string; readonly seq: number } | null;
  /** The last seal up to `after` in its stream; `null` if there is none. */
  readonly before: Seal | null;
  /** Where the last stream ends, if it goes on after the piece. */
  readonly tail: { readonly lastRow: number; readonly lastSeal: number } | null;
}

/** What a slice holds: what is wrong in it, and how many rows the sealer has not come to yet. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly unsealed: number;
}

/** More rows out of place than this are not compared with every place: that would take the square of them. */
const maxSuspects = 60;

/** Streams whose rows are sealed in the transaction that writes them. */
const sealedAtOnce = (stream: string): boolean => stream.startsWith('day:');

/**
 * Finds every edit, deletion, insertion, reordering and truncation in a slice. Each row is checked against its own seal
 * and the one before it, so that one bad row does not condemn all after it.
 */
export const examine = async (digest: Digest, slice: Slice): Promise<Verdict> => {
  const streams = [...new Set([...slice.rows, ...slice.seals, ...slice.anchors].map(({ stream }) => stream))].sort();
  const rows = Map.groupBy(slice.rows, ({ stream }) => stream);
  const seals = Map.groupBy(slice.seals, ({ stream }) => stream);
  const anchors = Map.groupBy(slice.anchors, ({ stream }) => stream);
  const verdicts: Verdict[] = [];
  for (const stream of streams) {
    const own = new Map((seals.get(stream) ?? []).map(({ seq, hash }) => [seq, hash]));
    const from = slice.after?.stream === stream ? slice.after.seq : 0;
    const before = slice.before?.stream === stream ? slice.before : { stream, seq: 0, hash: noHash };
    const present = rows.get(stream) ?? [];
    const tail = stream === streams.at(-1) ? slice.tail : null;
    verdicts.push(
      await examineStream(digest, {
        stream,
        rows: present,
        seals: own,
        anchors: anchors.get(stream) ?? [],
        from,
        before,
        lastRow: tail?.lastRow ?? Math.max(from, ...present.map(({ seq }) => seq)),
        lastSeal: tail?.lastSeal ?? Math.max(before.seq, ...own.keys()),
      }),
    );
  }
  return {
    findings: verdicts.flatMap(({ findings }) => findings),
    unsealed: verdicts.reduce((sum, { unsealed }) => sum + unsealed, 0),
  };
};

/** The part of one stream that lies in a slice. */
interface Piece {
  readonly stream: string;
  readonly rows: readonly ChainRow[];
  readonly seals: ReadonlyMap<number, string>;
  readonly anchors: readonly Seal[];
  readonly from: number;
  readonly before: Seal;
  /** The numbers of the last row and the last seal of the whole stream. */
  readonly lastRow: number;
  readonly lastSeal: number;
}

const examineStream = async (digest: Digest, piece: Piece): Promise<Verdict> => {
  const { stream, seals, before } = piece;
  const hashAt = (seq: number): string | undefined => (seq === before.seq ? before.hash : seals.get(seq));
  const fits = async (row: ChainRow, seq: number): Promise<boolean> => {
    const previous = hashAt(seq - 1);
    return previous !== undefined && (await linkHash(digest, previous, { ...row, seq })) === seals.get(seq);
  };
  const { suspects, fresh } = await sorted(piece, hashAt, fits);
  const present = new Set(piece.rows.map(({ seq }) => seq));
  const missing = [...seals.keys()].filter((seq) => !present.has(seq)).sort(ascending);
  const takenBy = await rightful(suspects, missing, fits);

  const found: Finding[] = [];
  const add = (seq: number, fault: Fault): void => {
    if (!found.some((finding) => finding.seq === seq)) found.push({ stream, seq, fault });
  };
  const moved = new Set(takenBy.values());
  for (const row of suspects) {
    if (moved.has(row)) add(row.seq, 'reordered');
    else add(row.seq, seals.has(row.seq) && !takenBy.has(row.seq) ? 'edited' : 'inserted');
  }
  const gone = missing.filter((seq) => !takenBy.has(seq));
  const cut = gone.find((seq) => seq > piece.lastRow);
  for (const seq of gone) if (cut === undefined || seq < cut) add(seq, 'deleted');
  if (cut !== undefined) add(cut, 'truncated');
  for (const seq of holes(piece.from, [...present, ...seals.keys()])) add(seq, 'deleted');
  for (const anchor of piece.anchors) {
    const hash = hashAt(anchor.seq);
    if (hash !== undefined && hash !== anchor.hash) add(anchor.seq, 'rewritten');
    if (hash === undefined && anchor.seq > piece.lastSeal) add(piece.lastSeal + 1, 'truncated');
  }
  return { findings: found.sort((a, b) => a.seq - b.seq), unsealed: fresh };
};

/** Rows that are not what their place asks for, and how many at the end wait for the sealer. */
const sorted = async (
  piece: Piece,
  hashAt: (seq: number) => string | undefined,
  fits: (row: ChainRow, seq: number) => Promise<boolean>,
): Promise<{ suspects: ChainRow[]; fresh: number }> => {
  const suspects: ChainRow[] = [];
  let fresh = 0;
  for (const row of piece.rows) {
    if (piece.seals.has(row.seq)) {
      // Without the seal before it a row cannot be checked; that the seal is missing is found by itself.
      if (hashAt(row.seq - 1) !== undefined && !(await fits(row, row.seq))) suspects.push(row);
    } else if (row.seq > piece.lastSeal && Number.isInteger(row.seq) && !sealedAtOnce(piece.stream)) fresh += 1;
    else suspects.push(row);
  }
  return { suspects, fresh };
};

/** For each place that has the wrong row or none: the row that was sealed there and stands elsewhere. */
const rightful = async (
  suspects: readonly ChainRow[],
  missing: readonly number[],
  fits: (row: ChainRow, seq: number) => Promise<boolean>,
): Promise<Map<number, ChainRow>> => {
  const places = [...new Set([...missing, ...suspects.map(({ seq }) => seq)])];
  const takenBy = new Map<number, ChainRow>();
  if (places.length > maxSuspects) return takenBy;
  for (const row of suspects) {
    for (const seq of places) if (seq !== row.seq && (await fits(row, seq))) takenBy.set(seq, row);
  }
  return takenBy;
};

/** The first number of each gap between the numbers after `from`. */
const holes = (from: number, numbers: readonly number[]): number[] => {
  const known = [...new Set(numbers)].filter((seq) => Number.isInteger(seq) && seq > from).sort(ascending);
  return known.map((seq, index) => [seq, (known[index - 1] ?? from) + 1] as const).flatMap(holeBefore);
};

const holeBefore = ([seq, expected]: readonly [number, number]): number[] => (seq === expected ? [] : [expected]);

const ascending = (a: number, b: number): number => a - b;
