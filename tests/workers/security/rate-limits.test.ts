import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callerOf } from '../../../src/http/address.ts';
import { windows } from '../../../src/http/rate-limit.ts';
import { RateWindows } from '../../../src/http/rate-windows.ts';
import { type SecurityEvent, securityLog } from '../../../src/http/security-event.ts';
import { practice } from '../../support/clinic.ts';
import { countedD1 } from '../../support/counted-d1.ts';
import { type Arriving, bearing, edge, production } from '../../support/edge.ts';
import { patient } from '../../support/people.ts';

beforeEach(() => windows.clear());
afterEach(() => vi.restoreAllMocks());

let last = 0;
/** An address that nobody has used yet: counts outlive a test. */
const stranger = (): string => {
  last += 1;
  return `2001:db8:${last.toString(16)}::1`;
};

const login = { email: 'nobody@example.com', password: 'Correct-Horse-7' };
const limited = (settings: Readonly<Record<string, string>>) => edge({ RATE_LIMITS: 'on', ...settings });

/** The statuses of so many requests, one after the other. */
const statuses = async (times: number, ask: (i: number) => Promise<Response>): Promise<number[]> => {
  const seen: number[] = [];
  for (let i = 0; i < times; i += 1) seen.push((await ask(i)).status);
  return seen;
};

const heard = (): SecurityEvent[] => {
  const events: SecurityEvent[] = [];
  vi.spyOn(securityLog, 'write').mockImplementation((event) => void events.push(event));
  return events;
};

