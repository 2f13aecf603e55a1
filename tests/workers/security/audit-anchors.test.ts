import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { jobs } from '../../../src/cron.ts';
import { database } from '../../../src/db/client.ts';
import type { ChainRow, Seal } from '../../../src/domain/audit-chain.ts';
import { noHash, sealRows } from '../../../src/domain/audit-chain.ts';
import { examineExport } from '../../../src/domain/audit-export.ts';
import { addDays, utcDate } from '../../../src/domain/local-date.ts';
import { readAnchor, writeAnchor } from '../../../src/features/audit/anchors.ts';
import { sha256 } from '../../../src/features/audit/digest.ts';
import { auditStatement } from '../../../src/features/audit/record.ts';
import { sealWaiting } from '../../../src/features/audit/seal.ts';
import { verifyStep } from '../../../src/features/audit/verify.ts';
import { runDue } from '../../../src/jobs/run.ts';
import { send } from '../../support/api.ts';
import { emptyStorage } from '../../support/empty-storage.ts';
import { runDaily, runEveryMinute } from '../../support/jobs.ts';
import { admin, type Person } from '../../support/people.ts';
import { tamper } from '../../support/tamper.ts';

const nowMs = Date.UTC(2026, 10, 30, 2, 23);
const dayMs = 86_400_000;
const stream = 'clinic:c_anchored';
let boss: Person;

beforeEach(async () => {
  await emptyStorage();
  boss = await admin();
  await write(stream, 6);
});
afterEach(() => vi.restoreAllMocks());

const write = async (name: string, count: number): Promise<void> => {
  const db = database(env.DB);
  for (let n = 0; n < count; n += 1) {
    await auditStatement(db, {
      stream: name,
      actor: null,
      action: 'test.happened',
      subjectId: null,
      data: { n },
      atMs: n,
    });
  }
  await sealWaiting(env.DB);
};

/** Everything that checking names, a few rows at a time. */
const verdict = async (anchorDate: string | null = null, limit = 7): Promise<string[]> => {
  const found: string[] = [];
  let after: Parameters<typeof verifyStep>[1]['after'] = null;
  do {
    const step = await verifyStep(env, { after, stream: null, anchorDate }, limit);
    if (step === null) throw new Error('there is no such anchor');
    found.push(...step.findings.map((finding) => `${finding.stream} ${finding.seq} ${finding.fault}`));
    if (step.anchor?.intact === false) found.push('anchor damaged');
    after = step.next;
  } while (after !== null);
  return found;
};

/** What somebody does who knows how the chain is made: edits a row and computes every hash after it anew. */
const rewrite = async (seq: number): Promise<void> => {
  const { results } = await env.DB.prepare(
    `SELECT stream, seq, at_ms AS atMs, actor_id AS actorId, actor_role AS actorRole, action, subject_id AS subjectId, data
     FROM audit_events WHERE stream = ? ORDER BY seq`,
  )
    .bind(stream)
    .all<ChainRow>();
  const rows = results.map((row) => (row.seq === seq ? { ...row, actorId: 'u_somebody_else' } : row));
  const seals = await sealRows(sha256, noHash, rows);
  await tamper(
    `UPDATE audit_events SET actor_id = 'u_somebody_else' WHERE stream = '${stream}' AND seq = ${seq}`,
    ...seals.map(
      ({ seq: n, hash }) => `UPDATE audit_seals SET hash = '${hash}' WHERE stream = '${stream}' AND seq = ${n}`,
    ),
  );
};
const both = (where: string): string[] =>
  ['audit_events', 'audit_seals'].map((table) => `DELETE FROM ${table} ${where}`);

