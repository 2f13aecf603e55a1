import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { sweepWaitlist } from '../../../src/doctor-days/waitlist-changes.ts';
import { dayStream } from '../../../src/domain/audit-chain.ts';
import { addDays } from '../../../src/domain/local-date.ts';
import { consumeDayMessage } from '../../../src/features/schedules/consume.ts';
import { endPastEntries } from '../../../src/features/waitlist/end.ts';
import { send } from '../../support/api.ts';
import {
  type Actor,
  actor,
  dayOf,
  eventually,
  patient,
  practice,
  signedIn,
  suppressAlarm,
} from '../../support/clinic.ts';
import { interceptDayQueue } from '../../support/day-queue.ts';
import { inWords, ledgerOf } from '../../support/ledger.ts';
import { mailTo } from '../../support/mailbox.ts';
import { patient as account, type Person } from '../../support/people.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
let people: readonly [Person, Person];
beforeAll(async () => {
  clinic = await practice({ shape: { end: '10:00' } });
  people = [await account('Nadia Islam'), await account('Karim Uddin')];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const minutesLater = (minutes: number): void =>
  void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 });

/** Joins, and has the opened days told, as the queue does. */
const joins = async (who: Actor, wish: Record<string, unknown> = {}) => {
  const { messages } = interceptDayQueue();
  const body = { doctorId: clinic.doctor.id, from: clinic.date, to: clinic.date, ...wish };
  const reply = await who.act('POST', '/waitlist', body);
  for (const message of messages) await consumeDayMessage(env, message);
  vi.restoreAllMocks();
  return reply;
};
const books = async (who: Actor, slotId: string): Promise<string> => {
  const { body } = await who.holds(slotId);
  expect((await who.confirms(body.id)).body.status).toBe('confirmed');
  return body.id;
};
/** The one live offer of somebody on the day of a slot, as its day has it. */
const offerTo = async (who: Actor, slotId: string) => {
  const held = await dayOf(slotId).held();
  const live = (held?.appointments ?? []).filter(
    ({ patientId, status, waitlistEntryId }) =>
      patientId === who.id && status === 'pending' && waitlistEntryId !== null,
  );
  expect(live).toHaveLength(1);
  return (await who.reads(live[0]?.id ?? '')).body;
};
const entriesOf = async (who: Actor, state = 'active') => (await who.act('GET', `/waitlist?state=${state}`)).body.items;

