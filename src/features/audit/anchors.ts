import { z } from 'zod';
import type { Seal } from '../../domain/audit-chain.ts';
import { type AnchorFacts, anchorText, headLine } from '../../domain/audit-export.ts';
import { utcDate } from '../../domain/local-date.ts';
import { raiseByClock } from '../../http/alerts.ts';
import { report } from '../../http/log.ts';
import { sha256 } from './digest.ts';
import { sealWaiting } from './seal.ts';
import { isAfter, type Place } from './slice.ts';

const headsAPart = 5_000;
const days = 'days/';
const heads = 'heads/';
/** A put that never overwrites. */
const onlyIfNew: R2PutOptions = { onlyIf: new Headers({ 'if-none-match': '*' }) };

const partSchema = z.object({ first: z.string(), last: z.string(), streams: z.int(), sha256: z.string() });
const anchorSchema = z.object({
  format: z.literal('daybook-anchor-1'),
  /** The UTC date. */
  date: z.string(),
  atMs: z.int(),
  /** The anchor before this one, so that the anchors are a chain themselves. */
  previous: z.object({ date: z.string(), digest: z.string() }).nullable(),
  /** How many heads of the anchor before were not found in the audit any more. */
  broken: z.int(),
  parts: z.array(partSchema),
  /** SHA-256 over the date, the previous digest and the hashes of the parts, a line each. */
  digest: z.string(),
});
const headSchema = z.object({ stream: z.string(), seq: z.number(), hash: z.string() });

/** What is stored is not what was anchored: it is gone, or does not have the hash that it is known by. */
export class DamagedAnchor extends Error {
  override name = 'DamagedAnchor';
}

/** The heads of all streams at one moment of a day, as they were put beyond the reach of D1. */
export type Anchor = z.output<typeof anchorSchema>;

const headsAfter = `
  SELECT stream, max(seq) AS seq, hash FROM audit_seals WHERE stream > ? GROUP BY stream ORDER BY stream LIMIT ?`;

/** Heads that D1 does not hold, or holds with another hash. */
const lostHeads = `
  SELECT count(*) AS lost FROM json_each(?1) AS head
  LEFT JOIN audit_seals ON audit_seals.stream = head.value ->> '$.stream' AND audit_seals.seq = head.value ->> '$.seq'
  WHERE audit_seals.hash IS NOT head.value ->> '$.hash'`;

/**
 * Writes the day's anchor, once: the head of every stream in parts of NDJSON that are named after their content, then
 * one object that names the parts. What is there is never overwritten, so a run that was broken off is simply made again.
 * First the anchor before is compared with the audit, and what does not hold is reported and noted in the new one.
 *
 * @param part how many heads go into one part
 * @returns the anchor that was written; `null` when the day has one
 */
export const writeAnchor = async (env: Env, nowMs: number, part = headsAPart): Promise<Anchor | null> => {
  const date = utcDate(nowMs);
  const bucket = env.AUDIT_ANCHORS;
  if ((await bucket.head(keyOf(date))) !== null) return null;
  const before = (await anchorDates(bucket)).filter((each) => each < date).at(-1);
  const previous = before === undefined ? null : await readAnchor(bucket, before);
  const broken = previous === null ? 0 : await countLost(env, previous);
  if (broken > 0) report('audit_broken', { anchor: previous?.date, heads: broken });
  const parts: Anchor['parts'] = [];
  for (let after = ''; ; ) {
    const { results } = await env.DB.prepare(headsAfter).bind(after, part).all<Seal>();
    const [first, last] = [results[0], results.at(-1)];
    if (first === undefined || last === undefined) break;
    const text = results.map(headLine).join('');
    const hash = await sha256(text);
    await bucket.put(`${heads}${hash}.ndjson`, text, onlyIfNew);
    parts.push({ first: first.stream, last: last.stream, streams: results.length, sha256: hash });
    after = last.stream;
  }
  const chained = previous === null ? null : { date: previous.date, digest: previous.digest };
  const unsigned = { format: 'daybook-anchor-1', date, atMs: nowMs, previous: chained, broken, parts } as const;
  const anchor: Anchor = { ...unsigned, digest: await digestOf(unsigned) };
  const written = await bucket.put(keyOf(date), JSON.stringify(anchor), onlyIfNew);
  return written === null ? null : anchor;
};

