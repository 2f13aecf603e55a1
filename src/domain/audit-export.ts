import type { ChainRow, Digest, Seal } from './audit-chain.ts';
import { examine, type Finding } from './audit-verdict.ts';

/** A number of a stream in an exported audit: its row and its hash, as far as they are there. */
export interface ExportedPlace {
  readonly stream: string;
  readonly seq: number;
  readonly row: ChainRow | null;
  readonly hash: string | null;
}

/** The last line of an export. `next` is where the next file goes on; `null`: this is the end. */
export interface ExportEnd {
  readonly end: true;
  readonly next: string | null;
}

/** What an exported audit was found to be. */
export interface ExportVerdict {
  readonly findings: readonly Finding[];
  readonly streams: number;
  readonly rows: number;
  readonly unsealed: number;
  /** What makes the files themselves useless as proof, such as a missing end; `null` when nothing does. */
  readonly fault: string | null;
}

/** What one anchor says of its parts and the anchor before it. */
export interface AnchorFacts {
  readonly date: string;
  readonly previous: { readonly digest: string } | null;
  readonly broken: number;
  readonly parts: readonly { readonly sha256: string }[];
}

/** The text that an anchor's digest is the SHA-256 of. */
export const anchorText = ({ date, previous, broken, parts }: AnchorFacts): string =>
  [date, previous?.digest ?? '', broken, ...parts.map(({ sha256 }) => sha256)].join('\n');

/** A head as it stands in a part of an anchor, and in the text that the part's hash is of. */
export const headLine = ({ stream, seq, hash }: Seal): string => `${JSON.stringify({ stream, seq, hash })}\n`;

/**
 * Checks an exported audit, line by line, against its hashes and any number of anchors. It holds one stream at a time.
 *
 * @param lines the lines of one export, or of several that go on from each other
 */
export const examineExport = async (
  digest: Digest,
  lines: AsyncIterable<string> | Iterable<string>,
  anchors: readonly Seal[],
): Promise<ExportVerdict> => {
  const anchored = Map.groupBy(anchors, ({ stream }) => stream);
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let rows = 0;
  let unsealed = 0;
  let fault: string | null = null;
  let last: ExportEnd | null = null;
  let places: ExportedPlace[] = [];

  const close = async (stream: string): Promise<void> => {
    if (seen.has(stream)) fault ??= `the stream ${stream} comes twice`;
    seen.add(stream);
    const verdict = await examine(digest, {
      rows: places.flatMap(({ row }) => row ?? []),
      seals: places.flatMap(({ seq, hash }) => (hash === null ? [] : { stream, seq, hash })),
      anchors: anchored.get(stream) ?? [],
      after: null,
      before: null,
      tail: null,
    });
    findings.push(...verdict.findings);
    unsealed += verdict.unsealed;
    places = [];
  };

  for await (const line of lines) {
    if (line.trim() === '') continue;
    const read = readLine(line);
    if (read === null) {
      fault ??= 'a line is not of an export';
      continue;
    }
    last = 'end' in read ? read : null;
    if ('end' in read) continue;
    const open = places[0]?.stream;
    if (open !== undefined && open !== read.stream) await close(open);
    places.push(read);
    if (read.row !== null) rows += 1;
  }
  if (places[0] !== undefined) await close(places[0].stream);
  // Streams that were anchored and of which the export holds nothing.
  for (const stream of anchored.keys()) if (!seen.has(stream)) await close(stream);
  if (last === null) fault ??= 'the export was cut off: it has no last line';
  else if (last.next !== null) fault ??= `the export goes on at cursor ${last.next}: give the next file, too`;
  return { findings, streams: seen.size, rows, unsealed, fault };
};

const readLine = (line: string): ExportedPlace | ExportEnd | null => {
  try {
    const read = JSON.parse(line);
    if (read.end === true) return { end: true, next: typeof read.next === 'string' ? read.next : null };
    const { stream, seq, row, hash } = read;
    const isPlace = typeof stream === 'string' && typeof seq === 'number' && typeof row === 'object';
    if (!isPlace || (hash !== null && typeof hash !== 'string')) return null;
    return row === null || (row.stream === stream && row.seq === seq) ? { stream, seq, row, hash } : null;
  } catch {
    return null;
  }
};