test('[WL2] [WL7] [WL8] [WL9] [WL11] [WL13] [WL14] [WL15] a freed seat goes down the line, past every rival', async () => {
  const [nadia, karim] = [actor(people[0]), actor(people[1])];
  const [owner, late, rival] = [await patient(), await patient(), await patient()];
  const [nine, half] = [await clinic.slot('09:00'), await clinic.slot('09:30')];
  const visit = await books(owner, nine);
  await books(owner, half);
  const evening = await joins(late, { part: 'evening' });
  const first = await joins(nadia, { part: 'morning' });
  const second = await joins(karim);
  expect([evening.body.ahead, first.body.ahead, second.body.ahead]).toEqual([0, 0, 2]);
  expect(first.body.state).toBe('active');

  const cancelled = await owner.cancels(visit);
  expect(cancelled.body.status).toBe('cancelled');
  expect((await rival.holds(nine)).body.code).toBe('slot_full');
  expect((await clinic.slotsOn()).map(({ remaining }) => remaining)).toEqual([0, 0]);
  const offer = await offerTo(nadia, nine);
  expect(offer).toMatchObject({ slotId: nine, status: 'pending', offer: { waitlistEntryId: first.body.id } });
  expect(Date.parse(offer.expiresAt) - Date.parse(offer.createdAt)).toBe(900_000);
  const { startsAt, expiresAt } = offer;
  const shown = await eventually(
    () => entriesOf(nadia),
    ([entry]) => entry.offers.length > 0,
  );
  const offers = [{ appointmentId: offer.id, startsAt, timeZone: 'Asia/Dhaka', expiresAt }];
  expect([shown[0].id, shown[0].offers]).toEqual([first.body.id, offers]);
  expect((await nadia.act('GET', `/waitlist/${first.body.id}`)).body.offers).toEqual(offers);
  expect((await entriesOf(karim))[0].offers).toEqual([]);
  const told = await ledgerOf(offer.id, (rows) =>
    rows.some(({ channel, state }) => channel === 'email' && state === 'sent'),
  );
  expect(told.map(inWords)).toEqual([
    'v1 waitlist_offer 15 to patient by email: sent',
    'v1 waitlist_offer 15 to patient by in_app: delivered',
  ]);
  const [mail] = await eventually(
    () => mailTo(people[0].email),
    (found) => found.length > 0,
  );
  expect(JSON.stringify(mail)).toMatch(
    /It is kept for you until \w{3},? \d+ \w{3,4}, \d\d:\d\d \(Bangladesh Standard Time\)/,
  );

  // She lets it run out, and no alarm rings: the next request finds it, and Karim has it before the rival.
  await suppressAlarm(dayOf(nine));
  minutesLater(15);
  const expired = (await signedIn(nadia.id, 'patient')).act('GET', `/waitlist/${first.body.id}`);
  expect((await expired).body.offers).toEqual([]);
  const [again, karimLater, nadiaLater] = (await Promise.all(
    [rival.id, karim.id, nadia.id].map((id) => signedIn(id, 'patient')),
  )) as [Actor, Actor, Actor];
  expect((await again.holds(nine)).body.code).toBe('slot_full');
  const next = await offerTo(karimLater, nine);
  expect((await nadiaLater.confirms(offer.id)).body.code).toBe('hold_expired');
  expect((await karimLater.confirms(next.id)).body).toMatchObject({
    status: 'confirmed',
    offer: { waitlistEntryId: second.body.id },
  });
  await eventually(
    () => entriesOf(karimLater, 'taken'),
    (items) => items.length === 1,
  );
  expect(await entriesOf(karimLater)).toEqual([]);
  expect((await nadiaLater.act('GET', `/waitlist/${first.body.id}`)).body).toMatchObject({ state: 'active', ahead: 0 });

  const day = { doctorId: clinic.doctor.id, date: clinic.date };
  const { results } = await env.DB.prepare(
    `select subject_id as id, data from audit_events where stream = ? and action = 'offered' order by seq`,
  )
    .bind(dayStream(day))
    .all<{ id: string; data: string }>();
  expect(results.map(({ id, data }) => [id, JSON.parse(data)])).toMatchObject([
    [offer.id, { waitlistEntryId: first.body.id, freed: { appointmentId: visit, version: 2 }, skipped: 0 }],
    [
      next.id,
      {
        waitlistEntryId: second.body.id,
        freed: { appointmentId: offer.id, version: 1 },
        skippedFirst: [{ entryId: first.body.id, why: 'passed' }],
      },
    ],
  ]);
});

