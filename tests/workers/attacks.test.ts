import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from '../../src/domain/base64url.ts';
import { appointmentId, type DayKey, parseSlotId, slotId } from '../../src/domain/ids.ts';
import { addDays, type LocalDate, localDateOfDayNumber } from '../../src/domain/local-date.ts';
import { send } from '../support/api.ts';
import { assemble, type Cast, missingLike } from '../support/cast.ts';
import { type Actor, patient, practice, type Reply, stubOf } from '../support/clinic.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await assemble();
});

const codes = (replies: readonly Reply[]): string[] =>
  replies.map(({ status, body }) => (status < 300 ? 'done' : body.code)).toSorted();

test('[AC9] a doctor moves an appointment to own slots only, and so gets past no other doctor’s approval', async () => {
  const [heart, skin] = [await practice(), await practice({ terms: { approvalRequired: true } })];
  const nadia = await patient();
  const { id } = (await nadia.holds(await heart.slot('09:00'))).body;
  await nadia.confirms(id);
  const elsewhere = await skin.slot('09:00');
  const tried = await heart.doctor.moves(id, elsewhere);
  expect({ status: tried.status, code: tried.body.code }).toEqual({ status: 403, code: 'forbidden' });
  expect((await nadia.reads(id)).body).toMatchObject({ doctorId: heart.doctor.id, status: 'confirmed', version: 2 });
  expect((await skin.slotsOn()).every(({ remaining }) => remaining === 1)).toBe(true);

  expect((await heart.doctor.moves(id, await heart.slot('10:00', addDays(heart.date, 1)))).status).toBe(200);
  expect((await nadia.moves(id, elsewhere)).body).toMatchObject({
    doctorId: skin.doctor.id,
    status: 'awaiting_approval',
  });
  // The doctor whom the patient has left sees the appointment no more.
  expect((await heart.doctor.reads(id)).body.code).toBe('not_found');
  expect((await heart.doctor.cancels(id, 'No')).body.code).toBe('not_found');
});

test('[AC3] what belongs to another doctor is not reached through one’s own address, nor along with one’s own', async () => {
  const { otherDoctor, ownDoctor } = cast.members;
  const [absence, session] = [await cast.timeOff(), await cast.session()];
  const mine = `/doctors/${otherDoctor.id}`;
  const added = await otherDoctor.act('POST', `${mine}/sessions`, { sessions: [cast.newSession()] });
  const own = added.body.items[0].id;
  const tries = [
    await otherDoctor.act('DELETE', `${mine}/time-off/${absence}`),
    await otherDoctor.act('DELETE', `${mine}/sessions?ids=${session}`),
    await otherDoctor.act('DELETE', `${mine}/sessions?ids=${own},${session}`),
  ];
  expect(codes(tries)).toEqual(['not_found', 'not_found', 'not_found']);
  const left = async (who: Actor, what: string) =>
    (await who.act('GET', `/doctors/${who.id}/${what}?limit=100`)).body.items.map(({ id }: { id: string }) => id);
  expect(await left(ownDoctor, 'time-off')).toContain(absence);
  expect(await left(ownDoctor, 'sessions')).toContain(session);
  expect(await left(otherDoctor, 'sessions')).toEqual([own]);

  // A rule that takes another doctor's rule id gets one of its own, and the other stays where it is.
  const [{ id: rule }] = (await ownDoctor.act('GET', `/doctors/${ownDoctor.id}/schedule`)).body.rules;
  const rules = [{ ...cast.schedule.rules[0], id: rule }];
  const put = await otherDoctor.act('PUT', `${mine}/schedule`, { rules });
  expect(put.body.rules[0].id).not.toBe(rule);
  expect((await ownDoctor.act('GET', `/doctors/${ownDoctor.id}/schedule`)).body.rules).toHaveLength(7);
  const inTheirClinic = [{ ...cast.schedule.rules[0], clinicId: cast.clinicId }];
  expect((await otherDoctor.act('PUT', `${mine}/schedule`, { rules: inTheirClinic })).body.code).toBe('unknown_clinic');
});

test('[AC10] an id that is put together opens nothing: the day that it names must know it', async () => {
  const { patient: nadia, ownDoctor, admin } = cast.members;
  const real = await cast.appointment('confirmed');
  const bytes = fromBase64Url(real.id.slice(2)) as Uint8Array;
  const changed = (at: number, value: number): string =>
    `a_${toBase64Url(bytes.map((byte, i) => (i === at ? value ^ byte : byte)))}`;
  const days: DayKey[] = [localDateOfDayNumber(0), localDateOfDayNumber(0xffff), cast.date].map((date) => ({
    doctorId: ownDoctor.id,
    date,
  }));
  const crafted = days.map((day) => appointmentId(day, new Uint8Array(16)));
  crafted.push(changed(0, 1), changed(13, 1), changed(14, 1), changed(29, 1));
  for (const id of crafted) {
    for (const who of [nadia, ownDoctor, admin]) {
      const replies = [await who.reads(id), await who.cancels(id, 'x'), await who.moves(id, cast.freeSlot().id)];
      expect(codes(replies), id).toEqual(['not_found', 'not_found', 'not_found']);
    }
  }
  expect((await nadia.reads(real.id)).body.status).toBe('confirmed');
  await cast.release(real.id);
});

