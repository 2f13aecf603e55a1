import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readiness } from '../../src/features/health/readiness.ts';
import { call } from '../support/api.ts';

/** Each test takes a later time, so that none is given the answer of the one before. */
let nowMs = Date.now();
const later = (): number => {
  nowMs += 60_000;
  return nowMs;
};

afterEach(() => vi.restoreAllMocks());

const failing = () => {
  throw new Error('out of reach');
};

describe('health', () => {
  it('[OA8] says that the process answers, whatever else fails', async () => {
    vi.spyOn(env.DB, 'prepare').mockImplementation(failing);
    const response = await call('//health');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it('[OA8] is ready when the database, a doctor-day object and the queue answer', async () => {
    const response = await call('//health/ready');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'ok',
      parts: { database: 'ok', doctorDays: 'ok', queue: 'ok' },
    });
  });

  it('[OA8] names the part that fails and answers 503', async () => {
    vi.spyOn(env.DB, 'prepare').mockImplementation(failing);
    vi.spyOn(Date, 'now').mockReturnValue(later());
    const response = await call('//health/ready');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      status: 'failing',
      parts: { database: 'failing', doctorDays: 'ok', queue: 'ok' },
    });
  });

  it('[OA8] counts a part that does not answer in three seconds as failing', async () => {
    vi.spyOn(env.DAY_QUEUE, 'send').mockReturnValue(new Promise(() => undefined));
    const { parts } = await readiness(env, later());
    expect(parts).toEqual({ database: 'ok', doctorDays: 'ok', queue: 'failing' });
  });

  it('[OA9] asks its parts once in ten seconds, however often it is called', async () => {
    const prepare = vi.spyOn(env.DB, 'prepare');
    const startMs = later();
    const first = await readiness(env, startMs);
    for (let i = 1; i <= 50; i += 1) expect(await readiness(env, startMs + i * 190)).toEqual(first);
    // What other tests have left to be done asks D1 as well.
    const asked = () => prepare.mock.calls.filter(([query]) => query === 'select 1').length;
    expect(asked()).toBe(1);
    await readiness(env, startMs + 10_000);
    expect(asked()).toBe(2);
  });
});
