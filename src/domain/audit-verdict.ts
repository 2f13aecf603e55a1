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
  /** The last seal before the piece, if the piece begins within a stream. */
  readonly before: Seal | null;
  /** Whether the last stream goes on after the piece. */
  readonly continues: boolean;
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
  const findings: Finding[] = [];
  let unsealed = 0;
  for (const stream of streams) {
    const verdict = await examineStream(digest, {
      stream,
      rows: rows.get(stream) ?? [],
      seals: new Map((seals.get(stream) ?? []).map(({ seq, hash }) => [seq, hash])),
      anchors: anchors.get(stream) ?? [],
      before: slice.before?.stream === stream ? slice.before : { stream, seq: 0, hash: noHash },
      continues: slice.continues && stream === streams.at(-1),
    });
    findings.push(...verdict.findings);
    unsealed += verdict.unsealed;
  }
  return { findings, unsealed };
};

interface StreamPiece {
  readonly stream: string;
  readonly rows: readonly ChainRow[];
  readonly seals: ReadonlyMap<number, string>;
  readonly anchors: readonly Seal[];
  readonly before: Seal;
  readonly continues: boolean;
}

const examineStream = async (digest: Digest, piece: StreamPiece): Promise<Verdict> => {
  const { stream, rows, seals, before } = piece;
  const hashAt = (seq: number): string | undefined => (seq === before.seq ? before.hash : seals.get(seq));
  const fits = async (row: ChainRow, seq: number): Promise<boolean> => {
    const previous = hashAt(seq - 1);
    return previous !== undefined && (await linkHash(digest, previous, { ...row, seq })) === seals.get(seq);
  };

  const lastSealed = Math.max(before.seq, ...seals.keys());
  const present = new Set(rows.map(({ seq }) => seq));
  const suspects: ChainRow[] = [];
  let unsealed = 0;
  let next = lastSealed + 1;
  const findings: Finding[] = [];
  const add = (seq: number, fault: Fault): void => void findings.push({ stream, seq, fault });

  for (const row of rows) {
    if (seals.has(row.seq)) {
      // Without the seal before it a row cannot be checked; that seal's absence is found below.
      if (hashAt(row.seq - 1) !== undefined && !(await fits(row, row.seq))) suspects.push(row);
    } else if (row.seq === next && !sealedAtOnce(stream) && !piece.continues) {
      unsealed += 1;
      next += 1;
    } else suspects.push(row);
  }

  const missing = [...seals.keys()].filter((seq) => !present.has(seq));
  const places = new Set([...missing, ...suspects.map(({ seq }) => seq)]);
  const takenBy = new Map<number, ChainRow>();
  if (places.size <= maxSuspects) {
    for (const row of suspects) {
      for (const seq of places) if (seq !== row.seq && (await fits(row, seq))) takenBy.set(seq, row);
    }
  }
  const moved = new Set(takenBy.values());
  for (const row of suspects) {
    if (moved.has(row)) add(row.seq, 'reordered');
    else add(row.seq, seals.has(row.seq) && !takenBy.has(row.seq) ? 'edited' : 'inserted');
  }

  const lastPresent = Math.max(before.seq, ...present);
  const gone = missing.filter((seq) => !takenBy.has(seq)).sort((a, b) => a - b);
  const tail = piece.continues ? [] : gone.filter((seq) => seq > lastPresent);
  for (const seq of gone) if (!tail.includes(seq)) add(seq, 'deleted');
  if (tail[0] !== undefined) add(tail[0], 'truncated');

  // A number that neither a row nor a seal has, below one that a seal has: both were deleted.
  for (let seq = before.seq + 1; seq < lastSealed; seq += 1) {
    if (!seals.has(seq)) {
      if (!present.has(seq)) add(seq, 'deleted');
      else if (!findings.some((finding) => finding.seq === seq)) add(seq, 'inserted');
    }
  }

  for (const anchor of piece.anchors) {
    const hash = hashAt(anchor.seq);
    if (hash === undefined) {
      if (anchor.seq > lastSealed) add(lastSealed + 1, 'truncated');
    } else if (hash !== anchor.hash) add(anchor.seq, 'rewritten');
  }
  return { findings: unique(findings).sort((a, b) => a.seq - b.seq), unsealed };
};

const unique = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [`${finding.seq} ${finding.fault}`, finding])).values(),
];