test('[WL6] [WL8] [WL9] [WL10] [WL12] what is declined goes on, what is moved is an ordinary hold, who has left is asked no more', async () => {
  const date = addDays(clinic.date, 1);
  const on = { from: date, to: date };
  const [nine, half] = [await clinic.slot('09:00', date), await clinic.slot('09:30', date)];
  const [owner, one, two, three] = await Promise.all([patient(), patient(), patient(), patient()]);
  const visit = await books(owner, nine);
  const other = await books(one, half);
  const mine = await joins(one, on);
  const theirs = await joins(two, on);
  const gone = await joins(three, on);
  const { messages } = interceptDayQueue();
  expect((await send('DELETE', `/waitlist/${gone.body.id}`, { as: three })).status).toBe(204);
  for (const message of messages) await consumeDayMessage(env, message);
  vi.restoreAllMocks();

  // Her own other visit does not stand in the way of an earlier one, and one entry is offered one seat at a time.
  await owner.cancels(visit);
  const offer = await offerTo(one, nine);
  expect(offer.offer.waitlistEntryId).toBe(mine.body.id);
  expect((await one.cancels(offer.id)).body.status).toBe('cancelled');
  const passedOn = await offerTo(two, nine);
  expect(passedOn.offer.waitlistEntryId).toBe(theirs.body.id);
  // Where its patient takes it, it is a hold like any other; behind it nobody is left who had no turn.
  await one.cancels(other);
  const held = await offerTo(one, nine);
  expect(held.slotId).toBe(half);
  await one.cancels(held.id);
  expect((await two.moves(passedOn.id, half)).body).toMatchObject({ slotId: half, status: 'pending' });
  const freeAgain = await clinic.slotsOn(date);
  expect(freeAgain.map(({ remaining }) => remaining)).toEqual([1, 0]);
  expect((await two.confirms(passedOn.id)).body.status).toBe('confirmed');
  await eventually(
    () => entriesOf(two, 'taken'),
    (items) => items.length === 1,
  );
  expect(await entriesOf(three, 'left')).toHaveLength(1);
});

test('[WL4] [WL13] [WL16] what the doctor adds to a day goes to who waits for it before anybody else can book it', async () => {
  const date = addDays(clinic.date, 3);
  const [owner, nadia, rival] = [await patient(), await patient(), await patient()];
  for (const time of ['09:00', '09:30']) await books(owner, await clinic.slot(time, date));
  const entry = await joins(nadia, { from: date, to: date });
  const { messages } = interceptDayQueue();
  const window = { date, start: '16:00', end: '17:00', slotMinutes: 30, bufferMinutes: 0, capacity: 1 };
  const sessions = [{ ...window, mode: 'in_person' }];
  expect((await clinic.doctor.act('POST', `/doctors/${clinic.doctor.id}/sessions`, { sessions })).status).toBe(201);
  for (const message of messages) await consumeDayMessage(env, message);
  vi.restoreAllMocks();

  const [four, half] = [await clinic.slot('16:00', date), await clinic.slot('16:30', date)];
  const offer = await offerTo(nadia, four);
  expect((await rival.holds(four)).body.code).toBe('slot_full');
  expect((await rival.holds(half)).status).toBe(201);
  await eventually(
    () => entriesOf(nadia),
    ([waiting]) => waiting?.offers[0]?.appointmentId === offer.id,
  );
  const stream = dayStream({ doctorId: clinic.doctor.id, date });
  const audited = await env.DB.prepare("select data from audit_events where stream = ? and action = 'offered'")
    .bind(stream)
    .first<string>('data');
  expect(JSON.parse(audited ?? '')).toMatchObject({ waitlistEntryId: entry.body.id, freed: null, skipped: 0 });
  expect((await nadia.confirms(offer.id)).body.status).toBe('confirmed');
});

