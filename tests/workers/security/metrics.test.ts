import { createExecutionContext, createMessageBatch, getQueueResult, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import dashboard from '../../../docs/grafana-dashboard.json';
import { dayName } from '../../../src/domain/ids.ts';
import { metrics } from '../../../src/features/metrics/series.ts';
import { securityEventKinds } from '../../../src/http/security-kinds.ts';
import type { Job } from '../../../src/jobs/job.ts';
import { runDue } from '../../../src/jobs/run.ts';
import worker, { DoctorDay } from '../../../src/worker.ts';
import configuration from '../../../wrangler.toml?raw';
import { practice } from '../../support/clinic.ts';
import { bearing, edge } from '../../support/edge.ts';
import { patient } from '../../support/people.ts';

afterEach(() => vi.restoreAllMocks());

const METRICS_TOKEN = 'a-token-that-only-prometheus-has';
const measured = edge({ METRICS_TOKEN }, 20);
const scraping = { headers: { authorization: `Bearer ${METRICS_TOKEN}` } };

const scrape = async (): Promise<string> => {
  const answer = await measured.ask('/metrics', scraping);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return answer.text();
};

/** The value of a series, 0 when it is not shown. */
const shownFor = (text: string, series: string): number => {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
};

/** By how much series rise while something happens. */
const rise = async (happen: () => Promise<unknown>, ...series: string[]): Promise<number[]> => {
  const before = await scrape();
  await happen();
  const after = await scrape();
  return series.map((one) => shownFor(after, one) - shownFor(before, one));
};

describe('/metrics', () => {
  it('[MT1] is no address at all without a METRICS_TOKEN', async () => {
    for (const headers of [{}, scraping.headers, { authorization: 'Bearer ' }, { authorization: 'Bearer undefined' }]) {
      const answer = await edge().ask('/metrics', { headers });
      expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([404, 'not_found']);
    }
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${METRICS_TOKEN}x`,
    `Bearer ${METRICS_TOKEN.slice(0, -1)}`,
    `Basic ${METRICS_TOKEN}`,
    METRICS_TOKEN,
    `Bearer ${METRICS_TOKEN.toUpperCase()}`,
  ])('[MT1] is closed to %j', async (authorization) => {
    const answer = await measured.ask('/metrics', { headers: { authorization } });
    expect([answer.status, await answer.text()]).toEqual([401, expect.not.stringContaining('daybook_')]);
  });

  it('[MT1] is closed to an administrator: it is not for people', async () => {
    const { token } = await patient();
    expect((await measured.ask('/metrics', { headers: bearing({ token }) })).status).toBe(401);
  });

  it('[MT2] is what Prometheus reads: each metric once, with help and type, each series once, each value a number', async () => {
    await measured.ask('/api/v1/clinics');
    const lines = (await scrape()).trimEnd().split('\n');
    const kinds = new Map<string, string>();
    const seen = new Set<string>();
    for (const line of lines) {
      const [, hash, name = '', rest = ''] = /^# (HELP|TYPE) (\w+) (.+)$/.exec(line) ?? [];
      if (hash === 'TYPE') {
        expect(kinds.has(name)).toBe(false);
        kinds.set(name, rest);
        continue;
      }
      if (hash === 'HELP') continue;
      const sample = /^(\w+)(\{(?:\w+="(?:[^"\\]|\\.)*",?)*\})? (-?\d[\d.e+-]*)$/.exec(line);
      expect(sample, line).not.toBeNull();
      const base = sample?.[1]?.replace(/_(bucket|sum|count)$/, '') ?? '';
      expect(kinds.has(base) || kinds.has(sample?.[1] ?? ''), line).toBe(true);
      expect(seen.has(`${sample?.[1]}${sample?.[2]}`), line).toBe(false);
      seen.add(`${sample?.[1]}${sample?.[2]}`);
    }
    expect(kinds.get('daybook_requests_total')).toBe('counter');
    expect(kinds.get('daybook_request_seconds')).toBe('histogram');
    expect(shownFor(lines.join('\n'), 'daybook_scrape_parts_failed')).toBe(0);
  });

  it('[MT3] counts requests by route template and status, and nothing that a caller chose', async () => {
    const secret = 'jane-doe';
    const [found, missing, strange] = await rise(
      async () => {
        await measured.ask('/api/v1/clinics');
        await measured.ask('/api/v1/clinics');
        await measured.ask(`/patients/${secret}`);
        await measured.ask('/api/v1/clinics', { method: 'PURGE' });
      },
      'daybook_requests_total{method="GET",route="/api/v1/clinics",status="200"}',
      'daybook_requests_total{method="GET",route="(no such route)",status="404"}',
      'daybook_requests_total{method="other",route="(no such route)",status="405"}',
    );
    expect([found, missing, strange]).toEqual([2, 1, 1]);
    expect(await scrape()).not.toMatch(/jane/i);
  });

  it('[MT3] counts how long requests take, in buckets that hold one another', async () => {
    const bucket = (le: string) => `daybook_request_seconds_bucket{class="search",le="${le}"}`;
    const count = 'daybook_request_seconds_count{class="search"}';
    const ask = () => measured.ask('/api/v1/clinics');
    const [all, counted, sum] = await rise(ask, bucket('+Inf'), count, 'daybook_request_seconds_sum{class="search"}');
    expect([all, counted]).toEqual([1, 1]);
    expect(sum).toBeGreaterThanOrEqual(0);
    const text = await scrape();
    const bounds = ['0.01', '0.1', '1', '10', '+Inf'].map((le) => shownFor(text, bucket(le)));
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  });

  it('[MT4] counts sign-ins that failed, and security events by kind', async () => {
    const { token } = await patient();
    const [denied, refused, failed] = await rise(
      async () => {
        await measured.ask('/api/v1/admin/audit', { headers: bearing({ token }) });
        await measured.ask('/api/v1/appointments', { headers: { authorization: 'Bearer x' } });
        await measured.post('/api/v1/auth/login', { email: 'nobody@example.com', password: 'Correct-Horse-7' });
        // A failed sign-in is told of only when its answer is out.
        await scheduler.wait(200);
      },
      'daybook_security_events_total{kind="access.denied"}',
      'daybook_security_events_total{kind="token.refused"}',
      'daybook_login_failures_total',
    );
    expect([denied, refused, failed]).toEqual([1, 1, 1]);
  });

  it('[MT11] shows every kind of event and every queue from the start, as 0 until there is one', async () => {
    const text = await scrape();
    const shown = [...text.matchAll(/^daybook_security_events_total\{kind="([^"]+)"\} \d+$/gm)].map(([, kind]) => kind);
    expect(shown.toSorted()).toEqual(securityEventKinds.toSorted());
    expect(text).toMatch(/^daybook_security_events_total\{kind="audit.broken"\} 0$/m);
    expect(text).toMatch(/^daybook_login_failures_total \d+$/m);
    const queues = new Set(
      [...text.matchAll(/^daybook_queue_messages_total\{queue="([^"]+)"/gm)].map(([, queue]) => queue),
    );
    const consumed = new Set([...configuration.matchAll(/^queue = "([^"]+)"$/gm)].map(([, queue]) => queue));
    expect([...queues].toSorted()).toEqual([...consumed].toSorted());
  });

  it('[MT5] counts bookings by outcome: what was asked at the edge, and what D1 has taken, each event once', async () => {
    const { token } = await patient();
    const clinic = await practice();
    const [first, second] = await clinic.slotsOn();
    const hold = (slotId: string | undefined) =>
      measured.post('/api/v1/appointments', { slotId }, { headers: bearing({ token }) });
    const [held, unknown] = await rise(
      async () => {
        await hold(first?.id);
        await hold(first?.id);
      },
      'daybook_booking_attempts_total{outcome="held"}',
      'daybook_booking_attempts_total{outcome="already_booked"}',
    );
    expect([held, unknown]).toEqual([1, 1]);
    const day = env.DOCTOR_DAY.getByName(dayName({ doctorId: clinic.doctor.id, date: clinic.date }));
    const [landed, live] = await rise(
      async () => {
        await hold(second?.id);
        await day.reproject();
        // Everything is told to D1 a second and a third time.
        await day.reproject();
        await day.reproject();
      },
      'daybook_booking_events_total{event="held"}',
      'daybook_holds{state="live"}',
    );
    expect(landed).toBeGreaterThanOrEqual(1);
    expect(landed).toBeLessThanOrEqual(2);
    expect(live).toBe(landed);
  });

  it('[MT6] shows a doctor-day that cannot reach D1 as long as it cannot, by its own word', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { token } = await patient();
    const clinic = await practice();
    const [slot] = await clinic.slotsOn();
    const answer = await measured.post('/api/v1/appointments', { slotId: slot?.id }, { headers: bearing({ token }) });
    expect(answer.status).toBe(201);
    const stub = env.DOCTOR_DAY.getByName(dayName({ doctorId: clinic.doctor.id, date: clinic.date }));
    await vi.waitFor(async () => expect(await stub.status()).toEqual({ owed: 0, oldestOwedAtMs: null }), 5_000);
    await runInDurableObject(stub, async (_, state) => {
      const batch = () => Promise.reject(new Error('D1_ERROR: Network connection lost.'));
      const DB = { prepare: env.DB.prepare.bind(env.DB), batch };
      const cutOff = new DoctorDay(state, { ...env, METRICS_TOKEN, DB } as never);
      await new Promise((resolve) => setTimeout(resolve, 10));
      await cutOff.reproject().catch(() => undefined);
    });
    await vi.waitFor(async () => expect(shownFor(await scrape(), 'daybook_outbox_days')).toBe(1));
    const during = await scrape();
    expect(shownFor(during, 'daybook_outbox_events')).toBeGreaterThanOrEqual(1);
    expect(shownFor(during, 'daybook_outbox_oldest_seconds')).toBeGreaterThan(0);
    await stub.reproject();
    const after = await scrape();
    expect(shownFor(after, 'daybook_outbox_days')).toBe(0);
    expect(shownFor(after, 'daybook_outbox_oldest_seconds')).toBe(0);
  });

  it('[MT7] counts what the queues had to deliver again', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const of = (outcome: string) => `daybook_queue_messages_total{queue="daybook-days",outcome="${outcome}"}`;
    const [done, retried] = await rise(
      async () => {
        const message = (id: string, body: unknown) => ({ id, timestamp: new Date(), attempts: 1, body });
        const batch = createMessageBatch('daybook-days', [
          message('good', { kind: 'probe' }),
          message('bad', { kind: 'schedule_changed', doctorId: null, date: null }),
        ]);
        const context = createExecutionContext();
        await worker.queue(batch as never, { ...env, METRICS_TOKEN } as never);
        const result = await getQueueResult(batch, context);
        expect(result.explicitAcks).toEqual(['good']);
        expect(result.retryMessages.map(({ msgId }) => msgId)).toEqual(['bad']);
      },
      of('done'),
      of('retried'),
    );
    expect([done, retried]).toEqual([1, 1]);
  });

  it('[MT8] leaves out a source that is out of reach, and says so', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(env.DB, 'batch').mockRejectedValue(new Error('D1_ERROR: Network connection lost.'));
    const text = await scrape();
    expect(shownFor(text, 'daybook_scrape_parts_failed')).toBe(1);
    expect(text).toContain('daybook_requests_total');
    expect(text).not.toContain('daybook_holds');
  });

  it('[MT9] counts states along indexes that hold little else, and never more than ten thousand', async () => {
    const prepared: string[] = [];
    const prepare = env.DB.prepare.bind(env.DB);
    vi.spyOn(env.DB, 'prepare').mockImplementation((sql) => {
      prepared.push(sql);
      return prepare(sql);
    });
    await scrape();
    vi.restoreAllMocks();
    const [states = ''] = prepared.filter((sql) => sql.includes('appointments'));
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${states}`).bind(0, 0, 0).all<{ detail: string }>();
    const lines = plan.results.map(({ detail }) => detail).filter((detail) => /^(SCAN|SEARCH) (?!\()/.test(detail));
    const indexes = lines.map((line) => /USING (?:COVERING )?INDEX (\w+)/.exec(line)?.[1]);
    const named = indexes.filter((name) => name !== undefined && !name.startsWith('sqlite_'));
    expect(named.filter((name) => name === 'appointments_held')).toHaveLength(2);
    expect(
      lines.filter((line) => /^(SCAN|SEARCH) (appointments|messages|dead_letters)/.test(line) && !/INDEX/.test(line)),
    ).toEqual([]);
    expect(states.match(/LIMIT 10000/g)?.length).toBe(states.match(/SELECT count/g)?.length);
  });

  it('[JB11] shows when each job last succeeded, and how many of its runs have failed', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const job = (name: string, work: Job['work']): Job => ({ name, every: 'minute', description: '', work });
    const fails = async () => {
      throw new Error('no');
    };
    const atMs = Date.now();
    await runDue(env, [job('measured_well', async () => ({})), job('measured_ill', fails)], atMs);
    const text = await scrape();
    const success = shownFor(text, 'daybook_job_last_success_timestamp_seconds{job="measured_well"}');
    expect(Math.abs(success - atMs / 1000)).toBeLessThan(5);
    expect(text).toContain('daybook_job_last_success_timestamp_seconds{job="measured_ill"} 0\n');
    expect(text).toContain('daybook_job_failures_in_row{job="measured_ill"} 1\n');
    expect(text).toContain('daybook_job_runs_total{job="measured_ill",outcome="failed"} 1\n');
    expect(text).toContain('daybook_job_runs_total{job="measured_well",outcome="succeeded"} 1\n');
  });

  it('[MT2] counts nothing where nobody may look', async () => {
    const add = vi.spyOn(env.METER, 'getByName');
    await edge().ask('/api/v1/clinics');
    expect(add).not.toHaveBeenCalled();
  });
});

describe('the dashboard', () => {
  const expressions = dashboard.panels.flatMap((panel) => panel.targets.map(({ expr }) => expr));

  it('[MT10] shows metrics that exist, and each of them somewhere', () => {
    const names = metrics.map(({ name, type }) => ({ name, type }));
    const used = new Set(expressions.flatMap((expr) => expr.match(/\bdaybook_\w+/g) ?? []));
    const known = names.flatMap(({ name, type }) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    );
    expect([...used].filter((name) => !known.includes(name))).toEqual([]);
    expect(names.filter(({ name }) => ![...used].some((one) => one.startsWith(name)))).toEqual([]);
  });

  it('[MT10] asks for the rate of counters and the value of gauges', () => {
    for (const { name, type } of metrics.filter(({ type }) => type !== 'histogram')) {
      const asked = expressions.filter((expr) => new RegExp(`\\b${name}\\b`).test(expr));
      for (const expr of asked) expect([expr, /\b(rate|increase)\(/.test(expr)]).toEqual([expr, type === 'counter']);
    }
  });
});
