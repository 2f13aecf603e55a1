import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { crons, jobs, ring } from '../../../src/cron.ts';
import { database } from '../../../src/db/client.ts';
import type { Cadence } from '../../../src/domain/job-schedule.ts';
import { claimJob } from '../../../src/jobs/claim.ts';
import type { Job } from '../../../src/jobs/job.ts';
import { runDue } from '../../../src/jobs/run.ts';
import { send } from '../../support/api.ts';
import { signedIn } from '../../support/clinic.ts';
import { admin, type Person, patient } from '../../support/people.ts';

let boss: Person;
beforeAll(async () => {
  boss = await admin();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A nightly turn, two minutes to it, and a time of its own for every test. */
const night = Date.UTC(2031, 2, 4, 2, 23);

let made = 0;
const jobOf = (every: Cadence, work: Job['work'] = async () => ({ done: 1 })) => {
  made += 1;
  const spy = vi.fn(work);
  return { name: `test_${made}_${crypto.randomUUID().slice(0, 8)}`, every, description: 'A test.', work: spy };
};
const failing =
  (error = new TypeError('Nadia Islam has no address')) =>
  async () => {
    throw error;
  };
const row = (job: Job) => env.DB.prepare('SELECT * FROM jobs WHERE name = ?').bind(job.name).first();
const runsOf = async (job: Job) =>
  (await env.DB.prepare('SELECT * FROM job_runs WHERE job = ? ORDER BY started_at_ms').bind(job.name).all()).results;
const silently = () => vi.spyOn(console, 'error').mockImplementation(() => undefined);

describe('a job', () => {
  it('[JB2] runs once, however many crons come together', async () => {
    const job = jobOf('minute');
    await Promise.all(Array.from({ length: 12 }, () => runDue(env, [job], night)));
    await runDue(env, [job], night + 20_000);
    expect(job.work).toHaveBeenCalledTimes(1);
    await Promise.all(Array.from({ length: 3 }, () => runDue(env, [job], night + minuteMs)));
    expect(job.work).toHaveBeenCalledTimes(2);
    // A cron of before comes late.
    await runDue(env, [job], night);
    expect(job.work).toHaveBeenCalledTimes(2);
  });

  it('[JB3] that never ended runs again when its claim has lapsed, and is recorded as crashed', async () => {
    silently();
    for (const [every, leaseMs] of [
      ['minute', 3 * minuteMs],
      ['day', 20 * minuteMs],
    ] as const) {
      const job = jobOf(every);
      const runId = await claimJob(database(env.DB), job, 'due', night);
      await runDue(env, [job], night + leaseMs - 1_000);
      expect(job.work).not.toHaveBeenCalled();
      await Promise.all([1, 2, 3].map(() => runDue(env, [job], night + leaseMs + 1_000)));
      expect(job.work).toHaveBeenCalledTimes(1);
      expect((await runsOf(job))[0]).toMatchObject({ id: runId, outcome: 'crashed', duration_ms: leaseMs });
      expect(await row(job)).toMatchObject({ outcome: 'succeeded', runs: 2, failures: 1, failures_in_row: 0 });
    }
  });

  it('[JB3] that ends after its claim has lapsed does not end the run that took its place', async () => {
    silently();
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const works = [async () => slow.then(() => ({ first: 1 })), async () => ({ second: 2 })];
    const job = jobOf('day', () => (works.shift() ?? failing())());
    const first = runDue(env, [job], night);
    await vi.waitFor(() => expect(job.work).toHaveBeenCalledTimes(1));
    await runDue(env, [job], night + 30 * minuteMs);
    const between = await row(job);
    finish();
    await first;
    expect(await row(job)).toEqual(between);
    expect(between).toMatchObject({ counts: '{"second":2}', failures_in_row: 0 });
  });

  it('[JB4] that fails or hangs stops no other, and says no more than the name of its error', async () => {
    const errors = silently();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [fails, hangs, works] = [
      jobOf('minute', failing()),
      jobOf('minute', () => new Promise(() => undefined)),
      jobOf('minute'),
    ];
    const ran = runDue(env, [fails, hangs, works], night);
    while (hangs.work.mock.calls.length === 0) await scheduler.wait(5);
    vi.advanceTimersByTime(61_000);
    await ran;
    expect(works.work).toHaveBeenCalledTimes(1);
    expect(await row(fails)).toMatchObject({ outcome: 'failed', error: 'TypeError' });
    expect(await row(hangs)).toMatchObject({ outcome: 'failed', error: 'JobTookTooLong' });
    expect(await row(works)).toMatchObject({ outcome: 'succeeded', error: null, counts: '{"done":1}' });
    const said = JSON.stringify([errors.mock.calls, await row(fails), await runsOf(fails)]);
    expect(said).toContain('job_failed');
    expect(said).not.toContain('Nadia');
  });

  it('[JB4] whose record D1 does not take stops no other', async () => {
    silently();
    const [unlucky, lucky] = [jobOf('minute'), jobOf('minute')];
    const prepare = env.DB.prepare.bind(env.DB);
    let broken = 1;
    vi.spyOn(env.DB, 'prepare').mockImplementation((sql) => {
      if (/^insert into "jobs"/.test(sql) && broken-- > 0) throw new Error('D1_ERROR: Network connection lost.');
      return prepare(sql);
    });
    await runDue(env, [unlucky, lucky], night);
    expect([unlucky.work.mock.calls.length, lucky.work.mock.calls.length]).toEqual([0, 1]);
  });

  it('[JB5] of the night that failed is tried again later and later, until it succeeds; then the next night', async () => {
    silently();
    let works = false;
    const job = jobOf('day', async () => (works ? { done: 1 } : failing()()));
    const due = async (): Promise<number> => (Number((await row(job))?.due_at_ms) - night) / minuteMs;
    await runDue(env, [job], night);
    expect(await due()).toBeCloseTo(5, 1);
    await runDue(env, [job], night + 4 * minuteMs);
    expect(job.work).toHaveBeenCalledTimes(1);
    await runDue(env, [job], night + 6 * minuteMs);
    expect(await due()).toBeCloseTo(16, 1);
    works = true;
    await runDue(env, [job], night + 17 * minuteMs);
    expect(job.work).toHaveBeenCalledTimes(3);
    expect(await due()).toBe(24 * 60);
  });

  it('[JB5] whose own cron does not come is run by the one of the minute, but not before ten minutes', async () => {
    const job = jobOf('day');
    await runDue(env, [job], night);
    await runDue(env, [job], night + dayMs + 9 * minuteMs, 10 * minuteMs);
    expect(job.work).toHaveBeenCalledTimes(1);
    await runDue(env, [job], night + dayMs + 10 * minuteMs, 10 * minuteMs);
    expect(job.work).toHaveBeenCalledTimes(2);
  });

  it('[JB6] leaves a row for each run of a night, and of the minute for those that fail; numbers for all', async () => {
    silently();
    let n = 0;
    const nightly = jobOf('day', async () => ({ deleted: 7 }));
    const often = jobOf('minute', async () => {
      n += 1;
      return n === 2 ? failing()() : { sent: n };
    });
    for (let i = 0; i < 4; i += 1) {
      await runDue(env, [nightly], night + i * dayMs);
      await runDue(env, [often], night + i * minuteMs);
    }
    const kept = await runsOf(nightly);
    expect(kept.map(({ started_at_ms, outcome, counts }) => [Number(started_at_ms) - night, outcome, counts])).toEqual(
      [0, 1, 2, 3].map((i) => [expect.closeTo(i * dayMs, -3), 'succeeded', '{"deleted":7}']),
    );
    expect((await runsOf(often)).map(({ outcome }) => outcome)).toEqual(['failed']);
    expect(await row(often)).toMatchObject({ runs: 4, failures: 1, failures_in_row: 0, counts: '{"sent":4}' });
  });

  it('[JB7] that fails is raised at the hook: of the night at once, of the minute the third time', async () => {
    silently();
    const raise = vi.fn(async (_alerts: unknown) => undefined);
    const alerting = {
      ...env,
      ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/hook',
      ALERT_WEBHOOK_SECRET: `whsec_${btoa('x'.repeat(32))}`,
      ALERT_RELAY: { getByName: () => ({ raise }) },
    } as unknown as Env;
    const [nightly, often] = [jobOf('day', failing()), jobOf('minute', failing())];
    await runDue(alerting, [nightly], night);
    const told = {
      event: 'job.failed',
      subjectId: nightly.name,
      reason: 'TypeError',
      count: 1,
      at: expect.any(String),
    };
    expect(raise.mock.calls).toEqual([[[told]]]);
    for (let i = 0; i < 4; i += 1) await runDue(alerting, [often], night + i * minuteMs);
    expect(raise.mock.calls.slice(1)).toEqual([[[expect.objectContaining({ subjectId: often.name, count: 3 })]]]);
  });
});

describe('the jobs that there are', () => {
  it('[JB1] have names of their own, and every one that the clock does is rung for', async () => {
    const names = jobs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    await env.DB.prepare('DELETE FROM jobs').run();
    for (const cron of Object.keys(crons)) await ring(env, cron, Date.now());
    const { results } = await env.DB.prepare('SELECT name, outcome, error FROM jobs').all<{ name: string }>();
    const known = results.filter(({ name }) => names.includes(name));
    expect(known).toHaveLength(names.length);
    expect(known.filter((job) => 'outcome' in job && job.outcome !== 'succeeded')).toEqual([]);
  });

  it('[JB10] include one a week that deletes sessions and refresh tokens that have run out, and one for codes', async () => {
    const person = await patient();
    const count = (table: string) =>
      env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE expires_at_ms < 1000`).first<number>('n');
    await env.DB.batch([
      env.DB.prepare(
        'UPDATE refresh_tokens SET expires_at_ms = 1 WHERE session_id IN (SELECT id FROM sessions WHERE account_id = ?)',
      ).bind(person.id),
      env.DB.prepare('UPDATE sessions SET expires_at_ms = 1 WHERE account_id = ?').bind(person.id),
      env.DB.prepare(
        "INSERT INTO challenges (id, kind, subject, created_at_ms, expires_at_ms, tries_left) VALUES ('old', 'reset', 'x', 1, 1, 1)",
      ),
    ]);
    for (const name of ['forget_sessions', 'forget_codes']) {
      expect(jobs.find((job) => job.name === name)?.every).toBe('week');
      const ran = await send('POST', `/admin/jobs/${name}/run`, { as: boss });
      expect(await ran.json()).toMatchObject({ outcome: 'succeeded' });
    }
    expect(await Promise.all(['refresh_tokens', 'sessions', 'challenges'].map(count))).toEqual([0, 0, 0]);
  });

  it('[JB12] include one that revokes feeds that nobody has fetched for a year, and no other', async () => {
    const person = await patient();
    const opens = async () =>
      (await (await send('POST', '/calendar-feeds', { as: person, body: { label: 'Phone' } })).json<{ id: string }>())
        .id;
    const [unused, fetched, rotated, fresh] = [await opens(), await opens(), await opens(), await opens()];
    const [longAgo, lately] = [Date.now() - 366 * dayMs, Date.now() - 300 * dayMs];
    const set = env.DB.prepare(
      'UPDATE calendar_feeds SET created_at_ms = ?, last_fetched_at_ms = ?, rotated_at_ms = ? WHERE id = ?',
    );
    await env.DB.batch([
      set.bind(longAgo, null, null, unused),
      set.bind(longAgo, lately, null, fetched),
      set.bind(longAgo, longAgo, lately, rotated),
    ]);
    const ran = await send('POST', '/admin/jobs/forget_feeds/run', { as: boss });
    expect(await ran.json()).toMatchObject({ outcome: 'succeeded', counts: { revoked: 1 } });
    const { results } = await env.DB.prepare('SELECT id FROM calendar_feeds WHERE account_id = ?')
      .bind(person.id)
      .all();
    expect(results.map(({ id }) => id).sort()).toEqual([fetched, rotated, fresh].sort());
    const said = await env.DB.prepare(
      "SELECT subject_id FROM audit_events WHERE action = 'calendar_feed.forgotten'",
    ).all();
    expect(said.results).toContainEqual({ subject_id: unused });
  });

  it('[JB10] include one that forgets runs after 180 days, and jobs that there are no more', async () => {
    const gone = jobOf('day');
    await runDue(env, [gone], Date.now() - 181 * dayMs);
    await runDue(env, [gone], Date.now() - 170 * dayMs);
    await send('POST', '/admin/jobs/forget_job_runs/run', { as: boss });
    expect([(await runsOf(gone)).length, await row(gone)]).toEqual([1, null]);
  });
});

describe('an admin for the system', () => {
  const get = async (path: string, as: { readonly token: string } = boss) => {
    const answer = await send('GET', path, { as });
    // biome-ignore lint/suspicious/noExplicitAny: the point of a story is to read any answer.
    return { status: answer.status, body: await answer.json<any>() };
  };
  const path = '/admin/jobs/forget_answers';

  it('[JB8] runs a job by hand, due or not, and finds it in the list, among its runs and in the audit', async () => {
    const answer = await send('POST', `${path}/run`, { as: boss });
    const run = await answer.json<{ id: string }>();
    expect([answer.status, run]).toEqual([
      200,
      expect.objectContaining({
        outcome: 'succeeded',
        askedBy: boss.id,
        error: null,
        counts: { deleted: expect.any(Number) },
      }),
    ]);
    expect((await get(`${path}/runs`)).body.items[0]).toEqual(run);
    const { items, nextCursor } = (await get('/admin/jobs')).body;
    expect([items.map(({ name }: Job) => name), nextCursor]).toEqual([jobs.map(({ name }) => name), null]);
    const listed = items.find(({ name }: Job) => name === 'forget_answers');
    expect(listed).toMatchObject({ every: 'day', running: false, failuresInRow: 0, lastRun: { outcome: 'succeeded' } });
    expect(Date.parse(listed.nextRunAt)).toBeGreaterThan(Date.now());
    const { body: audit } = await get(`/admin/audit?stream=account:${boss.id}`);
    expect(audit.items).toContainEqual(
      expect.objectContaining({
        action: 'job.run',
        subjectId: 'forget_answers',
        data: { run: run.id, from: expect.anything() },
      }),
    );
  });

  it('[JB8] leafs through its runs, newest first, each once', async () => {
    for (let i = 0; i < 3; i += 1) await send('POST', `${path}/run`, { as: boss });
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`${path}/runs?limit=2${cursor}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('[JB8] does not run what is running, nor what there is not; and nobody else may', async () => {
    const job = jobs.find(({ name }) => name === 'forget_answers');
    if (job === undefined) throw new Error('no such job');
    await claimJob(database(env.DB), job, 'now', Date.now());
    const answer = await send('POST', `${path}/run`, { as: boss });
    expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([409, 'job_running']);
    expect((await get('/admin/jobs')).body.items).toContainEqual(
      expect.objectContaining({ name: 'forget_answers', running: true }),
    );
    await env.DB.prepare("UPDATE jobs SET run_id = NULL, claimed_until_ms = NULL WHERE name = 'forget_answers'").run();
    expect((await send('POST', '/admin/jobs/no_such_job/run', { as: boss })).status).toBe(404);
    expect((await get('/admin/jobs/no_such_job/runs')).status).toBe(404);
    const others = [await patient(), await signedIn(boss.id, 'admin', { permissions: ['users', 'audit'] })];
    for (const as of others) {
      expect((await get('/admin/jobs', as)).status).toBe(403);
      expect((await send('POST', `${path}/run`, { as })).status).toBe(403);
    }
  });

  it('[JB8] gets a run that failed as an answer', async () => {
    silently();
    vi.spyOn(env.AUDIT_ANCHORS, 'head').mockRejectedValue(new RangeError('R2 is out of reach'));
    const answer = await send('POST', '/admin/jobs/anchor_audit/run', { as: boss });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ outcome: 'failed', error: 'RangeError', counts: {} }),
    ]);
  });
});