test('[AC10] a slot id that is put together books nothing, and makes no day remember it', async () => {
  const { patient: nadia, ownDoctor } = cast.members;
  const { date } = cast;
  const { day, startsAtMs } = parseSlotId(cast.freeSlot().id) as { day: DayKey; startsAtMs: number };
  const on = (when: LocalDate): DayKey => ({ doctorId: ownDoctor.id, date: when });
  const wrong: [string, string][] = [
    [slotId(on(localDateOfDayNumber(0)), startsAtMs), 'outside_booking_window'],
    [slotId(on(localDateOfDayNumber(0xffff)), startsAtMs), 'outside_booking_window'],
    // The instant of a slot that is free, on a day that it does not belong to; and instants that are none of the day's.
    [slotId(on(addDays(date, 1)), startsAtMs), 'slot_not_found'],
    [slotId(on(addDays(date, 8)), startsAtMs + 60_000), 'slot_not_found'],
    [slotId(on(addDays(date, 8)), 0xffff_ffff * 60_000), 'slot_not_found'],
    [slotId(on(addDays(date, 8)), 0), 'outside_booking_window'],
    [slotId({ ...day, doctorId: nadia.id }, startsAtMs), 'slot_not_found'],
    [slotId({ ...day, doctorId: missingLike(day.doctorId) }, startsAtMs), 'slot_not_found'],
  ];
  const { id } = await cast.appointment('confirmed');
  for (const [slot, code] of wrong) {
    expect((await nadia.holds(slot)).body.code, slot).toBe(code);
    expect((await nadia.moves(id, slot)).body.code, slot).toBe(code);
  }
  const untouched = await runInDurableObject(stubOf(on(addDays(date, 8))), (_, { storage }) =>
    storage.sql.exec('select name from sqlite_master').toArray(),
  );
  expect(untouched).toEqual([]);
  expect((await nadia.reads(id)).body).toMatchObject({ status: 'confirmed', startsAt: expect.any(String), version: 3 });
  await cast.release(id);
});

test('[AC11] holds that are moved to one day at once count there: the limit holds', async () => {
  const { slot, date } = await practice();
  const nadia = await patient();
  const times = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30'] as const;
  const held: string[] = [];
  for (const [i, time] of times.entries()) {
    held.push((await nadia.holds(await slot(time, addDays(date, i < 3 ? 1 : 2)))).body.id);
  }
  const slots = await Promise.all(times.map((time) => slot(time)));
  const moves = await Promise.all(held.map((id, i) => nadia.moves(id, slots[i] as string)));
  expect(codes(moves)).toEqual([...['done', 'done', 'done'], ...Array(3).fill('too_many_holds')]);
  const where = await Promise.all(held.map(async (id) => (await nadia.reads(id)).body));
  expect(where.map(({ status }) => status)).toEqual(Array(6).fill('pending'));
  expect(where.filter(({ slotId: at }) => slots.includes(at))).toHaveLength(3);
});

test('[AC11] a hold that is moved again and again, within the day and beyond, is not kept longer', async () => {
  const { slot, date } = await practice();
  const nadia = await patient();
  const hold = (await nadia.holds(await slot('09:00'))).body;
  for (const [time, days] of [
    ['09:30', 0],
    ['09:00', 1],
    ['11:00', 1],
    ['10:00', 0],
  ] as const) {
    const moved = (await nadia.moves(hold.id, await slot(time, addDays(date, days)))).body;
    expect(moved).toMatchObject({ status: 'pending', expiresAt: hold.expiresAt });
  }
  expect((await nadia.moves(hold.id, await slot('10:00'))).body.code).toBe('same_slot');
});

test('[AC12] what has ended stays ended, whoever asks for what; its seat may be another’s by then', async () => {
  const { patient: nadia, otherPatient: karim, ownDoctor, admin } = cast.members;
  const slot = cast.freeSlot();
  const { id } = (await nadia.holds(slot.id)).body;
  const ended = (await nadia.cancels(id)).body;
  expect((await karim.holds(slot.id)).status).toBe(201);
  const tries = (who: Actor): Promise<Reply>[] => [
    who.confirms(id),
    who.accepts(id),
    who.rejects(id, 'x'),
    who.completes(id),
    who.marksNoShow(id),
    who.cancels(id, 'again'),
    who.moves(id, cast.freeSlot().id),
    who.act('PUT', `/appointments/${id}`, { reason: 'x' }),
  ];
  const replies = await Promise.all([nadia, ownDoctor, admin].flatMap(tries));
  expect(new Set(codes(replies))).toEqual(new Set(['invalid_transition', 'forbidden']));
  const { conflictsWith, patientName, doctorName, clinicName, attendanceConfirmedAt, ...now } = (await nadia.reads(id))
    .body;
  expect([conflictsWith, patientName, doctorName, clinicName, attendanceConfirmedAt]).toEqual([
    [],
    expect.any(String),
    expect.any(String),
    null,
    null,
  ]);
  expect(now).toEqual(ended);
});

