import type { ChainRow } from '../../domain/audit-chain.ts';
import type { ExportEnd, ExportedPlace } from '../../domain/audit-export.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { loadSlice, type Place } from './slice.ts';

const rowsAtOnce = 1_000;
/** D1 answers a thousand queries to one request, and each step takes a batch of three and one more. */
const maxSteps = 200;

/** The audit, or one stream of it, as NDJSON: a line for each number, with its row and its hash if they are there. */
export const exportLines = (d1: D1Database, stream: string | null, from: Place | null): ReadableStream<Uint8Array> => {
  const utf8 = new TextEncoder();
  let after = from;
  let steps = 0;
  return new ReadableStream({
    async pull(controller) {
      const slice = await loadSlice(d1, after, stream, rowsAtOnce);
      steps += 1;
      controller.enqueue(utf8.encode(linesOf(slice.rows, slice.seals)));
      after = slice.end;
      if (after !== null && steps < maxSteps) return;
      // A file without this line was cut on its way.
      const next = after === null ? null : toBase64Url(utf8.encode(JSON.stringify(after)));
      controller.enqueue(utf8.encode(`${JSON.stringify({ end: true, next } satisfies ExportEnd)}\n`));
      controller.close();
    },
  });
};

const linesOf = (
  rows: readonly ChainRow[],
  seals: readonly { stream: string; seq: number; hash: string }[],
): string => {
  const places = new Map<string, ExportedPlace>();
  for (const row of rows) places.set(`${row.stream} ${row.seq}`, { stream: row.stream, seq: row.seq, row, hash: null });
  for (const { stream, seq, hash } of seals) {
    const key = `${stream} ${seq}`;
    places.set(key, { stream, seq, row: places.get(key)?.row ?? null, hash });
  }
  const inOrder = [...places.values()].sort((a, b) =>
    a.stream === b.stream ? a.seq - b.seq : a.stream < b.stream ? -1 : 1,
  );
  return inOrder.map((place) => `${JSON.stringify(place)}\n`).join('');
};
