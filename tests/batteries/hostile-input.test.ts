import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { call, send } from '../support/api.ts';
import { assemble, type Cast, everybody, type Member, missingLike, roleOf } from '../support/cast.ts';
import { eventually, signedIn } from '../support/clinic.ts';
import { counts } from '../support/d1-counts.ts';
import { interceptDayQueue } from '../support/day-queue.ts';
import {
  cursorOf,
  decent,
  description,
  endlessList,
  hopelessBodies,
  hostileCursors,
  hostileFor,
  hostileQueryValues,
  placesIn,
  strangeAuthorizations,
  strangeTags,
  strayAddresses,
  withValue,
} from '../support/hostile.ts';
import { type Ask, addressOf, methodOf, type Row, routeTable } from '../support/route-table.ts';
import { servedRoutes } from '../support/served.ts';

const json = 'application/json';
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

/** What a row asks for, at the time that it asks at. */
const occasion = async (ask: Row[1]): Promise<Ask> => {
  const fresh = await ask(cast);
  if (fresh.atMs !== undefined)
    vi.useFakeTimers({ toFake: ['Date', 'setInterval'], now: fresh.atMs, shouldAdvanceTime: true });
  return fresh;
};

/** What is looked for or previewed stands in a body because addresses are logged. It changes nothing, so it takes no key. */
const isSearch = (route: string): boolean => /\/patients\/search$|\/(absences|schedule)\/preview$/.test(route);

/** What another's program posts, which knows no key: told twice, it changes nothing more. */
const isReport = (route: string): boolean =>
  /\/sms-status\/:id$|\/payment-webhooks\/:gateway$|^POST \/dev\//.test(route);

/** Somebody whom a route does not turn away: the last in the table, or nobody where nobody is needed. */
const welcome = (expected: Row[2]): Member | null => {
  const away: readonly unknown[] = ['unauthenticated', 'forbidden', 'not_found'];
  const who = everybody.filter((_, i) => !away.includes(expected[i])).at(-1) as Member;
  return typeof expected[0] === 'number' ? null : who;
};

/** The token to ask with: at another time, one that was issued then, after whatever the last request has ended. */
const tokenFor = async (who: Member, { atMs }: Ask): Promise<string> => {
  const { id, token } = cast.members[who];
  return atMs === undefined ? token : (await signedIn(id, roleOf[who])).token;
};

const post = async (route: string, as: Member | null, ask: Ask, body: BodyInit, type: string | null, more = {}) => {
  const headers = new Headers(more);
  if (as !== null) headers.set('authorization', `Bearer ${await tokenFor(as, ask)}`);
  if (type !== null) headers.set('content-type', type);
  return call(addressOf(route, ask), { method: methodOf(route), headers, body });
};

