import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { dayName } from '../../../src/domain/ids.ts';
import { router } from '../../../src/http/route.ts';
import { securityEvent, securityLog } from '../../../src/http/security-event.ts';
import { edge, production } from '../../support/edge.ts';
import { doctor, patient } from '../../support/people.ts';

afterEach(() => vi.restoreAllMocks());

const deployed = edge({ ...production, RATE_LIMIT_ADDRESS: '100000/60' }, 50);

/** What is written while something happens: everything, and the lines of one stream. */
const written = async (happen: () => Promise<unknown>) => {
  const spies = (['log', 'warn', 'error', 'info', 'debug'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => undefined),
  );
  await happen();
  const lines = spies.flatMap((spy) => spy.mock.calls.map((parts) => parts.map(String).join(' ')));
  vi.restoreAllMocks();
  return {
    lines,
    of: (stream: string) => lines.map((line) => JSON.parse(line)).filter((line) => line.stream === stream),
  };
};

const canary = { email: 'canary.patient@example.com', address: '198.51.100.77', words: 'Canary-Symptom-42' };

describe('the log', () => {
  it('[ED19] has one JSON line a request, and nothing of what the caller sent', async () => {
    const { token, id, email } = await patient(canary.words);
    const bearer = { authorization: `Bearer ${token}` };
    const asks: (() => Promise<Response>)[] = [
      () => deployed.ask(`/api/v1/doctors/${id}?q=${canary.words}`, { from: canary.address }),
      () =>
        deployed.ask('/api/v1/appointments', {
          headers: { ...bearer, 'user-agent': canary.words },
          from: canary.address,
        }),
      () => deployed.ask(`/${canary.words}/${canary.email}`, { headers: bearer, from: canary.address }),
      () =>
        deployed.ask('/api/v1/auth/me', { headers: { authorization: `Bearer ${canary.words}` }, from: canary.address }),
      () =>
        deployed.post('/api/v1/auth/login', { email: canary.email, password: canary.words }, { from: canary.address }),
      () => deployed.post('/api/v1/auth/login', { [canary.email]: canary.words }, { from: canary.address }),
      () =>
        deployed.ask('/api/v1/auth/login', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: `{"${canary.email}":`,
        }),
      () =>
        deployed.ask('/api/v1/doctors', { headers: { 'idempotency-key': canary.words, 'x-request-id': canary.words } }),
    ];
    for (const ask of asks) {
      const { lines, of } = await written(ask);
      expect(of('requests')).toHaveLength(1);
      expect(Object.keys(of('requests')[0]).sort()).toEqual([
        'code',
        'durationMs',
        'level',
        'method',
        'requestId',
        'role',
        'route',
        'status',
        'stream',
      ]);
      const text = lines.join('\n');
      for (const secret of [...Object.values(canary), encodeURIComponent(canary.email), token, email])
        expect(text).not.toContain(secret);
    }
  });

  it('[ED19] has the id that the answer carries, and the code that it was refused by', async () => {
    let answer: Response | undefined;
    const { of } = await written(async () => {
      answer = await deployed.ask('/api/v1/appointments');
    });
    expect(of('requests')[0]).toMatchObject({
      requestId: answer?.headers.get('x-request-id'),
      route: '/api/v1/appointments',
      status: 401,
      code: 'unauthenticated',
      role: null,
    });
  });

  it('[ED19] has a line of a request that the settings do not let serve', async () => {
    const { of } = await written(() => edge({ ...production, MAX_URL_BYTES: '' }).ask('/health'));
    expect(of('requests')[0]).toMatchObject({ route: '/health', status: 500, code: 'internal_error' });
  });
});

describe('security events', () => {
  it('[ED20] are a stream of their own, with the account or the hashed address and never the address', async () => {
    const { token, id } = await patient();
    const { lines, of } = await written(() =>
      deployed.ask('/api/v1/admin/audit', { headers: { authorization: `Bearer ${token}` }, from: canary.address }),
    );
    expect(of('security')).toEqual([
      expect.objectContaining({
        event: 'access.denied',
        accountId: id,
        role: 'patient',
        method: 'GET',
        route: '/api/v1/admin/audit',
        requestId: of('requests')[0].requestId,
        address: expect.stringMatching(/^[\w-]{16}$/),
      }),
    ]);
    expect(lines.join()).not.toContain(canary.address);
  });

  it('[ED20] tell one address from another, by a key of the deployment', async () => {
    const addressOf = async (from: string, settings = {}): Promise<string> => {
      const heard = vi.spyOn(securityLog, 'write').mockImplementation(() => undefined);
      await edge(settings).ask('/api/v1/auth/me', { headers: { authorization: 'Bearer x' }, from });
      return heard.mock.calls.at(-1)?.[0].address ?? '';
    };
    const one = await addressOf('192.0.2.1');
    expect(await addressOf('192.0.2.1')).toBe(one);
    expect(await addressOf('192.0.2.2')).not.toBe(one);
    expect(await addressOf('192.0.2.1', { DATA_KEY: btoa('x'.repeat(32)) })).not.toBe(one);
  });

  it('[ED20] withhold a text that is no id and no word of the code, whoever hands it over', async () => {
    const careless = router();
    careless.get('/careless', (c) => {
      c.set('requestId', 'r');
      c.set('settings', { environment: 'production', dataKey: 'k' } as never);
      securityEvent(c, 'access.denied', { reason: 'Canary has a rash', subjectId: 'canary@example.com', count: 3 });
      return c.body(null, 204);
    });
    const heard = vi.spyOn(securityLog, 'write').mockImplementation(() => undefined);
    await careless.request('/careless', {}, env, {
      waitUntil: () => undefined,
      passThroughOnException: () => undefined,
      props: {},
    } as never);
    await vi.waitFor(() => expect(heard).toHaveBeenCalled());
    expect(heard.mock.calls[0]?.[0]).toMatchObject({ reason: '(withheld)', subjectId: '(withheld)', count: 3 });
  });
});

