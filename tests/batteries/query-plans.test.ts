import { env } from 'cloudflare:workers';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ProjectionBatch } from '../../durable-objects/ports.ts';
import { crons, ring } from '../../src/cron.ts';
import { verificationStates } from '../../src/db/schema.ts';
import { d1Projection } from '../../src/doctor-days/projection.ts';
import { addDays, utcDate } from '../../src/domain/local-date.ts';
import { fromDatabase } from '../../src/features/metrics/gauges.ts';
import { send } from '../support/api.ts';
import { assemble, type Cast } from '../support/cast.ts';
import { signedIn } from '../support/clinic.ts';
import { cursorOf } from '../support/hostile.ts';
import { runDaily, runEveryMinute } from '../support/jobs.ts';
import { addressOf, methodOf, routeTable } from '../support/route-table.ts';
import { deliveryTo, nowhere } from '../support/webhooks.ts';

let cast: Cast;
/** Every SQL text that was prepared, with what was bound to it last. */
const prepared = new Map<string, unknown[]>();
const plainPrepare = env.DB.prepare.bind(env.DB);
const today = utcDate(Date.now());
const instant = '2026-11-01T00:00:00Z';

beforeAll(async () => {
  cast = await assemble();
  vi.spyOn(env.DB, 'prepare').mockImplementation((sql) => {
    const statement = plainPrepare(sql);
    prepared.set(sql, prepared.get(sql) ?? []);
    const bind = statement.bind.bind(statement);
    statement.bind = (...values) => {
      prepared.set(sql, values);
      return bind(...values);
    };
    return statement;
  });
});
afterAll(() => vi.restoreAllMocks());

/** Lines of a plan that walk a whole table. What is walked along an index, a list of JSON or a subquery may pass. */
const walks = async (sql: string, values: unknown[]): Promise<string[]> => {
  const { results } = await plainPrepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...values)
    .all<{ detail: string }>();
  return results
    .map(({ detail }) => detail)
    .filter((detail) => detail.startsWith('SCAN '))
    .filter((detail) => !/ USING (COVERING )?INDEX | VIRTUAL TABLE|^SCAN (CONSTANT ROW|\(subquery-\d+\)$)/.test(detail))
    .filter((detail) => !namedSubquery(sql, detail.slice('SCAN '.length)));
};

/** Whether a name in a plan is what the statement calls a subquery or a common table expression of its own. */
const namedSubquery = (sql: string, name: string): boolean =>
  new RegExp(`\\)\\s*(as\\s+)?"?${name}"?\\b|\\bwith\\s+"?${name}"?\\s+as\\b`, 'i').test(sql);

const everyPlan = async (): Promise<Record<string, string[]>> => {
  const found: Record<string, string[]> = {};
  for (const [sql, values] of prepared) {
    if (/^\s*(explain|pragma)/i.test(sql)) continue;
    // In the order in which the rows lie, as many as the limit says.
    if (/from "messages" order by rowid desc limit \?$/i.test(sql)) continue;
    const lines = await walks(sql, values);
    if (lines.length > 0) found[sql] = lines;
  }
  return found;
};

/** Every query string that some of the filters make, each with each of its values. */
const queriesOf = (filters: Readonly<Record<string, readonly string[]>>): string[] => {
  let queries = [''];
  for (const [name, values] of Object.entries(filters)) {
    const withIt = values.flatMap((value) => queries.map((query) => `${query}&${name}=${encodeURIComponent(value)}`));
    queries = [...queries, ...withIt];
  }
  return queries.map((query) => `?${query.slice(1)}`);
};

/** Asks a list, and for its second page. */
const leafThrough = async (path: string, as: { readonly token: string } | null): Promise<void> => {
  const first = await send('GET', path, { as });
  expect([path, first.status]).toEqual([path, 200]);
  const { nextCursor } = await first.json<{ nextCursor: string | null }>();
  if (nextCursor !== null) await send('GET', `${path}&cursor=${encodeURIComponent(nextCursor)}`, { as });
};