describe('one address', () => {
  it('[ED10] that tries passwords is stopped, told for how long, and reported once', async () => {
    const { post } = limited({ RATE_LIMIT_AUTH: '3/60' });
    const [from, events] = [stranger(), heard()];
    expect(await statuses(3, () => post('/api/v1/auth/login', login, { from }))).toEqual([401, 401, 401]);
    const refused = await post('/api/v1/auth/login', login, { from });
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'rate_limited', status: 429 });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
    await post('/api/v1/auth/login', login, { from });
    const told = events.filter(({ event }) => event === 'rate.limited');
    expect(told).toEqual([expect.objectContaining({ reason: 'auth', route: '/api/v1/auth/login' })]);
    expect(JSON.stringify(told)).not.toContain(from);
  });

  it('[ED10] is counted by the route that answers, also where another route would fit', async () => {
    const { ask } = limited({ RATE_LIMIT_SEARCH: '2/60' });
    const from = stranger();
    expect(await statuses(3, () => ask('/api/v1/doctors/search?q=heart', { from }))).toEqual([200, 200, 429]);
  });

  it('[ED10] does not use up what another may ask, nor what it may ask of other routes', async () => {
    const { post, ask } = limited({ RATE_LIMIT_AUTH: '1/60' });
    const from = stranger();
    expect(await statuses(2, () => post('/api/v1/auth/login', login, { from }))).toEqual([401, 429]);
    expect((await post('/api/v1/auth/login', login, { from: stranger() })).status).toBe(401);
    expect((await ask('/api/v1/clinics', { from })).status).toBe(200);
    expect((await post('/api/v1/auth/refresh', { refreshToken: 'r'.repeat(43) }, { from })).status).toBe(401);
  });

  it('[ED10] is limited by class: searching, looking for free times, refreshing, everything else', async () => {
    const rates = ['SEARCH', 'SLOTS', 'SESSION', 'ADDRESS'].map((name) => [`RATE_LIMIT_${name}`, '2/60'] as const);
    const { ask, post } = limited(Object.fromEntries(rates));
    const asks: ((arriving: Arriving) => Promise<Response>)[] = [
      (arriving) => ask('/api/v1/doctors?q=heart', arriving),
      (arriving) => ask('/api/v1/doctors/u_AAAAAAAAAAAAAAAA/slots?date=2026-12-01', arriving),
      (arriving) => post('/api/v1/auth/refresh', { refreshToken: 'r'.repeat(43) }, arriving),
      (arriving) => ask('/health', arriving),
      (arriving) => ask('/no/such/address', arriving),
    ];
    for (const one of asks) {
      const from = stranger();
      const [first, second, third] = await statuses(3, () => one({ from }));
      expect([first === 429, second === 429, third]).toEqual([false, false, 429]);
    }
  });

  it('[ED12] is who the platform says, whatever other headers claim', async () => {
    const { post } = limited({ RATE_LIMIT_AUTH: '2/60' });
    const from = stranger();
    const claims = ['x-forwarded-for', 'x-real-ip', 'true-client-ip', 'forwarded', 'x-client-ip'];
    const claiming = (i: number) =>
      post('/api/v1/auth/login', login, {
        from,
        headers: Object.fromEntries(claims.map((name) => [name, `203.0.113.${i}`])),
      });
    expect(await statuses(4, claiming)).toEqual([401, 401, 429, 429]);
  });

  it('[ED12] is a whole network of IPv6, since one server has all of its addresses', async () => {
    const { post } = limited({ RATE_LIMIT_AUTH: '2/60' });
    const one = (i: number) => post('/api/v1/auth/login', login, { from: `2001:db8:ffff:1::${i}` });
    expect(await statuses(3, one)).toEqual([401, 401, 429]);
    expect(callerOf('2001:DB8:0:1:2:3:4:5'.toLowerCase())).toBe(callerOf('2001:db8:0:1::9'));
    expect(callerOf('2001:db8:0:2::1')).not.toBe(callerOf('2001:db8:0:1::1'));
    expect(callerOf('::1')).toBe('0:0:0:0::/64');
    expect(callerOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(callerOf('192.0.2.7')).toBe('192.0.2.7');
  });

  it('[ED11] is counted in one place for what guards passwords: another isolate does not begin anew', async () => {
    const { post } = limited({ RATE_LIMIT_AUTH: '3/60' });
    const from = stranger();
    const anotherIsolate = () => windows.clear();
    const attempts = await statuses(5, async () => {
      anotherIsolate();
      return post('/api/v1/auth/login', login, { from });
    });
    expect(attempts).toEqual([401, 401, 401, 429, 429]);
  });

  it('[ED11] is stopped by the limit of its location where isolates count apart', async () => {
    const from = stranger();
    const limit = vi.fn(async (_: { key: string }) => ({ success: false }));
    const answer = await edge({ RATE_LIMITS: 'on', LOCATION_LIMIT: { limit } }).ask('/api/v1/clinics', { from });
    expect(answer.status).toBe(429);
    expect(limit.mock.calls[0]?.[0]).toEqual({ key: `search|${callerOf(from)}` });
  });

  it('[ED13] is let through when the counting itself is out of reach', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const broken = {
      RATE_LIMITS: 'on',
      LOCATION_LIMIT: { limit: () => Promise.reject(new Error('out of reach')) },
      RATE_COUNTER: { getByName: () => ({ take: () => Promise.reject(new Error('out of reach')) }) },
    };
    const { ask, post } = edge(broken);
    expect((await ask('/api/v1/clinics', { from: stranger() })).status).toBe(200);
    expect((await post('/api/v1/auth/login', login, { from: stranger() })).status).toBe(401);
  });
});

describe('one account', () => {
  it('[ED14] cannot hold slots of doctor after doctor: as many as may live at once, whatever the isolate', async () => {
    const { token } = await patient();
    const { db, asks } = countedD1();
    const { post } = edge({ RATE_LIMITS: 'on', MAX_HOLDS_PER_PATIENT: '3', DB: db });
    const clinics = await Promise.all(Array.from({ length: 5 }, () => practice()));
    const slots = await Promise.all(clinics.map(async (clinic) => (await clinic.slotsOn())[0]?.id));
    const held = await statuses(5, (i) => {
      windows.clear();
      return post('/api/v1/appointments', { slotId: slots[i] }, { headers: bearing({ token }), from: stranger() });
    });
    expect(held).toEqual([201, 201, 201, 429, 429]);
    // No hold asked D1 whom the patient holds with.
    expect(asks.flat().filter((sql) => /patient_id/.test(sql))).toEqual([]);
  });

  it('[ED14] is limited from whatever addresses it comes, and apart from others', async () => {
    const [one, other] = [await patient(), await patient()];
    const { ask } = limited({ RATE_LIMIT_READ: '2/60' });
    const reads = (who: typeof one) => () => ask('/api/v1/appointments', { headers: bearing(who), from: stranger() });
    expect(await statuses(3, reads(one))).toEqual([200, 200, 429]);
    expect(await statuses(1, reads(other))).toEqual([200]);
  });
});

