import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { doctorDays } from '../../src/doctor-days/client.ts';
import { send } from '../support/api.ts';
import { assemble, type Cast, everybody, roleOf } from '../support/cast.ts';
import { signedIn } from '../support/clinic.ts';
import { addressOf, methodOf, routeTable } from '../support/route-table.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await assemble();
});
afterEach(() => vi.useRealTimers());

/** Until the day has told D1 all it did: while D1 is busy it says that it has not, and is asked again. */
const settled = () => vi.waitFor(() => doctorDays(env).reproject(cast.day), { timeout: 10_000 });

/** What people did after a moment, and not what followed from it, once every doctor-day has told what it did. */
const rowsSince = async (since: number): Promise<{ stream: string; action: string; from: string | null }[]> => {
  await settled();
  const { results } = await env.DB.prepare(
    "SELECT stream, action, data ->> '$.from.requestId' AS \"from\" FROM audit_events WHERE rowid > ? AND actor_role <> 'system' ORDER BY rowid",
  )
    .bind(since)
    .all<{ stream: string; action: string; from: string | null }>();
  return results;
};
const now = async (): Promise<number> => {
  await settled();
  return (await env.DB.prepare('SELECT coalesce(max(rowid), 0) AS n FROM audit_events').first<number>('n')) ?? 0;
};

/** Mutating by method, and still nothing is different afterwards but what a code or a challenge needs to be checked. */
const changesNothing = new Set([
  'POST /api/v1/auth/password-reset',
  'POST /api/v1/auth/verification',
  'POST /api/v1/auth/authenticator',
  'POST /api/v1/auth/passkeys/options',
  'POST /api/v1/doctors/:id/absences/preview',
  'POST /api/v1/doctors/:id/schedule/preview',
  // What the table sends is what is so already.
  'PUT /api/v1/admin/users/:id',
]);

/** Two things at once: each leaves its row. */
const twofold: Readonly<Record<string, readonly string[]>> = {
  'POST /api/v1/auth/register': ['account.created', 'session.started'],
  'POST /api/v1/auth/password': ['sessions.ended', 'password.changed'],
  'DELETE /api/v1/users/:id': ['sessions.ended', 'account.erased'],
};

/** One request about many days: a row for each that was looked at. */
const perDay = 'POST /api/v1/admin/system/sweep';

const mutations = routeTable.filter(([route]) => !route.startsWith('GET '));
const succeeds = (expected: (typeof mutations)[number][2]): boolean =>
  expected.some((each) => typeof each === 'number');

test('[AU15][AU16] every mutation leaves exactly one row of what was done, with its request; what changes nothing none', async () => {
  // The first booking of a day opens it, which is an event of its own.
  await cast.appointment('pending');
  const found: Record<string, readonly string[]> = {};
  const wanted: Record<string, readonly unknown[]> = {};
  const fromElsewhere: string[] = [];
  for (const [route, ask, expected] of mutations.filter(([, , outcome]) => succeeds(outcome))) {
    const who = everybody[everybody.findLastIndex((_, i) => typeof expected[i] === 'number')] ?? 'anonymous';
    const { atMs, ...asked } = await ask(cast);
    const before = await now();
    if (atMs !== undefined) vi.useFakeTimers({ toFake: ['Date'], now: atMs });
    const then = who === 'anonymous' ? null : cast.members[who];
    const as = then !== null && who !== 'anonymous' && atMs !== undefined ? await signedIn(then.id, roleOf[who]) : then;
    const body = asked.body === undefined ? {} : { body: asked.body };
    const response = await send(methodOf(route), addressOf(route, asked), { as, ...body });
    await response.arrayBuffer();
    vi.useRealTimers();
    const rows = await rowsSince(before);
    const actions = rows.map(({ action }) => action);
    const requestId = response.headers.get('x-request-id');
    for (const { stream, action, from } of rows) {
      if (!stream.startsWith('day:') && from !== requestId) fromElsewhere.push(`${route}: ${action}`);
    }
    found[route] = [`${response.ok}`, ...(route === perDay ? new Set(actions) : actions)];
    wanted[route] = ['true', ...(changesNothing.has(route) ? [] : (twofold[route] ?? [expect.any(String)]))];
  }
  expect(found).toEqual(wanted);
  expect(fromElsewhere).toEqual([]);
});

test('[AU15] the exceptions are routes that exist', () => {
  const routes = mutations.map(([route]) => route);
  expect(routes).toEqual(expect.arrayContaining([perDay, ...changesNothing, ...Object.keys(twofold)]));
});