describe('an intruder who computes the chain anew', () => {
  test('[AU11] is found by the anchor, and not without one', async () => {
    await rewrite(3);
    expect(await verdict()).toEqual([]);
    await rewrite(2);
    await writeAnchor(env, nowMs);
    await rewrite(4);
    expect(await verdict()).toEqual([`${stream} 6 rewritten`]);
  });

  test('[AU11] cuts the end off, hashes and all: found by the anchor', async () => {
    await writeAnchor(env, nowMs);
    await tamper(...both(`WHERE stream = '${stream}' AND seq > 4`));
    expect(await verdict()).toEqual([`${stream} 5 truncated`]);
    await tamper(...both(`WHERE stream = '${stream}'`));
    expect(await verdict()).toEqual([`${stream} 1 truncated`]);
  });

  test('[AU11] waits for the next anchor: that one says that it does not follow, and the older one still shows it', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await writeAnchor(env, nowMs);
    await rewrite(3);
    await writeAnchor(env, nowMs + dayMs);
    expect(errors.mock.calls.flat().join()).toContain('"what":"audit_broken"');
    const date = utcDate(nowMs);
    expect(await readAnchor(env.AUDIT_ANCHORS, addDays(date, 1))).toMatchObject({ broken: 1, previous: { date } });
    expect(await verdict()).toEqual([]);
    expect(await verdict(date)).toEqual([`${stream} 6 rewritten`]);
  });

  test('[AU11] changes what was anchored: the hashes that the parts and the days are known by show it', async () => {
    const date = utcDate(nowMs);
    const anchor = await writeAnchor(env, nowMs);
    const part = `heads/${anchor?.parts[0]?.sha256}.ndjson`;
    const text = (await (await env.AUDIT_ANCHORS.get(part))?.text()) ?? '';
    await env.AUDIT_ANCHORS.put(part, text.replace('"seq":6', '"seq":5'));
    expect(await verdict()).toContain('anchor damaged');
    await env.AUDIT_ANCHORS.put(part, text);
    expect(await verdict()).toEqual([]);
    await env.AUDIT_ANCHORS.put(`days/${date}.json`, JSON.stringify({ ...anchor, broken: 7 }));
    expect(await verdict()).toContain('anchor damaged');
    await env.AUDIT_ANCHORS.put(`days/${date}.json`, 'no json');
    expect((await send('GET', '/admin/audit/verify', { as: boss })).status).toBe(200);
    expect(await verdict()).toContain('anchor damaged');
  });
});

describe('the anchor of a day', () => {
  test('[AU11] is never written twice, nor over another', async () => {
    const [first, second] = await Promise.all([writeAnchor(env, nowMs), writeAnchor(env, nowMs)]);
    expect([first, second].filter((anchor) => anchor !== null)).toHaveLength(1);
    await write(stream, 1);
    expect(await writeAnchor(env, nowMs + 1_000)).toBeNull();
    expect(await readAnchor(env.AUDIT_ANCHORS, utcDate(nowMs))).toEqual(first ?? second);
  });

  test('[AU11] comes by the daily cron, which goes on without it when R2 fails', async () => {
    await runDaily(env, nowMs);
    expect(await readAnchor(env.AUDIT_ANCHORS, utcDate(nowMs))).toMatchObject({ broken: 0, previous: null });
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(env.AUDIT_ANCHORS, 'head').mockRejectedValue(new Error('R2 is out of reach'));
    const nightly = jobs.filter(({ every }) => every === 'day');
    await env.DB.prepare('DELETE FROM jobs').run();
    await runDue(env, nightly, nowMs + dayMs);
    expect(errors.mock.calls.flat().join()).toMatch(/"job_failed","job":"anchor_audit"/);
    const { results } = await env.DB.prepare("SELECT job FROM job_runs WHERE outcome = 'succeeded'").all();
    expect(results).toEqual(expect.arrayContaining([{ job: 'forget_dead_letters' }]));
  });

  test('[AU11] holds the heads of more streams than one part takes, and each page is compared with its own', async () => {
    const streams = Array.from({ length: 2_300 }, (_, i) => `clinic:c_${String(i).padStart(5, '0')}`);
    await env.DB.prepare(
      `INSERT INTO audit_events (stream, seq, at_ms, actor_role, action, data)
       SELECT value, 1, 1, 'system', 'test.happened', '{}' FROM json_each(?)`,
    )
      .bind(JSON.stringify(streams))
      .run();
    await sealWaiting(env.DB);
    const anchor = await writeAnchor(env, nowMs, 500);
    expect(anchor?.parts.length).toBeGreaterThanOrEqual(5);
    expect(anchor?.parts.reduce((sum, part) => sum + part.streams, 0)).toBeGreaterThan(2_300);
    expect(await verdict(null, 400)).toEqual([]);
    await tamper(...both(`WHERE stream IN ('clinic:c_00499', 'clinic:c_00500', 'clinic:c_02299')`));
    expect(await verdict(null, 400)).toEqual(
      ['clinic:c_00499', 'clinic:c_00500', 'clinic:c_02299'].map((name) => `${name} 1 truncated`),
    );
  });
});

