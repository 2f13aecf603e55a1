import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { addDays, utcDate } from '../../../src/domain/local-date.ts';
import { send } from '../../support/api.ts';
import { type Actor, actor, eventually, everyDay, patient, practice, signedIn } from '../../support/clinic.ts';
import { ledgerOf } from '../../support/ledger.ts';
import { mailTo } from '../../support/mailbox.ts';
import { patient as registered } from '../../support/people.ts';
import { visited } from '../../support/visits.ts';

const minuteMs = 60_000;
let clinic: Awaited<ReturnType<typeof practice>>;
beforeAll(async () => {
  clinic = await practice();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Confirms an appointment of somebody, and waits until D1 has heard of it. */
const booked = async (self: Actor, slotId: string): Promise<{ id: string; startsAtMs: number }> => {
  const { body } = await self.holds(slotId);
  await self.confirms(body.id);
  await eventually(
    () => env.DB.prepare('select status from appointments where id = ?').bind(body.id).first('status'),
    (status) => status === 'confirmed',
  );
  return { id: body.id, startsAtMs: Date.parse(body.startsAt) };
};

/** Everybody, with tokens of another time. */
const at = async (ms: number, ...people: Actor[]): Promise<Actor[]> => {
  vi.useFakeTimers({ toFake: ['Date'], now: ms });
  return Promise.all(people.map((one) => signedIn(one.id, one.id === clinic.doctor.id ? 'doctor' : 'patient')));
};

test('[VS1] [VS2] [VS3] [VS4] a morning in the waiting room', async () => {
  const account = await registered('Nadia Islam');
  const [nadia, karim] = [actor(account), await patient()];
  const [first, second] = [
    await booked(nadia, await clinic.slot('09:00')),
    await booked(karim, await clinic.slot('09:30')),
  ];
  const [tooSoon] = await at(first.startsAtMs - 3 * 60 * minuteMs, nadia);
  expect((await tooSoon?.act('POST', `/appointments/${first.id}/check-in`))?.body.code).toBe('too_early_to_check_in');

  // Karim is early, Nadia comes a quarter of an hour after her time: before Karim's all the same.
  const [, early] = await at(first.startsAtMs - 20 * minuteMs, nadia, karim);
  const present = await early?.act('POST', `/appointments/${second.id}/check-in`);
  expect(present?.status).toBe(200);
  const [late, other, doctor] = await at(first.startsAtMs + 15 * minuteMs, nadia, karim, clinic.doctor);
  if (late === undefined || other === undefined || doctor === undefined) throw new Error('everybody is there');
  await late.act('POST', `/appointments/${first.id}/check-in`);
  expect((await other.act('POST', `/appointments/${second.id}/check-in`)).body).toEqual(present?.body);
  expect((await late.act('GET', `/appointments/${first.id}/queue`)).body).toMatchObject({ ahead: 0, delayMinutes: 0 });
  expect((await other.act('GET', `/appointments/${second.id}/queue`)).body).toMatchObject({ ahead: 1 });
  expect((await other.act('GET', `/appointments/${first.id}/queue`)).status).toBe(404);

  const queue = await doctor.act('GET', `/doctors/${doctor.id}/queue`);
  expect(queue.body.items.map((item: Record<string, unknown>) => [item.appointmentId, item.state, item.ahead])).toEqual(
    [
      [first.id, 'waiting', 0],
      [second.id, 'waiting', 1],
    ],
  );
  expect(queue.body.items[0].patientName).toBe('Nadia Islam');
  expect((await other.act('GET', `/doctors/${doctor.id}/queue`)).status).toBe(403);

  expect((await doctor.act('PUT', `/doctors/${doctor.id}/delay`, { minutes: 25 })).body).toMatchObject({ minutes: 25 });
  await doctor.act('PUT', `/doctors/${doctor.id}/delay`, { minutes: 25 });
  const called = await doctor.act('POST', `/appointments/${first.id}/call-in`);
  expect(called.body.calledAt).not.toBeNull();
  expect((await doctor.act('POST', `/appointments/${first.id}/call-in`)).body).toEqual(called.body);
  expect((await other.act('GET', `/appointments/${second.id}/queue`)).body).toMatchObject({
    ahead: 0,
    delayMinutes: 25,
  });

  const told = await ledgerOf(first.id, (rows) => rows.some(({ kind }) => kind === 'your_turn'));
  const kinds = told.map(({ kind, channel }) => `${kind} ${channel}`);
  expect(kinds.filter((kind) => kind === 'running_late email')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'your_turn in_app')).toHaveLength(1);
  const mail = await eventually(
    () => mailTo(account.email),
    (found) => found.some(({ kind, state }) => kind === 'running_late' && state === 'sent'),
  );
  const letter = mail.find(({ kind }) => kind === 'running_late');
  // 09:00 and 25 minutes, by the clock of the appointment.
  expect(letter?.text).toContain('about 25 minutes late');
  expect(letter?.text).toMatch(/0?9:25/);
});

test('[VS2] [VS4] staff see who comes to their clinic, and nobody is told of a delay again and again', async () => {
  const town = await practice();
  const place = { address: 'Road 1', city: 'Dhaka', country: 'BD', timeZone: 'Asia/Dhaka' };
  const opens = async (name: string): Promise<string> =>
    (await town.admin.act('POST', '/clinics', { name, ...place })).body.id;
  const [north, south] = [await opens('North'), await opens('South')];
  await town.doctor.act('PUT', `/doctors/${town.doctor.id}`, { clinicIds: [north, south] });
  await town.setSchedule([
    ...everyDay({ end: '10:00', clinicId: north }),
    ...everyDay({ start: '10:00', clinicId: south }),
  ]);
  const [nadia, karim] = [await patient(), await patient()];
  const visit = await booked(nadia, await town.slot('09:00'));
  const other = await booked(karim, await town.slot('10:00'));
  vi.useFakeTimers({ toFake: ['Date'], now: visit.startsAtMs - 10 * minuteMs });
  const desk = await signedIn('u_AAAAAAAAAAAAAADF', 'staff', { clinicIds: [south] });
  const ids = async (who: Actor): Promise<string[]> =>
    (await who.act('GET', `/doctors/${town.doctor.id}/queue`)).body.items.map(
      (item: Record<string, string>) => item.appointmentId,
    );
  expect(await ids(desk)).toEqual([other.id]);
  const doctor = await signedIn(town.doctor.id, 'doctor');
  expect(await ids(doctor)).toEqual([visit.id, other.id]);

  for (let minutes = 10; minutes < 18; minutes += 1) {
    expect((await doctor.act('PUT', `/doctors/${doctor.id}/delay`, { minutes })).status).toBe(200);
  }
  const { results } = await env.DB.prepare(
    `select distinct offset_minutes as minutes from notifications where subject_id = ? and kind = 'running_late'`,
  )
    .bind(visit.id)
    .all();
  expect(results.map(({ minutes }) => minutes)).toEqual([10, 11, 12, 13, 14]);
});

test('[VS3] [DD12] [RX1] [RC8] who is called in early has begun their visit; moved to another time, they have not', async () => {
  const [nadia, karim] = [await patient(), await patient()];
  const visit = await booked(nadia, await clinic.slot('10:30'));
  const [other, elsewhere] = [await booked(karim, await clinic.slot('11:00')), await clinic.slot('11:30')];
  const [doctor] = await at(visit.startsAtMs - 25 * minuteMs, clinic.doctor);
  if (doctor === undefined) throw new Error('the doctor is there');
  const date = new Date(visit.startsAtMs + 7 * 86_400_000).toISOString().slice(0, 10);
  const items = [{ drug: 'Paracetamol', dose: '1 tablet', frequency: 'every 6 hours' }];
  const writes = async (appointmentId: string, patientId: string) => {
    const path = `/appointments/${appointmentId}`;
    return [
      await doctor.act('POST', `${path}/note`, { text: 'Coughs at night' }),
      await doctor.act('POST', '/prescriptions', { patientId, appointmentId, items }),
      await doctor.act('POST', `${path}/follow-up`, { from: date, to: date }),
      await doctor.act('POST', `${path}/complete`),
    ].map(({ status, body }) => body.code ?? status);
  };
  for (const { id } of [visit, other]) await doctor.act('POST', `/appointments/${id}/check-in`);
  expect(await writes(visit.id, nadia.id)).toEqual(['too_early', 'too_early', 'too_early', 'too_early']);
  for (const { id } of [visit, other]) await doctor.act('POST', `/appointments/${id}/call-in`);
  const latest = await doctor.act('POST', '/prescriptions', { patientId: nadia.id, items });
  expect([latest.status, latest.body.appointmentId]).toEqual([201, visit.id]);
  expect(await writes(visit.id, nadia.id)).toEqual([201, 201, 201, 200]);
  expect((await doctor.act('GET', `/appointments/${visit.id}`)).body.status).toBe('completed');

  const moved = await doctor.act('POST', `/appointments/${other.id}/reschedule`, { slotId: elsewhere });
  expect(moved.body.startsAt).not.toBe(new Date(other.startsAtMs).toISOString());
  await eventually(
    () => env.DB.prepare('select starts_at_ms from appointments where id = ?').bind(other.id).first('starts_at_ms'),
    (startsAtMs) => startsAtMs === Date.parse(moved.body.startsAt),
  );
  expect(await writes(other.id, karim.id)).toEqual(['too_early', 'too_early', 'too_early', 'too_early']);
});

test('[VS3] [DD12] who was called in neither calls it off nor moves it, and an absence leaves them with their doctor', async () => {
  const nadia = await patient();
  const visit = await booked(nadia, await clinic.slot('09:00', addDays(clinic.date, 1)));
  const elsewhere = await clinic.slot('10:00', addDays(clinic.date, 1));
  const [self, doctor] = await at(visit.startsAtMs - 25 * minuteMs, nadia, clinic.doctor);
  if (self === undefined || doctor === undefined) throw new Error('both are there');
  const path = `/appointments/${visit.id}`;
  const day = utcDate(visit.startsAtMs);
  const displaced = async () =>
    (await doctor.act('POST', `/doctors/${doctor.id}/absences/preview`, { timeOff: { from: day, to: day } })).body
      .items;
  expect(await displaced()).toMatchObject([{ appointmentId: visit.id }]);
  for (const step of ['check-in', 'call-in']) expect((await doctor.act('POST', `${path}/${step}`)).status).toBe(200);
  expect(await displaced()).toEqual([]);
  for (const [step, body] of [
    ['cancel', {}],
    ['cancel', { reason: 'I have been seen' }],
    ['reschedule', { slotId: elsewhere }],
  ] as const)
    expect((await self.act('POST', `${path}/${step}`, body)).body.code).toBe('invalid_transition');
  expect((await doctor.act('POST', `${path}/cancel`, { reason: 'The power is out' })).body.status).toBe('cancelled');
});

test('[VS1] [VS3] who was called in, and is moved to another doctor at the same time, comes anew', async () => {
  const other = await practice();
  const nadia = await patient();
  const visit = await booked(nadia, await clinic.slot('09:30', addDays(clinic.date, 1)));
  const there = await other.slot('09:30', addDays(clinic.date, 1));
  const path = `/appointments/${visit.id}`;
  const [doctor] = await at(visit.startsAtMs - 25 * minuteMs, clinic.doctor);
  for (const step of ['check-in', 'call-in']) await doctor?.act('POST', `${path}/${step}`);
  const boss = await signedIn(other.admin.id, 'admin', { permissions: ['appointments'] });
  expect((await boss.act('POST', `${path}/reschedule`, { slotId: there })).body.doctorId).toBe(other.doctor.id);
  await eventually(
    () => env.DB.prepare('select doctor_id as id from appointments where id = ?').bind(visit.id).first('id'),
    (id) => id === other.doctor.id,
  );
  const own = await signedIn(other.doctor.id, 'doctor');
  expect((await own.act('POST', `${path}/complete`)).body.code).toBe('too_early');
  expect((await own.act('POST', `${path}/call-in`)).body.code).toBe('not_checked_in');
  expect((await own.act('POST', `${path}/note`, { text: 'Not seen yet' })).body.code).toBe('too_early');
  expect((await own.act('POST', `${path}/check-in`)).body.calledAt).toBeNull();
  expect((await own.act('POST', `${path}/call-in`)).body.calledAt).not.toBeNull();
  expect((await own.act('POST', `${path}/complete`)).body.status).toBe('completed');
});

describe('by video', () => {
  test('[VS5] the two parties get the room near the time, and nobody else does', async () => {
    const practiceByVideo = await practice({ shape: { mode: 'video' } });
    const [nadia, stranger] = [await patient(), await patient()];
    const { id, startsAtMs } = await booked(nadia, await practiceByVideo.slot('10:00'));
    const path = `/appointments/${id}/video`;
    const early = await nadia.act('GET', path);
    expect(early.body).toMatchObject({
      code: 'room_closed',
      opensAt: new Date(startsAtMs - 15 * minuteMs).toISOString(),
    });
    expect(JSON.stringify(early.body)).not.toContain('video.daybook.test');
    vi.useFakeTimers({ toFake: ['Date'], now: startsAtMs - 10 * minuteMs });
    const self = await signedIn(nadia.id, 'patient');
    const doctor = await signedIn(practiceByVideo.doctor.id, 'doctor');
    const mine = await self.act('GET', path);
    expect(mine.body.url).toMatch(/^https:\/\/video\.daybook\.test\/daybook-[\w-]{43}$/);
    expect(mine.headers.get('cache-control')).toBe('no-store');
    expect((await doctor.act('GET', path)).body.url).toBe(mine.body.url);
    expect((await (await signedIn(stranger.id, 'patient')).act('GET', path)).status).toBe(404);
    expect((await (await signedIn(practiceByVideo.admin.id, 'admin')).act('GET', path)).status).toBe(403);
    vi.useFakeTimers({ toFake: ['Date'], now: startsAtMs + 91 * minuteMs });
    expect((await (await signedIn(nadia.id, 'patient')).act('GET', path)).body.code).toBe('room_closed');
  });
});

test('[VS6] a doctor proposes another visit, the patient sees free times and books one', async () => {
  const nadia = await patient();
  const visit = await booked(nadia, await clinic.slot('10:00'));
  const wish = { from: '2020-01-01', to: '2020-01-31', note: 'Fasting, please' };
  const path = `/appointments/${visit.id}/follow-up`;
  expect((await clinic.doctor.act('POST', path, wish)).body.code).toBe('too_early');
  const [self, doctor] = await at(visit.startsAtMs + 10 * minuteMs, nadia, clinic.doctor);
  if (self === undefined || doctor === undefined) throw new Error('both are there');
  expect((await doctor.act('POST', path, wish)).body.code).toBe('in_the_past');
  const day = (days: number) => new Date(visit.startsAtMs + days * 86_400_000).toISOString().slice(0, 10);
  const made = await doctor.act('POST', path, { ...wish, from: day(7), to: day(9) });
  expect(made.status).toBe(201);
  const seen = await self.act('GET', `/follow-ups/${made.body.id}`);
  expect(seen.body).toMatchObject({ note: 'Fasting, please', state: 'open', slots: [{ mode: 'in_person' }, {}, {}] });
  expect(
    (await (await signedIn((await patient()).id, 'patient')).act('GET', `/follow-ups/${made.body.id}`)).status,
  ).toBe(404);
  const stored = await env.DB.prepare('select note from follow_ups where id = ?').bind(made.body.id).first('note');
  expect(stored).not.toContain('Fasting');

  await booked(self, seen.body.slots[0].id);
  expect((await self.act('GET', '/follow-ups')).body.items).toEqual([
    expect.objectContaining({ id: made.body.id, state: 'booked' }),
  ]);
  // What was booked before a proposal is not what it asked for.
  vi.setSystemTime(visit.startsAtMs + 11 * minuteMs);
  const again = await doctor.act('POST', path, { ...wish, from: day(20), to: day(21) });
  expect((await send('DELETE', `/follow-ups/${again.body.id}`, { as: self })).status).toBe(204);
  expect((await doctor.act('GET', `/follow-ups/${again.body.id}`)).body).toMatchObject({ state: 'ended', slots: [] });
});

test('[VS6] also after a visit whose day is history', async () => {
  const nadia = await patient();
  const id = await visited(nadia.id, clinic.doctor.id, { daysAgo: 40 });
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const made = await clinic.doctor.act('POST', `/appointments/${id}/follow-up`, { from: day(3), to: day(9) });
  expect([made.status, made.body.state]).toEqual([201, 'open']);
  expect((await nadia.act('GET', `/appointments/${id}/queue`)).body.code).toBe('invalid_transition');
});