describe('what is out of reach', () => {
  const failing = (error: unknown) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(env.DB, 'prepare').mockImplementation(() => {
      throw error;
    });
  };
  const codeOf = async (answer: Response) => (await answer.json<{ code: string }>()).code;

  it.each([
    'D1_ERROR: Network connection lost.',
    'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
    'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
    'D1_ERROR: Internal error in D1 DB storage caused object to be reset.',
    'D1_ERROR: database is locked: SQLITE_BUSY',
  ])('[ED18] gets 503 and when to try again: %s', async (message) => {
    failing(new Error(message));
    for (const ask of [
      () => edge().post('/api/v1/auth/login', { email: 'a@example.com', password: 'Correct-Horse-7' }),
      () => edge().ask('/api/v1/clinics'),
    ]) {
      const answer = await ask();
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
      const text = await answer.text();
      expect(JSON.parse(text).code).toBe('temporarily_unavailable');
      expect(text).not.toMatch(/D1|SQLITE|object|reset/);
    }
  });

  it.each([
    'D1_ERROR: no such column: nme: SQLITE_ERROR',
    'D1_ERROR: UNIQUE constraint failed: clinics.id: SQLITE_CONSTRAINT',
    'D1_ERROR: Wrong number of parameter bindings for SQL query.',
    'Cannot read properties of undefined',
  ])('[ED18] is not what our own mistake is: %s', async (message) => {
    failing(new Error(message));
    const answer = await edge().ask('/api/v1/clinics');
    expect([answer.status, await codeOf(answer)]).toEqual([500, 'internal_error']);
  });

  it('[ED18] is also an object that is being restarted', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { id } = await doctor();
    const slots = () => Promise.reject(Object.assign(new Error('reset'), { durableObjectReset: true }));
    const answer = await edge({ DOCTOR_DAY: { getByName: () => ({ slots }) } }).ask(
      `/api/v1/doctors/${id}/slots?date=${new Date().toISOString().slice(0, 10)}`,
    );
    expect([answer.status, await codeOf(answer)]).toEqual([503, 'temporarily_unavailable']);
  });
});

describe('made-up doctors', () => {
  const today = new Date().toISOString().slice(0, 10);
  const looks = (calls: readonly (readonly [sql: string])[]): number =>
    calls.filter(([sql]) => sql.includes('FROM doctors WHERE id')).length;
  const asking = () => {
    const woken: string[] = [];
    const DOCTOR_DAY = {
      getByName: (name: string) => {
        woken.push(name);
        return { slots: async () => null };
      },
    };
    return { woken, ...edge({ DOCTOR_DAY }) };
  };

  it('[ED22] wake no object, and cost one look along a key', async () => {
    const { woken, ask } = asking();
    const prepared = vi.spyOn(env.DB, 'prepare');
    for (const id of ['u_AAAAAAAAAAAAAAAB', 'u_AAAAAAAAAAAAAAAC', 'u_AAAAAAAAAAAAAAAB']) {
      expect((await ask(`/api/v1/doctors/${id}/slots?date=${today}`)).status).toBe(404);
    }
    expect(woken).toEqual([]);
    expect(looks(prepared.mock.calls)).toBe(3);
  });

  it('[ED22] keep nobody from a doctor who exists, who is looked up once, or not at all while D1 is out of reach', async () => {
    const [first, second] = [await doctor(), await doctor()];
    const { woken, ask } = asking();
    const prepared = vi.spyOn(env.DB, 'prepare');
    for (let i = 0; i < 3; i += 1) await ask(`/api/v1/doctors/${first.id}/slots?date=${today}`);
    expect(looks(prepared.mock.calls)).toBe(1);
    prepared.mockImplementation(() => {
      throw new Error('D1_ERROR: Network connection lost.');
    });
    await ask(`/api/v1/doctors/${second.id}/slots?date=${today}`);
    expect(woken).toEqual([
      ...Array(3).fill(dayName({ doctorId: first.id, date: today as never })),
      dayName({ doctorId: second.id, date: today as never }),
    ]);
  });
});