describe('what is told of the limits', () => {
  it('[ED15] is on every answer: the policy, what is left, and when it begins anew', async () => {
    const { token } = await patient();
    const { ask } = limited({ RATE_LIMIT_ADDRESS: '9/60', RATE_LIMIT_READ: '5/60' });
    const from = stranger();
    const answer = await ask('/api/v1/appointments', { headers: bearing({ token }), from });
    expect(answer.headers.get('ratelimit-policy')).toBe('"address";q=9;w=60, "read";q=5;w=60');
    expect(answer.headers.get('ratelimit')).toMatch(/^"address";r=8;t=\d+, "read";r=4;t=\d+$/);
    expect(answer.headers.get('retry-after')).toBeNull();
    const nobody = await ask('/api/v1/appointments', { from });
    expect([nobody.status, nobody.headers.get('ratelimit')]).toEqual([401, expect.stringMatching(/^"address";r=7;/)]);
  });

  it('[ED15] is nothing when the limits are lifted', async () => {
    const answer = await edge({ RATE_LIMITS: 'off' }).ask('/health');
    expect([answer.headers.get('ratelimit'), answer.headers.get('ratelimit-policy')]).toEqual([null, null]);
  });
});

describe('lifted limits', () => {
  it('[ED16] let everything through on this machine', async () => {
    const { post } = edge({ RATE_LIMITS: 'off', RATE_LIMIT_AUTH: '1/60' });
    const from = stranger();
    expect(await statuses(3, () => post('/api/v1/auth/login', login, { from }))).toEqual([401, 401, 401]);
  });

  it('[ED16] serve nothing in production, and say why', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const careless = edge({ ...production, RATE_LIMITS: 'off' });
    for (const path of ['/health', '/api/v1/doctors', '/api/v1/docs', '/nowhere']) {
      expect([path, (await careless.ask(path)).status]).toEqual([path, 500]);
    }
    expect(logged.mock.calls.flat().join()).toContain('RATE_LIMITS: off is not for production');
    expect((await edge(production).ask('/health')).status).toBe(200);
  });

  it.each(['0/60', '10', '10/0', 'many/60', '', '10/60; 5/1'])(
    '[ED16] cannot be had by a limit of %j',
    async (rate) => {
      vi.spyOn(console, 'error').mockImplementation(() => undefined);
      vi.spyOn(console, 'log').mockImplementation(() => undefined);
      expect((await edge({ RATE_LIMIT_AUTH: rate }).ask('/health')).status).toBe(500);
    },
  );
});

describe('the memory of an isolate', () => {
  it('[ED17] stays bounded however many callers come, and begins anew with each window', () => {
    const counts = new RateWindows();
    const rate = { limit: 1, seconds: 60 };
    const startMs = 1_800_000_000_000;
    for (let i = 0; i < 50_000; i += 1) counts.count(`caller-${i}`, rate, startMs);
    expect(counts.size).toBeLessThanOrEqual(20_000);
    expect(counts.count('one', rate, startMs)).toMatchObject({ ok: true, remaining: 0 });
    expect(counts.count('one', rate, startMs)).toMatchObject({ ok: false, isFirstRefusal: true });
    expect(counts.count('one', rate, startMs)).toMatchObject({ ok: false, isFirstRefusal: false });
    expect(counts.count('one', rate, startMs + 60_000).ok).toBe(true);
    expect(counts.count('one', rate, startMs - 60_000).ok).toBe(true);
  });
});
