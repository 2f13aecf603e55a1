import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { slotId } from '../../src/domain/ids.ts';
import { refusals } from '../../src/domain/refusal.ts';
import { call, send } from '../support/api.ts';
import {
  assemble,
  type Cast,
  everybody,
  type Member,
  missingLike,
  privateTexts,
  roleOf,
  type Who,
} from '../support/cast.ts';
import { signedIn } from '../support/clinic.ts';
import { interceptDayQueue } from '../support/day-queue.ts';
import { unverifiedDoctor } from '../support/people.ts';
import { type Ask, addressOf, type Expected, methodOf, routeTable } from '../support/route-table.ts';
import { servedRoutes } from '../support/served.ts';

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

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Asks as somebody, at the time that the request is about. */
const request = async (who: Who, route: string, ask: Ask, params = ask.params): Promise<Answered> => {
  if (ask.atMs !== undefined) vi.useFakeTimers({ toFake: ['Date'], now: ask.atMs });
  const as = who === 'anonymous' ? null : await tokenOf(who, ask.atMs !== undefined);
  const body = ask.body === undefined ? {} : { body: ask.body };
  const response = await send(methodOf(route), addressOf(route, ask, params), { as, ...body });
  vi.useRealTimers();
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const tokenOf = (who: Member, later: boolean) =>
  later ? signedIn(cast.members[who].id, roleOf[who]) : cast.members[who];

const statusOf = (expected: Expected): number => (typeof expected === 'number' ? expected : refusals[expected].status);

/** All of an answer but what belongs to the occasion. */
const lasting = ({ status, headers, text }: Answered) => ({
  status,
  headers: Object.fromEntries([...headers].filter(([name]) => name !== 'x-request-id')),
  text: text.replace(/"instance":"[^"]*"/, ''),
});

const isMutation = (route: string): boolean => !route.startsWith('GET ');

/** What a refused mutation must leave as it is: D1's own log, and the appointment that it was about. */
const traces = async ({ params }: Ask) => {
  // Reading the appointment is itself recorded.
  const log = await env.DB.prepare(
    `select count(*) as entries from audit_events where stream not like 'day:%' and action <> 'appointment.read'`,
  ).first('entries');
  const id = params?.id ?? '';
  const appointment = id.startsWith('a_') ? (await cast.members.admin.reads(id)).body : null;
  return { log, appointment };
};

const fieldsOfAll = [
  'calendarUid,clinicId,consultationFee,createdAt,doctorId,endsAt,expiresAt,id,mode,outsideSchedule,patientId,slotId',
  'startsAt,status,timeZone,updatedAt,version',
].flatMap((line) => line.split(','));
const words = ['reason', 'statusReason', 'symptoms'];
/** With lists and reads only, or where there is any. */
const names = [
  'payment',
  'priority',
  'offer',
  'resources',
  'patientName',
  'doctorName',
  'clinicName',
  'attendanceConfirmedAt',
];
const fieldsOf: Readonly<Record<Who, readonly string[]>> = {
  anonymous: [],
  patient: [...fieldsOfAll, ...words, 'conflictsWith'],
  otherPatient: [...fieldsOfAll, ...words, 'conflictsWith'],
  ownDoctor: [...fieldsOfAll, ...words],
  otherDoctor: [...fieldsOfAll, ...words],
  admin: fieldsOfAll,
};

const appointmentsIn = (body: unknown): Record<string, unknown>[] => {
  const { items = [body] } = body as { items?: unknown[] };
  return items.filter((item) => typeof item === 'object' && item !== null && 'calendarUid' in item) as never;
};

/** Nobody reads what is not for them: neither fields of other roles, nor texts and addresses of other people. */
const expectNothingForOthers = (who: Who, route: string, { text, headers }: Answered): void => {
  for (const secret of privateTexts) if (!secret.seenBy.includes(who)) expect(text).not.toContain(secret.text);
  for (const member of everybody) {
    // Addresses of others are for admins who manage accounts, and in a developer's mailbox; nowhere else.
    if ((who === 'admin' && route.includes('/admin/users')) || route.startsWith('GET /dev/')) continue;
    if (member !== who && member !== 'anonymous') expect(text).not.toContain(cast.email(member));
  }
  expect(text).not.toMatch(/argon2|passwordHash|password_hash/);
  if (!headers.get('content-type')?.startsWith('application/json')) return;
  for (const appointment of appointmentsIn(JSON.parse(text))) {
    expect([...fieldsOf[who], ...names]).toEqual(expect.arrayContaining(Object.keys(appointment)));
    expect(Object.keys(appointment)).toEqual(expect.arrayContaining([...fieldsOfAll]));
    if (who === 'patient' || who === 'otherPatient') expect(appointment.patientId).toBe(cast.members[who].id);
    if (who === 'ownDoctor' || who === 'otherDoctor') expect(appointment.doctorId).toBe(cast.members[who].id);
  }
};

const release = async (ask: Ask, { text }: Answered): Promise<void> => {
  const made = /^\{"id":"(a_[\w-]+)"/.exec(text)?.[1];
  for (const id of [ask.params?.id, made]) if (id?.startsWith('a_')) await cast.release(id);
};

test('[AC1] the table has a row for every route, and a route for every row', () => {
  const listed = routeTable.map(([route]) => route);
  expect(listed.toSorted()).toEqual(servedRoutes());
});

describe.each(routeTable)('%s', (route, ask, expected) => {
  test('[AC2] [AC3] [AC4] [AC5] answers everybody as the table says', async () => {
    for (const [i, who] of everybody.entries()) {
      const fresh = await ask(cast);
      const wanted = expected[i] as Expected;
      const changesNothing = typeof wanted === 'string' && isMutation(route);
      const before = changesNothing ? await traces(fresh) : null;
      const answer = await request(who, route, fresh);
      expect(`${who}: ${answer.status}`, answer.text).toBe(`${who}: ${statusOf(wanted)}`);
      expectNothingForOthers(who, route, answer);
      if (typeof wanted === 'string') {
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(JSON.parse(answer.text).code).toBe(wanted);
        if (changesNothing) expect(await traces(fresh)).toEqual(before);
      }
      if (wanted === 'not_found') {
        const missing = mapped(fresh.params, missingLike);
        expect(lasting(answer)).toEqual(lasting(await request(who, route, fresh, missing)));
      }
      await release(fresh, answer);
    }
  });
});

const mapped = (params: Ask['params'], change: (id: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(params ?? {}).map(([name, id]) => [name, change(id)]));

/** Refusals at the door, before it matters what is asked for. */
const turnedAway: readonly Expected[] = ['unauthenticated', 'forbidden', 'not_found'];

// A rebuild is asked when D1 may have lost everything, so it takes any doctor's id for one.
const withIds = routeTable.filter(([route]) => route.includes(':') && !route.endsWith('/rebuild'));

describe.each(withIds)('%s', (route, ask, expected) => {
  test('[AC3] [AC6] answers one way about what does not exist, is of another kind, or is malformed', async () => {
    const fresh = await ask(cast);
    const allowed = everybody.filter((_, i) => !turnedAway.includes(expected[i] as Expected));
    const someone = allowed.at(-1) as Who;
    const answers: ReturnType<typeof lasting>[] = [];
    for (const who of allowed)
      answers.push(lasting(await request(who, route, fresh, mapped(fresh.params, missingLike))));
    const { id = '', ...others } = fresh.params ?? {};
    // Of routes about accounts, somebody's id is the id of something.
    const isOfAccounts = /\/(users|patients)\/:id/.test(route);
    for (const wrong of (id === '' ? [] : wrongIds(id)).filter(
      (one) => !isOfAccounts || one !== cast.members.patient.id,
    )) {
      answers.push(lasting(await request(someone, route, fresh, { ...others, id: wrong })));
    }
    for (const name of Object.keys(others)) {
      for (const wrong of [missingLike(others[name] ?? ''), ...wrongIds('')]) {
        answers.push(lasting(await request(someone, route, fresh, { id, ...others, [name]: wrong })));
      }
    }
    const body = { type: 'about:blank', title: refusals.not_found.title, status: 404, code: 'not_found' };
    for (const { status, text } of answers) {
      expect(status).toBe(404);
      expect(text).toBe(`${JSON.stringify(body).slice(0, -1)},}`);
    }
    const headers = new Set(answers.map((answer) => JSON.stringify(answer.headers)));
    expect([...headers]).toHaveLength(1);
    await cast.release(id);
  });
});

/** Ids that are none, and ids of something else, ready for a path. */
const wrongIds = (right: string): string[] => [
  'x',
  '-1',
  'null',
  `${right.slice(0, 2)}${'A'.repeat(15)}`,
  `${right.slice(0, 2)}${'A'.repeat(63)}`,
  right.slice(0, -1),
  `${right}A`,
  right.toUpperCase(),
  `%20${right}`,
  `${right}%00`,
  '%00',
  '%FF%FE',
  '%E0%A4%A',
  '..%2F..%2Fadmin',
  `'%20or%201=1--`,
  'a'.repeat(7_000),
  ...[cast.members.patient.id, cast.clinicId, slotId(cast.day, 60_000)].filter((id) => id !== right),
];

describe('lists', () => {
  test('[AC7] show a patient and a doctor their own appointments, whatever they filter by, and an admin all', async () => {
    const { patient, otherPatient, ownDoctor, otherDoctor, admin } = cast.members;
    const { id } = await cast.appointment('confirmed');
    await vi.waitFor(
      async () => expect((await patient.lists('?status=confirmed')).body.items.map(idOf)).toContain(id),
      { timeout: 10_000 },
    );
    const ids = async (who: typeof patient, query: string) => (await who.lists(query)).body.items.map(idOf);
    for (const query of ['', `?doctorId=${ownDoctor.id}`, '?status=confirmed', '?limit=100']) {
      expect(await ids(otherPatient, query)).not.toContain(id);
      expect(await ids(otherDoctor, query)).toEqual([]);
    }
    expect(await ids(ownDoctor, '?status=confirmed')).toContain(id);
    expect(await ids(admin, '?status=confirmed')).toContain(id);
    expect(await ids(patient, `?doctorId=${otherDoctor.id}`)).toEqual([]);
    await cast.release(id);
  });

  test('[AC7] a cursor says where a page begins and never whose it is', async () => {
    const { ownDoctor, otherPatient, otherDoctor, admin } = cast.members;
    const made = [await cast.appointment('confirmed'), await cast.appointment('confirmed')];
    const firstPage = await vi.waitFor(async () => {
      const page = await ownDoctor.lists('?limit=1');
      expect(page.body.nextCursor).not.toBeNull();
      return page;
    });
    const cursor = firstPage.body.nextCursor as string;
    expect((await otherPatient.lists(`?cursor=${cursor}`)).body.items.every(isOf(otherPatient.id))).toBe(true);
    expect((await otherDoctor.lists(`?cursor=${cursor}`)).body.items).toEqual([]);
    const beginning = btoa(JSON.stringify({ startsAtMs: 0, id: '' })).replaceAll('=', '');
    expect((await otherDoctor.lists(`?cursor=${beginning}`)).body.items).toEqual([]);
    const sessions = await admin.act('GET', `/doctors/${ownDoctor.id}/sessions?limit=1`);
    const theirs = await otherDoctor.act('GET', `/doctors/${ownDoctor.id}/sessions?cursor=${sessions.body.nextCursor}`);
    expect(theirs.body.code).toBe('not_found');
    for (const { id } of made) await cast.release(id);
  });
});

const idOf = (item: { id: string }): string => item.id;
const isOf =
  (patientId: string) =>
  (item: { patientId: string }): boolean =>
    item.patientId === patientId;

describe('a doctor who is not verified', () => {
  test('[AC8] is seen by admins and by the doctor alone, found by nobody, and cannot be booked', async () => {
    const person = await unverifiedDoctor({ specialization: 'Chiropractic' });
    const { patient, otherDoctor, admin } = cast.members;
    const self = await signedIn(person.id, 'doctor');
    await self.act('PUT', `/doctors/${person.id}/schedule`, cast.schedule);
    const paths = [`/slots?date=${cast.date}`, `/availability?from=${cast.date}&to=${cast.date}`, ''];
    for (const path of paths) {
      for (const who of [null, patient, otherDoctor]) {
        const seen = await (await send('GET', `/doctors/${person.id}${path}`, { as: who })).text();
        const missing = await (await send('GET', `/doctors/${missingLike(person.id)}${path}`, { as: who })).text();
        expect(seen.replace(/"instance":"[^"]*"/, '')).toBe(missing.replace(/"instance":"[^"]*"/, ''));
      }
    }
    expect((await send('GET', `/doctors/${person.id}`, { as: self })).status).toBe(200);
    expect((await send('GET', `/doctors/${person.id}`, { as: admin })).status).toBe(200);
    for (const query of ['specialization=Chiropractic', 'q=chiropractic', 'sort=soonest', 'limit=100']) {
      expect(await (await call(`/doctors?${query}`)).text()).not.toContain(person.id);
    }
    const startsAtMs = Date.parse(`${cast.date}T00:00:00+06:00`);
    const slot = slotId({ doctorId: person.id, date: cast.date }, startsAtMs);
    const nowhere = slotId({ doctorId: missingLike(person.id), date: cast.date }, startsAtMs);
    const { id } = await cast.appointment('confirmed');
    for (const one of [slot, nowhere]) {
      expect((await patient.holds(one)).body.code).toBe('slot_not_found');
      expect((await patient.moves(id, one)).body.code).toBe('slot_not_found');
    }
    expect((await patient.reads(id)).body.status).toBe('confirmed');
    await cast.release(id);
  });
});
