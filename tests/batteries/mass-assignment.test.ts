import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { send } from '../support/api.ts';
import { assemble, type Cast, everybody, type Member } from '../support/cast.ts';
import { interceptDayQueue } from '../support/day-queue.ts';
import { type Ask, addressOf, methodOf, type Row, routeTable } from '../support/route-table.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await assemble();
});
beforeEach(() => {
  interceptDayQueue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What somebody would like to have set who may set something else. */
const coveted: Readonly<Record<string, unknown>> = {
  id: 'u_AAAAAAAAAAAAAAAA',
  role: 'admin',
  permissions: ['users', 'audit'],
  verifiedAtMs: 1,
  verifiedAt: '2026-01-01T00:00:00Z',
  emailVerifiedAtMs: 1,
  status: 'confirmed',
  patientId: 'u_AAAAAAAAAAAAAAAA',
  doctorId: 'u_AAAAAAAAAAAAAAAA',
  guardianId: 'u_AAAAAAAAAAAAAAAA',
  clinicId: 'c_AAAAAAAAAAAAAAAA',
  accountId: 'u_AAAAAAAAAAAAAAAA',
  fee: { amount: 0, currency: 'BDT' },
  feeMinor: 0,
  seat: 7,
  version: 99,
  expiresAt: '2099-01-01T00:00:00Z',
  expiresAtMs: 4_070_908_800_000,
  endsAt: '2099-01-01T00:00:00Z',
  createdAt: '2000-01-01T00:00:00Z',
  createdAtMs: 0,
  startsAtMs: 0,
  outsideSchedule: false,
  statusReason: 'none',
  passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA',
  deactivatedAtMs: null,
  scheduleVersion: 99,
  revision: 99,
  principal: { id: 'u_AAAAAAAAAAAAAAAA', role: 'admin' },
  actor: 'u_AAAAAAAAAAAAAAAA',
  isAdmin: true,
};

const turnedAway: readonly unknown[] = ['unauthenticated', 'forbidden', 'not_found'];
/** Somebody whom a route lets in: the first in the table that it does. */
const welcome = (expected: Row[2]): Member | null => {
  if (typeof expected[0] === 'number') return null;
  return everybody.filter((_, i) => !turnedAway.includes(expected[i]))[0] as Member;
};

/** Where objects stand in a body: itself, and those within it. */
const objectsIn = (body: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] => {
  if (typeof body !== 'object' || body === null) return [];
  const within = Object.entries(body).flatMap(([key, value]) =>
    objectsIn(value, [...at, Array.isArray(body) ? Number(key) : key]),
  );
  return Array.isArray(body) ? within : [at, ...within];
};

const withField = (body: unknown, at: readonly (string | number)[], field: string, value: unknown): unknown => {
  const [key, ...rest] = at;
  if (key === undefined) return { ...(body as object), [field]: value };
  const copy = (Array.isArray(body) ? [...body] : { ...(body as object) }) as Record<string | number, unknown>;
  copy[key] = withField(copy[key], rest, field, value);
  return copy;
};

/** Everything that D1 keeps, as one text, but what every request may write. */
const everythingKept = async (): Promise<string> => {
  const tables = ['accounts', 'doctors', 'clinics', 'clinic_staff', 'dependants', 'break_glass', 'weekly_rules'];
  const rows = await env.DB.batch(
    [...tables, 'extra_sessions', 'time_off'].map((t) => env.DB.prepare(`select * from ${t}`)),
  );
  return JSON.stringify(rows.map(({ results }) => results));
};

/** What takes a file or a form understands no JSON, and the others read no body at all. */
const readsNoFields =
  /\/(documents|picture|payment|payment-webhooks\/:gateway|pay\/:order|show|withdraw|link|check-in|call-in|verify|verification|rebuild|repair|retry|replay|run|rotate|rotate-secret|read|read-all|unsubscribe\/:token|rx\/:token|sms-status\/:id)$/;
const writes = routeTable.filter(([route]) => /^(POST|PUT) /.test(route) && !readsNoFields.test(route));

describe.each(writes)('%s', (route, ask, expected) => {
  test('[AC37] takes no field that it does not name, whoever sends it: nothing is set by the way', async () => {
    const who = welcome(expected);
    const fresh: Ask = await ask(cast);
    if (fresh.atMs !== undefined) vi.useFakeTimers({ toFake: ['Date'], now: fresh.atMs });
    const as = who === null ? null : cast.members[who];
    const valid = fresh.body ?? {};
    const known = objectsIn(valid).length === 0 ? [[]] : objectsIn(valid);
    vi.useRealTimers();
    const before = await everythingKept();
    for (const at of known) {
      const there = at.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], valid);
      for (const [field, value] of Object.entries(coveted)) {
        if (Object.hasOwn(there as object, field) || isNamed(route, at, field)) continue;
        const body = withField(valid, at, field, value);
        const answer = await send(methodOf(route), addressOf(route, fresh), { as, body });
        const text = await answer.text();
        expect(`${field}: ${answer.status} ${JSON.parse(text).code}`, text).toBe(`${field}: 400 invalid_request`);
        const path = [...at, field].join('.');
        expect(JSON.parse(text).errors).toContainEqual({ path, message: expect.any(String) });
      }
    }
    expect(await everythingKept()).toBe(before);
    if (fresh.params?.id?.startsWith('a_')) await cast.release(fresh.params.id);
  });
});

/** Fields that a route does name, though the request of the table leaves them out. */
const isNamed = (route: string, at: readonly unknown[], field: string): boolean =>
  (named[route] ?? []).some((path) => path === [...at, field].filter((part) => typeof part === 'string').join('.'));
const named: Readonly<Record<string, readonly string[]>> = {
  'POST /api/v1/admin/reports/monthly/regenerate': ['clinicId', 'doctorId'],
  'PUT /api/v1/admin/users/:id': ['role', 'permissions'],
  // A schedule is sent back as it was read; what its rules are called is for the server to say.
  'PUT /api/v1/doctors/:id/schedule': ['version', 'rules.id'],
  'POST /api/v1/doctors/:id/schedule/preview': ['version', 'rules.id'],
};