test('[PF1] the check knows a walk through a whole table when it sees one', async () => {
  expect(await walks('SELECT id FROM appointments WHERE reason = ?', ['x'])).toEqual(['SCAN appointments']);
  expect(
    await walks('SELECT a.id FROM appointments a JOIN json_each(?) j ON a.symptoms = j.value', ['[]']),
  ).not.toEqual([]);
  expect(await walks('SELECT id FROM appointments WHERE id = ?', ['x'])).toEqual([]);
});

afterEach(() => void vi.useRealTimers());

test('[PF1] no request of any route, by anybody, walks a whole table', async () => {
  for (const [route, ask] of routeTable) {
    for (const who of ['patient', 'ownDoctor', 'admin'] as const) {
      const { params, query, body, atMs } = await ask(cast);
      const made = { ...(params && { params }), ...(query && { query }) };
      const said = body === undefined ? {} : { body };
      if (atMs !== undefined) vi.useFakeTimers({ toFake: ['Date'], now: atMs });
      const answer = await send(methodOf(route), addressOf(route, made), { as: cast.members[who], ...said });
      vi.useRealTimers();
      const held = /^\{"id":"(a_[\w-]+)"/.exec(await answer.text())?.[1];
      if (held !== undefined) await cast.release(held);
    }
  }
  expect(prepared.size).toBeGreaterThan(50);
  expect(await everyPlan()).toEqual({});
});

test('[PF1] no filter, no order and no second page of a search walks a whole table', async () => {
  const filters = {
    sort: ['name', 'fee', 'experience', 'soonest'],
    q: ['rahi card'],
    specialization: ['Cardiology'],
    city: ['Dhaka'],
    mode: ['video'],
    currency: ['BDT'],
    maxFee: ['200000'],
    availableOn: [cast.date],
  };
  // Three conditions at once, or all of them, make every kind of statement that more than three do.
  const all = Object.keys(filters).length;
  const queries = queriesOf(filters)
    .filter((query) => !query.includes('maxFee') || query.includes('currency'))
    .filter((query) => [0, 1, 2, 3, all].includes(query.split('=').length - 1));
  for (const query of queries) await leafThrough(`/doctors${query}&limit=1`, null);
  const more = [
    'locationId=BD-C',
    'near=23.7,90.4',
    'availableWithin=7',
    'language=bn',
    'gender=female',
    'minRating=4.5',
  ];
  for (const sort of ['name', 'soonest', 'rating', 'distance&near=23.75,90.38', 'relevance', 'relevance&q=rahi']) {
    for (const filter of ['', ...more, more.join('&')]) {
      if (sort.includes('near') && filter.includes('near')) continue;
      await leafThrough(`/doctors?sort=${sort}&${filter}&limit=1`.replace('&&', '&'), null);
    }
  }
  await send('GET', '/doctors?q=cardiolgy');
  expect(await everyPlan()).toEqual({});
});

test('[PF1] no filter of a list walks a whole table', async () => {
  const { patient, ownDoctor, admin } = cast.members;
  const appointments = {
    status: ['confirmed', 'expired', 'pending'],
    from: [today],
    to: [addDays(today, 30)],
    doctorId: [ownDoctor.id],
    patientId: [patient.id],
    clinicId: [cast.clinicId],
    outsideSchedule: ['true'],
  };
  const guardian = await signedIn(patient.id, 'patient', { dependantIds: [cast.members.otherPatient.id] });
  const desk = await signedIn(patient.id, 'staff', { clinicIds: [cast.clinicId] });
  const desks = await signedIn(patient.id, 'staff', { clinicIds: [cast.clinicId, 'c_other'] });
  for (const query of queriesOf(appointments)) {
    for (const as of [patient, guardian, desk, desks, ownDoctor, admin])
      await leafThrough(`/appointments${query}&limit=1`, as);
  }
  for (const query of queriesOf({ stream: [`doctor:${ownDoctor.id}`], subject: [ownDoctor.id] })) {
    await leafThrough(`/admin/audit${query}&limit=1`, admin);
  }
  for (const query of queriesOf({ from: [today], to: [addDays(today, 30)] })) {
    await leafThrough(`/doctors/${ownDoctor.id}/sessions${query}&limit=1`, ownDoctor);
  }
  for (const query of queriesOf({ from: [today] })) {
    await leafThrough(`/doctors/${ownDoctor.id}/time-off${query}&limit=1`, ownDoctor);
  }
  await leafThrough('/clinics?limit=1', null);
  await leafThrough('/clinics?organizationId=o_x&limit=1', null);
  await leafThrough('/organizations?limit=1', null);
  await leafThrough('/locations?limit=1', null);
  await leafThrough('/locations?parent=BD&limit=1', null);
  for (const query of ['q=dha', 'q=dha&level=2']) await leafThrough(`/locations?${query}&limit=1`, null);
  await send('GET', '/specializations?q=heart');
  for (const query of queriesOf({ role: ['patient', 'admin'], active: ['true', 'false'] })) {
    await leafThrough(`/admin/users${query}&limit=1`, admin);
  }
  for (const state of verificationStates) await leafThrough(`/admin/doctors?state=${state}&limit=1`, admin);
  await leafThrough('/admin/jobs/forget_answers/runs?limit=1', admin);
  const hooks = `/clinics/${cast.clinicId}/webhooks`;
  const { id: hookId } = (await admin.act('POST', hooks, { url: nowhere })).body;
  for (let i = 0; i < 2; i += 1) await deliveryTo(hookId, cast.clinicId);
  await leafThrough(`${hooks}?limit=1`, admin);
  for (const query of queriesOf({ state: ['waiting'] })) {
    await leafThrough(`${hooks}/${hookId}/deliveries${query}&limit=1`, admin);
  }
  for (const state of ['waiting', 'all']) await leafThrough(`/admin/dead-letters?state=${state}&limit=1`, admin);
  const told = {
    state: ['failed'],
    kind: ['reminder'],
    channel: ['sms'],
    recipient: [patient.id],
    from: [instant],
    to: [instant],
  };
  for (const query of queriesOf(told)) await leafThrough(`/admin/notifications${query}&limit=1`, admin);
  const money = {
    state: ['kept'],
    patientId: [patient.id],
    doctorId: [ownDoctor.id],
    clinicId: [cast.clinicId],
    from: [today],
    to: [today],
  };
  for (const query of queriesOf(money)) await leafThrough(`/admin/payments${query}&limit=1`, admin);
  for (const query of queriesOf({ unread: ['true', 'false'] }))
    await leafThrough(`/notifications${query}&limit=1`, patient);
  for (const found of [{ email: 'a@example.com' }, { phone: '+8801712345678' }, { name: 'a', role: 'patient' }]) {
    await send('POST', '/admin/users/search', { as: admin, body: { ...found, limit: 1 } });
  }
  await send('POST', '/admin/users/search', {
    as: admin,
    body: { name: 'a', cursor: cursorOf({ fullName: 'a', id: 'x' }) },
  });
  await send('POST', '/admin/system/sweep', {
    as: admin,
    body: { limit: 1, cursor: cursorOf({ date: today, doctorId: 'x' }) },
  });
  expect(await everyPlan()).toEqual({});
});

test('[PF1] neither what doctor-days write, nor what is measured, nor what is done by the clock walks a whole table', async () => {
  const day = { doctorId: cast.members.ownDoctor.id, date: cast.date };
  const projection = d1Projection(env.DB, () => undefined);
  const { id } = await cast.appointment('confirmed');
  const batch: ProjectionBatch = {
    day,
    dayRow: {
      ...{ version: 0, scheduleVersion: 0, waitlistVersion: 0 },
      ...{ remaining: 0, firstAvailableAtMs: null, lastAvailableAtMs: null },
    },
    appointments: [],
    releases: [{ id, version: 0 }],
    audit: [],
    seals: [],
  };
  await projection.peek(day);
  await projection.open(day, Date.now());
  await projection.project(batch, Date.now());
  await projection.holds(day, 0);
  await fromDatabase(env.DB, Date.now());
  await runEveryMinute(env, Date.now());
  await runDaily(env, Date.now());
  await plainPrepare('DELETE FROM jobs').run();
  for (const cron of Object.keys(crons)) await ring(env, cron, Date.now());
  expect(await everyPlan()).toEqual({});
});