const released = async (ask: Ask, ...texts: string[]): Promise<void> => {
  const ids = texts.flatMap((text) => /^\{"id":"(a_[\w-]+)"/.exec(text)?.[1] ?? []);
  for (const id of [ask.params?.id ?? '', ...ids]) if (id.startsWith('a_')) await cast.release(id);
};

/** Routes that hash a password for each body that they understand. */
const isCostly = (route: string): boolean => /auth\/register$|v1\/doctors$/.test(route);

/** A new doctor in a clinic that does not exist: understood, and refused before a password is hashed. */
const unknownClinic = (body: unknown): unknown => {
  const place = placesIn(body).find((one) => one.at(-1) === 'clinicIds') ?? [];
  return withValue(body, place, [missingLike(cast.clinicId)]);
};

// What takes a file understands no JSON: it has attacks of its own, beside its feature's tests.
const takesFile = /v1\/((doctors|patients)\/:id\/documents|users\/me\/picture)$/;
const mutations = routeTable.filter(([route]) => !route.startsWith('GET ') && !takesFile.test(route));
let documented: Awaited<ReturnType<typeof description>>;
const operationOf = (route: string) =>
  documented.paths[route.replaceAll(/^\S+ |:(\w+)/g, (_, name) => (name === undefined ? '' : `{${name}}`))]?.[
    methodOf(route).toLowerCase()
  ];
beforeAll(async () => {
  documented = await description();
});

test('[HI1] every route is tried: the table that these tests go through has them all', () => {
  expect(routeTable.map(([route]) => route).toSorted()).toEqual(servedRoutes());
  for (const [route] of routeTable)
    expect(operationOf(route) !== undefined || route.endsWith('/docs') || route.includes(' /dev/'), route).toBe(true);
});

describe.each(mutations)('%s', (route, ask, expected) => {
  test('[HI2] a body that is no JSON, no object, too deep, too large or of another type is refused, and changes nothing', async () => {
    if (operationOf(route)?.requestBody === undefined) return;
    const [fresh, as, before] = [await occasion(ask), welcome(expected), await counts()];
    for (const [what, status, type, body] of hopelessBodies) {
      const answer = await decent(await post(route, as, fresh, body, type), `${route} ${what}`);
      expect(answer.status, `${what}: ${answer.text}`).toBe(status);
    }
    expect(await counts()).toEqual(before);
    await released(fresh);
  });

  test('[HI3] a field with a wrong value is refused by name, or taken whole', async () => {
    const [fresh, as, before] = [await occasion(ask), welcome(expected), await counts()];
    const valid = isCostly(route) ? unknownClinic(fresh.body) : fresh.body;
    const successes: string[] = [];
    const tries = async (place: readonly string[], value: unknown): Promise<void> => {
      const what = `${route} ${place.join('.')} = ${JSON.stringify(value)}`;
      const body = JSON.stringify(withValue(valid, place, value));
      // With a key, the body is looked into even before it is understood.
      const key = typeof value === 'object' ? { 'idempotency-key': crypto.randomUUID() } : {};
      const { status, text, problem } = await decent(await post(route, as, fresh, body, json, key), what);
      if (status < 300) successes.push(text);
      if (problem?.code !== 'invalid_request' || typeof value !== 'object' || value === null) return;
      // What holds more than any body may is refused as a whole.
      if (text.includes('holds more than')) return;
      const paths = problem.errors?.map(({ path }) => `${path}.`) ?? [];
      expect(
        paths.filter((path) => path.startsWith(`${place.join('.')}.`)),
        `${what}: ${text}`,
      ).not.toEqual([]);
    };
    for (const place of placesIn(valid)) {
      const now = valueAt(valid, place);
      await Promise.all([undefined, ...hostileFor(now)].map((value) => tries(place, value)));
      if (Array.isArray(now)) await tries(place, endlessList);
    }
    await released(fresh, ...successes);
    const made = ((await counts()).accounts ?? 0) - (before.accounts ?? 0);
    expect(made).toBe(isCostly(route) ? successes.length : 0);
  });

  test('[HI4] a field that nobody knows is refused by name, wherever it stands', async () => {
    const [fresh, as] = [await occasion(ask), welcome(expected)];
    const objects = [[], ...placesIn(fresh.body)].filter((place) => isRecord(valueAt(fresh.body, place)));
    for (const place of objects) {
      for (const name of ['extra', 'id', 'role', '__proto__', 'constructor', 'patientId', 'verifiedAtMs']) {
        const at = valueAt(fresh.body, place) as object;
        if (Object.hasOwn(at, name)) continue;
        const body = withValue(fresh.body, place, { ...at, [`?${name}`]: 1 });
        const text = JSON.stringify(body).replace(`"?${name}"`, `"${name}"`);
        const { problem } = await decent(await post(route, as, fresh, text, json), `${route} ${text}`);
        // A rule may name its own id: there, 1 is a wrong one.
        expect(problem?.code, text).toBe('invalid_request');
        expect(problem?.errors?.map((error) => error.path)).toContain([...place, name].join('.'));
      }
    }
    await released(fresh);
  });

  test('[HI5] an Idempotency-Key that is none is refused', async () => {
    if (isSearch(route) || isReport(route)) return;
    const [fresh, as] = [await occasion(ask), welcome(expected)];
    for (const key of ['', 'a'.repeat(256), 'a\tb', '\u007f']) {
      const body = JSON.stringify(fresh.body ?? {});
      const response = await post(route, as, fresh, body, json, { 'idempotency-key': key });
      const { problem } = await decent(response, `${route} key ${key}`);
      expect(problem?.errors?.[0]?.path.toLowerCase(), key).toBe('header.idempotency-key');
    }
    await released(fresh);
  });

  test('[HI6] bodies made at random, and valid ones with something random in them, are refused or taken whole', async () => {
    if (operationOf(route)?.requestBody === undefined) return;
    const [fresh, as] = [await occasion(ask), welcome(expected)];
    const valid = isCostly(route) ? unknownClinic(fresh.body) : (fresh.body ?? {});
    const places = [[], ...placesIn(valid)];
    const anything = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
    const mutated = fc
      .tuple(fc.constantFrom(...places), anything)
      .map(([place, value]) => withValue(valid, place, value));
    const successes: string[] = [];
    const property = fc.asyncProperty(fc.oneof(anything, { arbitrary: mutated, weight: 3 }), async (body) => {
      const key = { 'idempotency-key': crypto.randomUUID() };
      const response = await post(route, as, fresh, JSON.stringify(body), json, key);
      const { status, text } = await decent(response, `${route} ${JSON.stringify(body)}`);
      if (status < 300) successes.push(text);
    });
    await fc.assert(property, { seed: 20_261_101, numRuns: 25 });
    await released(fresh, ...successes);
  });
});

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const valueAt = (body: unknown, place: readonly string[]): unknown =>
  place.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], body);