describe('the sealer', () => {
  test('[AU9] seals within the minute what was written, many streams and long ones, and again changes nothing', async () => {
    const names = Array.from({ length: 250 }, (_, i) => `clinic:c_many${i}`);
    const json = JSON.stringify(
      names.flatMap((name) => Array.from({ length: name.endsWith('7') ? 60 : 2 }, (_, i) => [name, i + 1])),
    );
    await env.DB.prepare(
      `INSERT INTO audit_events (stream, seq, at_ms, actor_role, action, data)
       SELECT value ->> 0, value ->> 1, 1, 'system', 'test.happened', '{}' FROM json_each(?)`,
    )
      .bind(json)
      .run();
    await runEveryMinute(env, nowMs);
    const count = (table: string) => env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>('n');
    expect(await count('audit_seals')).toBe(await count('audit_events'));
    expect(await count('audit_unsealed')).toBe(0);
    expect(await sealWaiting(env.DB)).toBe(0);
    expect(await verdict(null, 500)).toEqual([]);
  });

  test('[AU9] two at once make one chain', async () => {
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        auditStatement(database(env.DB), {
          stream: `clinic:c_${i % 3}`,
          actor: null,
          action: 'test.happened',
          subjectId: null,
          data: {},
          atMs: i,
        }),
      ),
    );
    await Promise.all([sealWaiting(env.DB), sealWaiting(env.DB), sealWaiting(env.DB)]);
    expect(await verdict()).toEqual([]);
  });

  test('[AU9] never seals over a row that is gone, and says so', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const db = database(env.DB);
    const row = (n: number) =>
      auditStatement(db, { stream, actor: null, action: 'test.happened', subjectId: null, data: { n }, atMs: n });
    await db.batch([row(7), row(8), row(9)]);
    await tamper(`DELETE FROM audit_events WHERE stream = '${stream}' AND seq = 8`);
    await sealWaiting(env.DB);
    expect(errors.mock.calls.flat().join()).toContain('"what":"audit_gap"');
    expect(await verdict()).toEqual([`${stream} 8 deleted`]);
  });
});

describe('the export', () => {
  const download = async (path: string): Promise<string[]> => {
    const response = await send('GET', path, { as: boss });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    return new TextDecoder()
      .decode(await response.arrayBuffer())
      .trimEnd()
      .split('\n');
  };
  const headsOf = (lines: readonly string[]): Seal[] => lines.slice(1).map((line) => JSON.parse(line) as Seal);

  test('[AU12] holds all that is needed to check it elsewhere, and so does the anchor', async () => {
    await writeAnchor(env, Date.now());
    const { dates } = await (await send('GET', '/admin/audit/anchors', { as: boss })).json<{ dates: string[] }>();
    expect(dates).toEqual([utcDate(Date.now())]);
    const heads = headsOf(await download(`/admin/audit/anchors/${dates[0]}`));
    expect(heads.map((head) => head.stream)).toContain(stream);
    const whole = await examineExport(sha256, await download('/admin/audit/export'), heads);
    expect(whole).toMatchObject({ findings: [], fault: null });
    expect(whole.rows).toBeGreaterThan(8);
    await rewrite(3);
    const { findings } = await examineExport(
      sha256,
      await download(`/admin/audit/export?stream=${stream}`),
      heads.filter((head) => head.stream === stream),
    );
    expect(findings).toEqual([{ stream, seq: 6, fault: 'rewritten' }]);
  });

  test('[AU12] there is no anchor of a day without one', async () => {
    expect((await send('GET', '/admin/audit/anchors/2020-01-01', { as: boss })).status).toBe(404);
    expect((await send('GET', '/admin/audit/anchors/days', { as: boss })).status).toBe(404);
    expect((await send('GET', '/admin/audit/verify?anchor=2020-01-01', { as: boss })).status).toBe(404);
    expect((await send('GET', '/admin/audit/verify?anchor=x', { as: boss })).status).toBe(400);
  });
});
