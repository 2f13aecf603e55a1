import { env } from 'cloudflare:workers';
import { beforeAll, expect, test, vi } from 'vitest';
import { emptyStorage } from '../support/empty-storage.ts';
import { admin, doctor, type Person, patient } from '../support/people.ts';
import { under } from '../support/under.ts';

const ask = under({ EDGE_CACHE_SECONDS: '15' });
let boss: Person;
let who: Person;
let clinicId: string;

/** What came of a question, and whether it was kept. */
const asked = async (path: string, options: Parameters<typeof ask>[2] = {}) => {
  const { status, headers, body } = await ask('GET', path, options);
  return { status, edge: headers.get('x-edge-cache'), body, headers };
};
const edges = async (...paths: string[]) => {
  const seen = [];
  for (const path of paths) seen.push((await asked(path)).edge);
  return seen;
};

beforeAll(async () => {
  await emptyStorage();
  boss = await admin();
  const place = { name: 'Kept Clinic', address: 'Road 5', city: 'Dhaka', country: 'BD', timeZone: 'Asia/Dhaka' };
  clinicId = (await ask('POST', '/clinics', { as: boss, body: place })).body.id;
  who = await doctor({ specialization: 'Urology', clinicIds: [clinicId] }, 'Dr Kept', boss);
});

test('[SE9] a search is kept, whatever the order of its parameters, and says so', async () => {
  const first = await asked('/doctors?q=kept&limit=5');
  const again = await asked('/doctors?limit=5&q=kept');
  expect([first.edge, again.edge]).toEqual(['miss', 'hit']);
  expect(again.body).toEqual(first.body);
  // What belongs to the occasion is new, and no client or proxy is told to keep anything.
  expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  expect(again.headers.get('cache-control')).toBe('no-store');
  expect(again.headers.get('cache-tag')).toBeNull();
  expect(await edges('/doctors?limit=6&q=kept', '/doctors/search?limit=5&q=kept')).toEqual(['miss', 'miss']);
});

test('[SE9] every change that a search shows ends what was kept of it', async () => {
  const path = '/doctors?q=dhaka';
  const changes: [string, () => Promise<unknown>][] = [
    ['profile', () => ask('PUT', `/doctors/${who.id}`, { as: who, body: { bio: 'New words' } })],
    ['clinic', () => ask('PUT', `/clinics/${clinicId}`, { as: boss, body: { city: 'Dhaka North' } })],
    [
      'specialization',
      () =>
        ask('PUT', '/specializations/z_urology', {
          as: boss,
          body: { name: 'Urology', synonyms: [{ language: 'en', words: ['water'] }] },
        }),
    ],
    ['rejection', () => ask('POST', `/admin/doctors/${who.id}/reject`, { as: boss, body: { reason: 'Expired' } })],
    ['verification', () => ask('POST', `/doctors/${who.id}/verification`, { as: who })],
  ];
  for (const [name, change] of changes.slice(0, 4)) {
    expect([name, await edges(path, path)]).toEqual([name, ['miss', 'hit']]);
    await change();
  }
  const { edge, body } = await asked(path);
  expect([edge, body.items]).toEqual(['miss', []]);
});

test('[SE9] a change elsewhere is seen within two seconds; ratings count, too', async () => {
  const path = '/specializations?q=heart';
  expect(await edges(path, path)).toEqual(['miss', 'hit']);
  await env.DB.prepare(`update doctors set rating_count = 1, rating_sum = 5 where id = ?`).bind(who.id).run();
  const generation = () =>
    env.DB.prepare(`select generation from cache_generations where tag = 'doctors'`).first<number>('generation');
  const before = (await generation()) ?? 0;
  await env.DB.prepare(`update doctors set rating_count = 2, rating_sum = 9 where id = ?`).bind(who.id).run();
  expect(await generation()).toBe(before + 1);
  // Written past the Worker: this isolate believes for two seconds what it read before.
  await env.DB.prepare(`update specializations set synonyms = '{}' where id = 'z_cardiology'`).run();
  expect(await edges(path)).toEqual(['hit']);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_050 });
  expect(await edges(path)).toEqual(['miss']);
  vi.useRealTimers();
});

test('[SE10] nothing of anybody is kept or given, and no refusal', async () => {
  const path = '/doctors?q=private';
  const reader = await patient();
  const as = async () => (await asked(path, { as: reader })).edge;
  expect([await as(), await as()]).toEqual([null, null]);
  expect(await edges(path)).toEqual(['miss']);
  expect(await as()).toBeNull();
  expect((await asked(path, { headers: { cookie: 'a=b' } })).edge).toBeNull();
  for (let i = 0; i < 2; i += 1) {
    expect(await asked('/doctors?limit=0')).toMatchObject({ status: 400, edge: null });
    expect(await asked('/locations/BD-99')).toMatchObject({ status: 404, edge: null });
  }
  expect((await under()('GET', path)).headers.get('x-edge-cache')).toBeNull();
});