/** Seals what waits, and writes the day's anchor. A daily job; gives what it did in numbers. */
export const anchorDay = async (
  env: Env,
  nowMs: number,
): Promise<{ readonly sealed: number; readonly written: number; readonly broken: number }> => {
  const sealed = await sealWaiting(env.DB);
  const anchor = await writeAnchor(env, nowMs);
  if (anchor !== null && anchor.broken > 0)
    await raiseByClock(env, 'audit.broken', { subjectId: anchor.date, count: anchor.broken });
  return { sealed, written: anchor === null ? 0 : 1, broken: anchor?.broken ?? 0 };
};

/** The UTC dates that have an anchor, oldest first. */
export const anchorDates = async (bucket: R2Bucket): Promise<string[]> => {
  const dates: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await bucket.list({ prefix: days, ...(cursor === undefined ? {} : { cursor }) });
    dates.push(...page.objects.map(({ key }) => key.slice(days.length, -'.json'.length)));
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  return dates.sort();
};

/** The anchor of a date; `null` if there is none. Throws {@link DamagedAnchor}. */
export const readAnchor = async (bucket: R2Bucket, date: string): Promise<Anchor | null> => {
  const stored = await bucket.get(keyOf(date));
  if (stored === null) return null;
  const anchor = anchorSchema.safeParse(await stored.json().catch(() => null));
  if (!anchor.success || anchor.data.digest !== (await digestOf(anchor.data))) throw new DamagedAnchor(date);
  return anchor.data;
};

/** The heads of one part. Throws {@link DamagedAnchor}. */
const readPart = async (bucket: R2Bucket, part: Anchor['parts'][number]): Promise<Seal[]> => {
  const stored = await bucket.get(`${heads}${part.sha256}.ndjson`);
  const text = stored === null ? '' : await stored.text();
  if ((await sha256(text)) !== part.sha256) throw new DamagedAnchor(part.sha256);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => headSchema.parse(JSON.parse(line)));
};

/** The anchored heads after one place and up to another (`null`: to the end), of all streams or of one. */
export const headsBetween = async (
  bucket: R2Bucket,
  anchor: Anchor,
  after: Place | null,
  end: Place | null,
  only: string | null,
): Promise<Seal[]> => {
  const found: Seal[] = [];
  for (const part of anchor.parts) {
    if (after !== null && part.last < after.stream) continue;
    if (end !== null && part.first > end.stream) continue;
    if (only !== null && (part.last < only || part.first > only)) continue;
    found.push(...(await readPart(bucket, part)));
  }
  const within = (head: Seal): boolean =>
    (after === null || isAfter(head, after)) && (end === null || !isAfter(head, end));
  return found.filter((head) => within(head) && (only === null || head.stream === only));
};

/** An anchor as NDJSON: a line for itself, then one for each head. `null` if there is none of that date. */
export const anchorLines = async (bucket: R2Bucket, date: string): Promise<ReadableStream<Uint8Array> | null> => {
  const anchor = await readAnchor(bucket, date);
  if (anchor === null) return null;
  const utf8 = new TextEncoder();
  const parts = anchor.parts.values();
  return new ReadableStream({
    start: (controller) => controller.enqueue(utf8.encode(`${JSON.stringify(anchor)}\n`)),
    async pull(controller) {
      const part = parts.next().value;
      if (part === undefined) return controller.close();
      const lines = (await readPart(bucket, part)).map(headLine);
      controller.enqueue(utf8.encode(lines.join('')));
    },
  });
};

const keyOf = (date: string): string => `${days}${date}.json`;

const digestOf = (facts: AnchorFacts): Promise<string> => sha256(anchorText(facts));

const countLost = async (env: Env, anchor: Anchor): Promise<number> => {
  let lost = 0;
  for (const part of anchor.parts) {
    const json = JSON.stringify(await readPart(env.AUDIT_ANCHORS, part));
    lost += (await env.DB.prepare(lostHeads).bind(json).first<number>('lost')) ?? 0;
  }
  return lost;
};