describe('queries', () => {
  test('[HI7] a query parameter with a wrong value is refused by name, or answered', async () => {
    for (const [route, ask, expected] of routeTable) {
      const parameters = operationOf(route)?.parameters?.filter((one) => one.in === 'query') ?? [];
      if (parameters.length === 0) continue;
      const [fresh, who] = [await occasion(ask), welcome(expected)];
      const as = who === null ? null : cast.members[who];
      for (const { name, schema } of parameters) {
        const others = Object.fromEntries(Object.entries(fresh.query ?? {}).filter(([key]) => key !== name));
        const path = addressOf(route, { ...fresh, query: others });
        const get = async (query: string) => {
          const response = await send(methodOf(route), `${path}${path.includes('?') ? '&' : '?'}${query}`, { as });
          return decent(response, `${route} ${query}`);
        };
        const refusedByName = async (query: string) => {
          const { problem } = await get(query);
          expect(
            problem?.errors?.map((error) => error.path),
            `${route} ${query}`,
          ).toContain(`query.${name}`);
        };
        for (const value of hostileQueryValues) {
          if (schema.format === 'date' || name === 'limit') await refusedByName(`${name}=${value}`);
          else await get(`${name}=${value}`);
        }
        if (name === 'cursor') for (const cursor of hostileCursors) await refusedByName(`cursor=${cursor}`);
        await refusedByName(`${name}=1&${name}=2`);
      }
      const extra = await send(methodOf(route), `${path0(route, fresh)}extra=1`, { as });
      expect((await decent(extra, route)).problem?.errors?.[0]?.path).toBe('query.extra');
    }
  });

  test('[HI8] a cursor of one list is none of another', async () => {
    const { ownDoctor, admin, patient } = cast.members;
    await admin.act('POST', '/clinics', cast.newClinic());
    await cast.session();
    await cast.session();
    await cast.timeOff();
    await cast.timeOff();
    const made = [await cast.appointment('confirmed'), await cast.appointment('confirmed')];
    for (let i = 0; i < 2; i += 1) {
      await cast.submitted();
      await cast.deadLetter();
    }
    const lists = [
      '/admin/users',
      '/admin/doctors',
      '/admin/dead-letters',
      '/clinics',
      '/doctors',
      '/doctors?sort=fee',
      '/doctors?sort=experience',
      '/admin/audit',
    ];
    lists.push(`/doctors/${ownDoctor.id}/sessions`, `/doctors/${ownDoctor.id}/time-off`, '/appointments');
    const paged = (list: string, query: string) =>
      admin.act('GET', `${list}${list.includes('?') ? '&' : '?'}limit=1${query}`);
    const cursors = new Map<string, string>();
    for (const list of lists) {
      const page = await eventually(
        () => paged(list, ''),
        ({ body }) => typeof body.nextCursor === 'string',
      );
      cursors.set(list, page.body.nextCursor);
    }
    for (const list of lists) {
      for (const [of, cursor] of cursors) {
        const { body } = await paged(list, `&cursor=${cursor}`);
        if (of === list) expect(body.items).toHaveLength(1);
        else expect(body.errors, `${of} in ${list}`).toEqual([expect.objectContaining({ path: 'query.cursor' })]);
      }
    }
    for (const { id } of made) await cast.release(id);
    expect((await patient.lists(`?cursor=${cursorOf({ startsAtMs: 0, id: '', patientId: admin.id })}`)).status).toBe(
      200,
    );
  });

  test('[HI8] a list of the longest names in any script can be paged through', async () => {
    const { admin } = cast.members;
    for (const letter of ['ক', '語', '"'])
      await admin.act('POST', '/clinics', { ...cast.newClinic(), name: letter.repeat(120) });
    let cursor = '';
    let seen = 0;
    do {
      const { status, body } = await admin.act('GET', `/clinics?limit=1${cursor}`);
      expect(status).toBe(200);
      seen += body.items.length;
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toBe((await counts()).clinics);
  });
});

const path0 = (route: string, ask: Ask): string => {
  const path = addressOf(route, ask);
  return `${path}${path.includes('?') ? '&' : '?'}`;
};

const pattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+').replaceAll('.', '\\.')}$`);

describe('addresses, methods, headers', () => {
  const paths = [...new Set(routeTable.map(([route]) => route.slice(route.indexOf(' ') + 1)))];
  const served = (path: string): string[] =>
    routeTable.flatMap(([route]) => (pattern(route.slice(route.indexOf(' ') + 1)).test(path) ? [methodOf(route)] : []));

  test('[HI9] a method that an address does not take gets 405 and hears which it takes; OPTIONS says the same', async () => {
    for (const template of paths) {
      const path = template.replaceAll(/:\w+/g, 'x');
      const takes = new Set(served(path));
      const wanted = [...takes, ...(takes.has('GET') ? ['HEAD'] : []), 'OPTIONS'].toSorted();
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'OPTIONS']) {
        if (takes.has(method)) continue;
        const response = await call(`/${path}`, { method });
        expect(response.headers.get('allow')?.split(', ').toSorted(), `${method} ${path}`).toEqual(wanted);
        const { status } = await decent(response, `${method} ${path}`);
        expect(status).toBe(method === 'OPTIONS' ? 204 : 405);
      }
    }
  });

  test('[HI9] HEAD answers as GET would, without a body', async () => {
    for (const template of paths) {
      const path = `/${template.replaceAll(/:\w+/g, 'x')}`;
      const [head, get] = [await call(path, { method: 'HEAD' }), await call(path)];
      const isServed = served(path.slice(1)).includes('GET');
      expect({ status: head.status, type: head.headers.get('content-type') }, path).toEqual({
        status: isServed ? get.status : 405,
        type: get.headers.get('content-type'),
      });
      expect(await head.text()).toBe('');
      await get.body?.cancel();
    }
  });

  test('[HI10] an address that leads nowhere gets 404, with any method', async () => {
    for (const path of strayAddresses) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const { problem } = await decent(await call(path, { method }), `${method} ${path}`);
        expect(problem?.code, `${method} ${path.slice(0, 80)}`).toBe('not_found');
      }
    }
  });

  test('[HI11] an Authorization header that is none of ours gets 401', async () => {
    const asked = [
      ['GET', '/auth/me'],
      ['POST', '/appointments'],
      ['GET', '/admin/audit'],
    ] as const;
    for (const authorization of strangeAuthorizations(cast.members.patient.token)) {
      for (const [method, path] of asked) {
        const response = await call(path, { method, headers: { authorization } });
        expect(response.headers.get('www-authenticate'), authorization).toBe('Bearer');
        expect((await decent(response, authorization)).problem?.code).toBe('unauthenticated');
      }
    }
  });

  test('[HI11] conditions that are none are refused where a change rests on them, and ignored where nothing does', async () => {
    const { ownDoctor } = cast.members;
    const path = `/doctors/${ownDoctor.id}`;
    for (const tag of strangeTags) {
      const [body, ifMatch] = [cast.schedule, { 'if-match': tag }];
      const put = await decent(await send('PUT', `${path}/schedule`, { as: ownDoctor, body, headers: ifMatch }), tag);
      expect(put.problem?.errors, tag).toEqual([expect.objectContaining({ path: 'header.if-match' })]);
      const headers = { 'if-none-match': tag };
      for (const read of [path, `${path}/schedule`, `${path}/slots?date=${cast.date}`]) {
        expect((await decent(await send('GET', read, { as: ownDoctor, headers }), tag)).status, tag).toBe(200);
      }
    }
  });
});

test('[HI12] after all of this nothing is half done', async () => {
  const found = await counts();
  expect(found.accountsNoted).toBe(found.accounts);
  expect(found.doctors).toBe(found.doctorAccounts);
  expect(found.clinicsNoted).toBe(found.clinics);
  expect(found.claims).toBe(0);
  const lists = await Promise.all(['/doctors?limit=100', '/clinics?limit=100'].map((path) => call(path)));
  for (const list of lists) {
    // Fatal: bytes that are no UTF-8 would have come through the front door.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(await list.arrayBuffer());
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point.
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\ufffd]/);
  }
});
