import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { call, send } from '../../support/api.ts';
import { takeOverheard } from '../../support/canary.ts';
import { eventually, practice } from '../../support/clinic.ts';
import { runDaily, runEveryMinute } from '../../support/jobs.ts';
import { patient, signIn } from '../../support/people.ts';
import { everythingInD1, everythingInObjects, found } from '../../support/storage.ts';
import { type UniquePatient, uniquePatient, withAppointments } from '../../support/whole-person.ts';

let canary: UniquePatient;
/** Everything that strangers, and that admins were answered: bodies and headers. */
const [answeredToStrangers, answeredToAdmins]: [string[], string[]] = [[], []];
/** Every address and cursor that was given to anybody. */
const addresses: string[] = [];
/** Tables of D1 that hold what the canary is found by: name and addresses, and the name again. Words stand in none. */
const holdsAddresses = ['accounts', 'name_words'];

const hear = async (response: Response, where = answeredToStrangers): Promise<Response> => {
  const copy = response.clone();
  where.push([JSON.stringify([...copy.headers]), await copy.text()].join('\n'));
  return response;
};

/** The life of a patient whose every string is found nowhere else, with whoever might be shown too much about it. */
beforeAll(async () => {
  for (const level of ['log', 'error'] as const) vi.spyOn(console, level);
  takeOverheard();
  const clinic = await practice({ shape: { start: '00:00', end: '23:00', slotMinutes: 10 } });
  canary = await uniquePatient();
  const { self, person, email, phone, fullName, reason, symptoms, mark } = canary;
  const other = await patient();
  await signIn(email);
  await hear(await send('POST', '/auth/login', { body: { email, password: `${mark}Wrong-7` } }));
  const { toCome } = await withAppointments(canary, clinic, 3);
  const [first = '', second = '', third = ''] = toCome;
  const key = crypto.randomUUID();
  const slot = (await clinic.slotsOn()).find(({ remaining }) => remaining > 0)?.id ?? '';
  const held = await self.holds(slot, { reason, symptoms }, key);
  expect((await self.holds(slot, { reason, symptoms }, key)).body).toEqual(held.body);
  await send('PUT', `/appointments/${first}`, { as: person, body: { reason: `${reason} again`, symptoms: null } });
  const nextDay = new Date(Date.parse(clinic.date) + 86_400_000).toISOString().slice(0, 10) as typeof clinic.date;
  await self.moves(second, (await clinic.slotsOn(nextDay))[0]?.id ?? '');
  await clinic.doctor.cancels(third, canary.statusReason);
  expect((await clinic.doctor.reads(first)).body.reason).toBe(`${reason} again`);
  for (const list of [await self.lists('?limit=1'), await clinic.doctor.lists('?limit=1')]) {
    addresses.push(JSON.stringify(list.body.nextCursor), JSON.stringify([...list.headers]));
  }
  addresses.push(JSON.stringify([...held.headers]));

  // What others are told: admins and strangers who ask, and anybody whose request is refused.
  for (const [as, where] of [
    [other, answeredToStrangers],
    [clinic.admin, answeredToAdmins],
  ] as const) {
    for (const path of [`/appointments/${first}`, '/appointments?limit=100', `/appointments/${third}`]) {
      const { status } = await hear(await send('GET', path, { as }), where);
      expect([200, 403, 404]).toContain(status);
    }
    await hear(await send('PUT', `/appointments/${first}`, { as, body: { reason: `${mark} not mine` } }), where);
  }
  for (const taken of [{ email }, { phone }]) {
    const body = { email: `other-${crypto.randomUUID()}@example.com`, password: 'Correct-Horse-7', ...taken };
    await hear(await send('POST', '/auth/register', { body: { ...body, fullName: 'Other', role: 'patient' } }));
  }
  await hear(await send('POST', '/appointments', { as: other, body: { slotId: reason, [reason]: symptoms } }));
  await hear(
    await send('POST', '/appointments', { as: other, body: { slotId: slot, reason: { [reason]: symptoms } } }),
  );
  await hear(await call('/appointments', { method: 'POST', body: `{"reason":"${reason}` }));
  await hear(await call(`/doctors?q=${encodeURIComponent(fullName)}`));
  await hear(await call(`/patients/${encodeURIComponent(email)}`));
  await hear(await call(`/appointments/${encodeURIComponent(reason)}`));
  await hear(await send('GET', `/appointments?cursor=${encodeURIComponent(reason)}`, { as: other }));

  // And what happens when the platform fails underneath.
  const prepare = env.DB.prepare.bind(env.DB);
  const failing = vi.spyOn(env.DB, 'prepare').mockImplementation((sql) => prepare(`${sql} no sql`));
  await hear(await send('POST', '/auth/login', { body: { email, password: person.password } }));
  await hear(await send('GET', '/users/me/export', { as: person }));
  failing.mockRestore();

  const nowMs = Date.now();
  await eventually(
    () => env.DB.prepare('select date from appointments where id = ?').bind(second).first<string>('date'),
    (date) => date === nextDay,
  );
  await runEveryMinute(env, nowMs);
  await runDaily(env, nowMs);
});
afterAll(() => vi.restoreAllMocks());