test('[AC13] of registrations at once that share an address, a phone or a licence one wins, and the others leave nothing', async () => {
  const same = [
    (one: Registration, other: Registration) => ({ ...one, email: other.email }),
    (one: Registration, other: Registration) => ({ ...one, phone: other.phone }),
    (one: Registration, other: Registration) => ({
      ...one,
      doctor: { ...one.doctor, licenseNumber: other.doctor.licenseNumber },
    }),
  ];
  const next = () => ({ ...cast.newAccount(), role: 'doctor', doctor: cast.newProfile() });
  type Registration = ReturnType<typeof next>;
  const rows = () =>
    env.DB.prepare(`select (select count(*) from accounts) as accounts,
    (select count(*) from doctors) as doctors, (select count(*) from refresh_tokens) as sessions,
    (select count(*) from audit_events where action = 'account.created') as entries`).first<Record<string, number>>();
  for (const share of same) {
    const [first, before] = [next(), await rows()];
    const bodies = [first, share(next(), first), share(next(), first), share(next(), first)];
    const answers = await Promise.all(bodies.map((body) => send('POST', '/auth/register', { body })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    const oneMore = Object.entries(before ?? {}).map(([what, count]) => [what, count + 1]);
    expect(await rows()).toEqual(Object.fromEntries(oneMore));
  }
});

test('[AC14] a key gives nobody another’s answer, nor one address the answer of another', async () => {
  const { patient: nadia, otherPatient: karim, ownDoctor, admin } = cast.members;
  const slot = cast.freeSlot().id;
  const held = await nadia.holds(slot, { reason: 'for the doctor only' }, 'guessed');
  expect((await karim.holds(slot, { reason: 'for the doctor only' }, 'guessed')).body.code).toBe('slot_full');
  const { id } = held.body;
  const cancelled = await nadia.cancels(id, 'for the doctor only', 'known');
  expect(cancelled.status).toBe(200);
  expect((await karim.cancels(id, 'for the doctor only', 'known')).body.code).toBe('not_found');
  const byAdmin = await admin.cancels(id, 'for the doctor only', 'known');
  expect(JSON.stringify(byAdmin.body)).not.toContain('for the doctor only');
  expect((await ownDoctor.cancels(id, 'for the doctor only', 'known')).body.code).toBe('invalid_transition');
  expect((await nadia.confirms(id, 'known')).body.code).toBe('idempotency_key_reused');
  expect((await nadia.holds(slot, { reason: 'for the doctor only' }, 'guessed')).body).toEqual(held.body);
});

test('[AC15] markup in a name is text: JSON, never sniffed for anything else, and no header is made of it', async () => {
  const { ownDoctor } = cast.members;
  const fullName = '"><img src=x onerror=alert(1)>%0d%0aSet-Cookie: a=b';
  expect((await ownDoctor.act('PUT', `/doctors/${ownDoctor.id}`, { fullName })).body.fullName).toBe(fullName);
  // Another name waits for a review.
  expect((await cast.members.admin.act('POST', `/admin/doctors/${ownDoctor.id}/verify`)).status).toBe(200);
  for (const path of [`/doctors/${ownDoctor.id}`, '/doctors?q=img']) {
    const answer = await send('GET', path);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect([...answer.headers].flat().join()).not.toMatch(/img|set-cookie/i);
  }
});

test('[AC16] a zone is one that the computing knows, kept by its name in the zone database', async () => {
  const register = async (timeZone: string): Promise<Response> =>
    send('POST', '/auth/register', {
      body: { ...cast.newAccount(), role: 'doctor', doctor: { ...cast.newProfile(), timeZone } },
    });
  // The platform's own clock knows these names; what plans the slots refuses them.
  for (const zone of [
    'IST',
    'BST',
    'PST',
    'JST',
    '+06:00',
    'Z',
    'UTC+6',
    'Asia/Dhaka\u0000',
    'localtime',
    'Etc/Unknown',
  ]) {
    const refused = await register(zone);
    expect(refused.status, zone).toBe(400);
    expect((await refused.json<{ errors: unknown }>()).errors).toEqual([
      expect.objectContaining({ path: 'doctor.timeZone' }),
    ]);
  }
  const { user } = await (await register('asia/KOLKATA')).json<{ user: { id: string } }>();
  const row = await env.DB.prepare('select time_zone from doctors where id = ?').bind(user.id).first();
  expect(row).toEqual({ time_zone: 'Asia/Kolkata' });
});
