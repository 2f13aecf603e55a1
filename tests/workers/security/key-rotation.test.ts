import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { app } from '../../../src/app.ts';
import { freshDataKey, keyRing } from '../../../src/sealing/key-ring.ts';
import { rewrapDataKeys } from '../../../src/sealing/rewrap.ts';
import { type Actor, actor, practice } from '../../support/clinic.ts';
import { emptyStorage } from '../../support/empty-storage.ts';
import { patient } from '../../support/people.ts';

const freshMaster = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
const [oldest, newest] = [env.MASTER_KEYS, freshMaster()];
/** The deployment while its key is being replaced, and once the old one is gone. */
const during: Env = { ...env, MASTER_KEYS: `${newest},${oldest}` };
const after: Env = { ...env, MASTER_KEYS: newest };
const crowd = 600;

let clinic: Awaited<ReturnType<typeof practice>>;
let amina: Actor;
let appointment: string;

beforeAll(async () => {
  // What other tests wrapped in no way that holds would be counted here.
  await emptyStorage();
  clinic = await practice({ shape: { start: '00:00', end: '23:00', slotMinutes: 10 } });
  amina = actor(await patient());
  const { body } = await amina.holds(await clinic.slot('09:00'), { reason: 'mine alone' });
  appointment = body.id;
});

beforeEach(async () => {
  const ring = await keyRing(oldest);
  const people = Array.from({ length: crowd }, (_, i) => `u_rotated${i}`);
  const rows = await Promise.all(
    people.map(async (id) => ({ id, wrapped: await ring.wrap(id, freshDataKey()), master: ring.current })),
  );
  await env.DB.prepare(
    `insert or replace into data_keys (subject_id, wrapped, master_id, created_at_ms)
     select value ->> 'id', value ->> 'wrapped', value ->> 'master', 0 from json_each(?)`,
  )
    .bind(JSON.stringify(rows))
    .run();
});

/** What the tests leave is as they found it: other tests know one master key. */
afterEach(async () => {
  vi.restoreAllMocks();
  await rewrapDataKeys({ ...env, MASTER_KEYS: `${oldest},${newest}` });
  await env.DB.prepare(`delete from data_keys where subject_id like 'u_rotated%'`).run();
});

const countsBy = async (): Promise<Record<string, number>> => {
  const sql = 'select master_id as id, count(*) as n from data_keys where master_id is not null group by master_id';
  const { results } = await env.DB.prepare(sql).all<{ id: string; n: number }>();
  return Object.fromEntries(results.map(({ id, n }) => [id, n]));
};
const idOf = async (master: string) => (await keyRing(master)).current;

const reads = async (who: Actor, deployment: Env) => {
  const request = new Request(`http://daybook.test/api/v1/appointments/${appointment}`, {
    headers: { authorization: `Bearer ${who.token}` },
  });
  const answer = await app.fetch(request, deployment, createExecutionContext());
  return { status: answer.status, reason: (await answer.json<{ reason: string }>()).reason };
};

test('[DP7] every data key comes under the new master key, and the words are read before, during and after', async () => {
  const readable = { status: 200, reason: 'mine alone' };
  for (const who of [amina, clinic.doctor]) expect(await reads(who, during)).toEqual(readable);
  const total = Object.values(await countsBy()).reduce((sum, n) => sum + n, 0);
  await rewrapDataKeys(during);
  expect(await countsBy()).toEqual({ [await idOf(newest)]: total });
  // Amina's token still brings the older wrapping.
  for (const who of [amina, clinic.doctor]) {
    expect(await reads(who, during)).toEqual(readable);
    expect(await reads(who, after)).toEqual(readable);
  }
});

test('[DP7] it may break off anywhere and goes on where it was', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await rewrapDataKeys(during, 1);
  const some = await countsBy();
  expect(some[await idOf(newest)]).toBe(250);
  const prepare = env.DB.prepare.bind(env.DB);
  vi.spyOn(env.DB, 'prepare').mockImplementation((sql) => {
    if (/update data_keys/.test(sql)) throw new Error('D1_ERROR: the database is out of reach');
    return prepare(sql);
  });
  await expect(rewrapDataKeys(during)).rejects.toThrow();
  vi.restoreAllMocks();
  expect(await countsBy()).toEqual(some);
  await rewrapDataKeys(during);
  expect(Object.keys(await countsBy())).toEqual([await idOf(newest)]);
});

test('[DP7] under load: people come, book and are erased while it runs, and two turns at once change nothing', async () => {
  const gone = 'u_rotated7';
  await Promise.all([
    rewrapDataKeys(during),
    rewrapDataKeys(during),
    env.DB.prepare(`update data_keys set wrapped = null, master_id = null, destroyed_at_ms = 1 where subject_id = ?`)
      .bind(gone)
      .run(),
    ...Array.from({ length: 5 }, async (_, i) => {
      const someone = actor(await patient());
      const held = await someone.holds(await clinic.slot(`1${i}:00`), { reason: `reason ${i}` });
      expect(held.body.reason).toBe(`reason ${i}`);
    }),
  ]);
  await rewrapDataKeys(during);
  expect(Object.keys(await countsBy())).toEqual([await idOf(newest)]);
  const row = await env.DB.prepare('select wrapped from data_keys where subject_id = ?').bind(gone).first('wrapped');
  expect(row).toBeNull();
});

test('[DP7] a data key that does not unwrap is reported and left as it is, and the others go on', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await env.DB.prepare(`update data_keys set wrapped = wrapped || 'A' where subject_id = 'u_rotated3'`).run();
  await rewrapDataKeys(during);
  expect(await countsBy()).toMatchObject({ [await idOf(oldest)]: 1 });
  expect(JSON.stringify(reported.mock.calls)).toContain('u_rotated3');
  await env.DB.prepare(`delete from data_keys where subject_id = 'u_rotated3'`).run();
});