/** What a binding is, by the name of its class. */
const kindOf = (binding: unknown): string => Object(binding).constructor.name;

/** Every string of the canary, in the forms that it might have taken on the way. */
const everyString = (): string[] => [
  canary.mark,
  canary.phone,
  canary.phone.slice(1),
  encodeURIComponent(canary.phone),
  btoa(canary.email),
  canary.person.password,
];

describe('a canary patient', () => {
  test('[DP14] is in no log line and no queue message, also when everything fails', () => {
    const text = takeOverheard();
    expect(text).toContain('request_failed');
    expect(found(text, everyString())).toEqual([]);
  });

  test('[DP14] is in no answer to anybody who has no business with the patient, and no refusal repeats what was sent', () => {
    expect(answeredToStrangers.length).toBeGreaterThan(12);
    // A field that is not known is named in the refusal, to whoever sent it.
    const texts = answeredToStrangers.filter((text) => !text.includes('is not a known field'));
    expect(found(texts.join('\n'), everyString())).toEqual([]);
  });

  test('[DP14] is known to an admin by name, without a word, an address or a number', () => {
    const text = answeredToAdmins.join('\n');
    expect(text).toContain(canary.fullName);
    const { email, phone, reason, symptoms, statusReason } = canary;
    expect(found(text, [email, phone, reason, symptoms, statusReason, `${canary.mark} not mine`])).toEqual([]);
  });

  test('[DP14] is in no address, cursor or header', () => {
    expect(found(addresses.join('\n'), everyString())).toEqual([]);
    const cursors = addresses.flatMap((text) => text.match(/[\w-]{20,}/g) ?? []);
    const decoded = cursors.map((text) =>
      atob(
        text
          .replaceAll('-', '+')
          .replaceAll('_', '/')
          .slice(0, text.length & ~3),
      ),
    );
    expect(found(decoded.join('\n'), everyString())).toEqual([]);
  });

  test('[DP14] is in D1 by name and addresses only, and those where they are looked up', async () => {
    const tables = (await everythingInD1()).split('\n').filter((table) => found(table, everyString()).length > 0);
    expect(tables.map((table) => table.split(' ', 1)[0])).toEqual(holdsAddresses);
    const { reason, symptoms, statusReason, email, phone } = canary;
    expect(found(tables.join('\n'), [reason, symptoms, statusReason, canary.person.password])).toEqual([]);
    expect(found(tables[1] ?? '', [email, phone])).toEqual([]);
  });

  test('[DP14] is in no Durable Object and no object store', async () => {
    const namespaces = Object.entries(env).filter(
      (entry): entry is [string, DurableObjectNamespace] => kindOf(entry[1]) === 'DurableObjectNamespace',
    );
    expect(namespaces.map(([name]) => name)).toContain('DOCTOR_DAY');
    for (const [name, namespace] of namespaces) {
      for (const id of await listDurableObjectIds(namespace)) {
        const text = await runInDurableObject(namespace.get(id), async (_, { storage }) => {
          const tables = storage.sql
            .exec<{ name: string }>(
              `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf_%'`,
            )
            .toArray();
          const rows = tables.map((table) => [...storage.sql.exec(`select * from "${table.name}"`).raw()]);
          return JSON.stringify([rows, [...(await storage.list())]]);
        });
        expect([name, found(text, everyString())]).toEqual([name, []]);
      }
    }
    const buckets = Object.entries(env).filter((entry): entry is [string, R2Bucket] => kindOf(entry[1]) === 'R2Bucket');
    expect(buckets.map(([name]) => name)).toContain('DOCUMENTS');
    for (const [name, bucket] of buckets) {
      expect([name, found(await everythingInObjects(bucket), everyString())]).toEqual([name, []]);
    }
  });
});
