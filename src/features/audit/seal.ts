import { type ChainRow, noHash, type Seal, sealRows, withoutGap } from '../../domain/audit-chain.ts';
import { report } from '../../http/log.ts';
import { sha256 } from './digest.ts';

const streamsAtOnce = 200;
const rowsAtOnce = 1_000;
/** A run ends after this many rows; what is left is for the next, a minute later. */
const maxRows = 50_000;

interface Head {
  readonly stream: string;
  readonly seq: number;
  readonly hash: string;
}

const nextStreams = `
  SELECT waiting.stream,
    coalesce((SELECT seq FROM audit_seals WHERE stream = waiting.stream ORDER BY seq DESC LIMIT 1), 0) AS seq,
    coalesce((SELECT hash FROM audit_seals WHERE stream = waiting.stream ORDER BY seq DESC LIMIT 1), ?2) AS hash
  FROM (SELECT stream FROM audit_unsealed WHERE stream > ?1 ORDER BY stream LIMIT ${streamsAtOnce}) AS waiting`;

const rowsAfter = `
  SELECT rows.stream, rows.seq, at_ms AS atMs, actor_id AS actorId, actor_role AS actorRole, action,
    subject_id AS subjectId, data
  FROM json_each(?1) AS head CROSS JOIN audit_events AS rows
    ON rows.stream = head.value ->> '$.stream' AND rows.seq > head.value ->> '$.seq'
  ORDER BY head.key, rows.seq LIMIT ${rowsAtOnce}`;

const insertSeals = `
  INSERT INTO audit_seals (stream, seq, hash)
  SELECT value ->> '$.stream', value ->> '$.seq', value ->> '$.hash' FROM json_each(?1) WHERE true
  ON CONFLICT DO NOTHING`;

/** A stream stays marked while it has a row after its last seal: one that came meanwhile, or one behind a gap. */
const unmark = `
  DELETE FROM audit_unsealed WHERE stream IN (SELECT value ->> '$.stream' FROM json_each(?1)) AND NOT EXISTS (
    SELECT 1 FROM audit_events WHERE stream = audit_unsealed.stream
      AND seq > coalesce((SELECT max(seq) FROM audit_seals WHERE stream = audit_unsealed.stream), 0)
  )`;

/**
 * Chains what was recorded since the last run; for the cron of every minute. Doctor-days seal their own streams. Two
 * runs at once compute the same hashes from the same rows, so they do no harm. A gap in a stream is reported and never
 * sealed over.
 *
 * @returns how many rows were sealed
 */
export const sealWaiting = async (d1: D1Database): Promise<number> => {
  let after = '';
  let sealed = 0;
  while (sealed < maxRows) {
    const { results: heads } = await d1.prepare(nextStreams).bind(after, noHash).all<Head>();
    const last = heads.at(-1);
    if (last === undefined) break;
    const { results: rows } = await d1.prepare(rowsAfter).bind(JSON.stringify(heads)).all<ChainRow>();
    const seals = await sealsOf(heads, rows);
    await d1.batch([
      d1.prepare(insertSeals).bind(JSON.stringify(seals)),
      d1.prepare(unmark).bind(JSON.stringify(heads)),
    ]);
    sealed += seals.length;
    // A full page may have ended within a stream: that one is looked at again, unless nothing of it could be sealed.
    const cut = rows.length === rowsAtOnce ? rows.at(-1)?.stream : undefined;
    const again = cut !== undefined && seals.some(({ stream }) => stream === cut);
    after = cut === undefined ? last.stream : again ? streamBefore(heads, cut, after) : cut;
  }
  return sealed;
};

const sealsOf = async (heads: readonly Head[], rows: readonly ChainRow[]): Promise<Seal[]> => {
  const byStream = Map.groupBy(rows, ({ stream }) => stream);
  const seals: Seal[] = [];
  for (const { stream, seq, hash } of heads) {
    const own = byStream.get(stream) ?? [];
    const follow = withoutGap(own, seq);
    if (follow.length < own.length) report('audit_gap', { stream, after: seq + follow.length });
    seals.push(...(await sealRows(sha256, hash, follow)));
  }
  return seals;
};

const streamBefore = (heads: readonly Head[], stream: string, otherwise: string): string =>
  heads[heads.findIndex((head) => head.stream === stream) - 1]?.stream ?? otherwise;