test('[WL1] [WL4] who joins is told what is free, and every limit is one', async () => {
  const nadia = await patient();
  const [from, to] = [addDays(clinic.date, 5), addDays(clinic.date, 6)];
  const wish = { doctorId: clinic.doctor.id, from, to };
  const refused = async (more: object) => (await nadia.act('POST', '/waitlist', { ...wish, ...more })).body.code;
  expect(await refused({ to: addDays(from, 62) })).toBe('invalid_request');
  expect(await refused({ to: addDays(from, -1) })).toBe('invalid_request');
  expect(await refused({ to: addDays(from, 60) })).toBe('outside_booking_window');
  expect(await refused({ doctorId: nadia.id })).toBe('unknown_doctor');
  expect(await refused({ patientId: people[0].id })).toBe('forbidden');
  const joined = await nadia.act('POST', '/waitlist', wish);
  expect(joined.body.free.seats).toBe(4);
  expect(joined.headers.get('location')).toBe(`/api/v1/waitlist/${joined.body.id}`);
  expect(await refused({ from: to, to: addDays(to, 1) })).toBe('already_waiting');
  for (let day = 1; day < 10; day += 1) {
    const dates = { from: addDays(to, day), to: addDays(to, day) };
    expect((await nadia.act('POST', '/waitlist', { ...wish, ...dates, part: 'afternoon' })).body.free.seats).toBe(0);
  }
  expect(await refused({ from: addDays(to, 20), to: addDays(to, 20) })).toBe('too_many_items');
  const filled = Array.from({ length: 500 }, (_, i) => `w_${i}`);
  const put = (state: string) =>
    env.DB.prepare(
      `insert or replace into waitlist_entries (id, doctor_id, patient_id, from_date, to_date, part, joined_at_ms, state, version, owed)
       select value, ?, 'u_' || value, ?, ?, 'any', 0, ?, 1, 0 from json_each(?)`,
    )
      .bind(clinic.doctor.id, from, to, state, JSON.stringify(filled))
      .run();
  await put('active');
  expect((await (await patient()).act('POST', '/waitlist', wish)).body.code).toBe('waitlist_full');
  await put('left');
});

test('[WL3] [WL6] a day that was not told is told by the minute, and what is over ends', async () => {
  const date = addDays(clinic.date, 2);
  const wanted = await clinic.slot('09:00', date);
  const [owner, nadia] = [await patient(), await patient()];
  const visit = await books(owner, wanted);
  const { messages } = interceptDayQueue();
  await nadia.act('POST', '/waitlist', { doctorId: clinic.doctor.id, from: date, to: date });
  expect(messages).toHaveLength(1);
  messages.length = 0;
  const owed = (): Promise<number | null> =>
    env.DB.prepare('select owed from waitlist_entries where patient_id = ?').bind(nadia.id).first<number>('owed');
  await sweepWaitlist(env, Date.now());
  const day = { doctorId: clinic.doctor.id, date };
  expect(messages).toContainEqual({ kind: 'waitlist_changed', ...day });
  expect(await owed()).toBe(1);
  await consumeDayMessage(env, { kind: 'waitlist_changed', ...day });
  await eventually(
    async () => {
      await sweepWaitlist(env, Date.now());
      return owed();
    },
    (value) => value === 0,
  );
  await owner.cancels(visit);
  expect((await offerTo(nadia, wanted)).slotId).toBe(wanted);

  await endPastEntries(env, Date.parse(`${addDays(date, 3)}T00:00:00Z`));
  expect(await entriesOf(nadia, 'ended')).toHaveLength(1);
});

test('[WL5] others have no entries, and who reads another’s is in the audit', async () => {
  const nadia = await patient();
  const from = addDays(clinic.date, 30);
  const { body } = await nadia.act('POST', '/waitlist', { doctorId: clinic.doctor.id, from, to: from });
  expect((await (await patient()).act('GET', `/waitlist/${body.id}`)).body.code).toBe('not_found');
  const line = await clinic.doctor.act('GET', `/doctors/${clinic.doctor.id}/waitlist?limit=100`);
  expect(line.body.items.map(({ id }: { id: string }) => id)).toContain(body.id);
  const doctorName = line.body.items[0].doctorName;
  expect(doctorName).toMatch(/\w/);
  const read = await clinic.doctor.act('GET', `/waitlist/${body.id}`);
  expect(read.body).toMatchObject({ patientId: nadia.id, doctorName });
  const reads = await env.DB.prepare(
    `select action from audit_events where actor_id = ? and action like 'waitlist.%' order by at_ms`,
  )
    .bind(clinic.doctor.id)
    .all<{ action: string }>();
  expect(reads.results.map(({ action }) => action)).toEqual(['waitlist.listed', 'waitlist.read']);
});
