import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test, vi } from 'vitest';
import { parseSlotId } from '../../../src/domain/ids.ts';
import { addDays, type LocalDate } from '../../../src/domain/local-date.ts';
import type { ClinicResources } from '../../../src/worker.ts';
import { type Actor, actor, everyDay, patient, practice, type Reply, signedIn } from '../../support/clinic.ts';
import { admin } from '../../support/people.ts';

const place = { address: 'House 1', city: 'Dhaka', country: 'BD', timeZone: 'Asia/Dhaka' };

/** A clinic with one room, and two doctors who both need it, at the same hours. */
let boss: Actor;
let desk: Actor;
let clinicId: string;
let roomId: string;
let heart: Awaited<ReturnType<typeof practice>>;
let lung: Awaited<ReturnType<typeof practice>>;

beforeAll(async () => {
  boss = actor(await admin());
  clinicId = (await boss.act('POST', '/clinics', { name: 'Rooms', ...place })).body.id;
  desk = await signedIn('u_deskAAAAAAAAAAAA', 'staff', { clinicIds: [clinicId] });
  const made = await desk.act('POST', `/clinics/${clinicId}/resources`, { kind: 'Procedure Room', name: 'Room 1' });
  expect(made.status).toBe(201);
  roomId = made.body.id;
  const needing = { profile: { clinicIds: [clinicId] }, shape: { clinicId, requires: ['procedure-room'] } };
  [heart, lung] = await Promise.all([practice(needing), practice(needing)]);
});

const rooms = (): DurableObjectStub<ClinicResources> => env.CLINIC_RESOURCES.getByName(clinicId);

/** Asks until something holds: giving back follows the answer. */
const soon = (asks: () => Promise<Reply>, status: number): Promise<Reply> =>
  vi.waitFor(
    async () => {
      const reply = await asks();
      expect(reply.status).toBe(status);
      return reply;
    },
    { timeout: 5_000, interval: 50 },
  );

test('[RM1] [RM3] [RM4] [RM8] [RM14] patients of two doctors storm one room: one gets it, and the next when that one cancels', async () => {
  const slots = await Promise.all([heart.slot('09:00'), lung.slot('09:00')]);
  expect((await heart.slotsOn())[0]).toMatchObject({ requires: ['procedure-room'], remaining: 1 });
  const patients = await Promise.all(Array.from({ length: 24 }, () => patient()));

  const replies = await Promise.all(patients.map((one, i) => one.holds(slots[i % 2] as string)));

  const won = replies.filter(({ status }) => status === 201);
  expect(won).toHaveLength(1);
  const [{ body: held }] = won as [Reply];
  expect(held.resources).toEqual([{ id: roomId, kind: 'procedure-room', name: 'Room 1' }]);
  const others = replies.filter(({ status }) => status !== 201);
  expect(new Set(others.map(({ status }) => status))).toEqual(new Set([409]));
  expect(new Set(others.map(({ body }) => body.code))).toEqual(new Set(['resource_unavailable', 'slot_full']));
  const refused = others.find(({ body }) => body.code === 'resource_unavailable');
  expect(refused?.body).toMatchObject({ kind: 'procedure-room' });

  const winner = patients[replies.findIndex(({ status }) => status === 201)] as Actor;
  const [own, other] = held.doctorId === heart.doctor.id ? [heart, slots[1]] : [lung, slots[0]];
  for (const reader of [winner, own.doctor, desk, boss]) {
    expect((await reader.reads(held.id)).body.resources).toEqual(held.resources);
  }

  await winner.cancels(held.id);
  const next = await patient();
  await soon(() => next.holds(other as string), 201);
});

test('[RM7] a room that was kept for a seat which was never given is free again once its day was asked', async () => {
  const slot = await heart.slot('10:00');
  const { day, startsAtMs } = parseSlotId(slot) as NonNullable<ReturnType<typeof parseSlotId>>;
  const time = { startsAtMs, endsAtMs: startsAtMs + 30 * 60_000 };
  // The day asked, and went down before it heard.
  await rooms().reserve({ reservationId: 'rv_lost', by: day, kinds: ['procedure-room'], ...time });
  const one = await patient();
  expect((await one.holds(slot)).body.code).toBe('resource_unavailable');

  await leasesAreUp('do not answer');
  expect((await one.holds(slot)).body.code).toBe('resource_unavailable');

  await leasesAreUp();
  const held = await one.holds(slot);
  expect(held.status).toBe(201);

  // Of what is held, a day says so.
  await leasesAreUp();
  const two = await patient();
  expect((await two.holds(await lung.slot('10:00'))).body.code).toBe('resource_unavailable');
  expect((await one.confirms(held.body.id)).body.resources).toHaveLength(1);
});

test('[RM9] a move takes the room of the new slot, and the one of the old slot is free afterwards', async () => {
  const later = addDays(heart.date, 1);
  const [one, two] = [await patient(), await patient()];
  const { body: held } = await one.holds(await heart.slot('11:00'));

  const within = await one.moves(held.id, await heart.slot('11:30'));
  expect(within.body.resources).toEqual(held.resources);
  await soon(async () => two.holds(await lung.slot('11:00')), 201);

  const taken = await two.moves(held.id, await lung.slot('11:30'));
  expect(taken.status).toBe(404);
  const away = await one.moves(held.id, await lung.slot('11:00', later));
  expect(away.body).toMatchObject({ resources: held.resources, doctorId: lung.doctor.id });
  await soon(async () => two.moves((await mine(two)).id, await heart.slot('11:30')), 200);

  const three = await patient();
  const refused = await three.holds(await heart.slot('11:00', later));
  expect(refused.body.code).toBe('resource_unavailable');
  const stays = await two.moves((await mine(two)).id, await heart.slot('11:00', later));
  expect(stays.body).toMatchObject({ code: 'resource_unavailable', kind: 'procedure-room' });
});

test('[RM6] those who share a slot share its room', async () => {
  const date = addDays(heart.date, 2);
  const group = { date, start: '20:00', end: '21:00', slotMinutes: 60, capacity: 3, mode: 'in_person', clinicId };
  const session = { ...group, requires: ['procedure-room'] };
  expect((await heart.doctor.act('POST', `/doctors/${heart.doctor.id}/sessions`, { sessions: [session] })).status).toBe(
    201,
  );
  const slot = await soonSlot('20:00', date);
  const patients = await Promise.all(Array.from({ length: 5 }, () => patient()));
  const replies = await Promise.all(patients.map((one) => one.holds(slot)));
  expect(replies.map(({ status, body }) => (status === 201 ? body.resources[0].id : body.code)).sort()).toEqual(
    [roomId, roomId, roomId, 'slot_full', 'slot_full'].sort(),
  );
});

test('[RM11] [RM12] a clinic keeps its own list, and schedules ask for what is on it', async () => {
  const path = `/clinics/${clinicId}/resources`;
  const stranger = await signedIn('u_deskBBBBBBBBBBBB', 'staff', { clinicIds: ['c_BBBBBBBBBBBBBBBB'] });
  for (const ask of [
    () => stranger.act('GET', path),
    () => stranger.act('POST', path, { kind: 'room', name: 'Mine' }),
    () => stranger.act('PUT', `${path}/${roomId}`, { name: 'Mine' }),
    () => desk.act('PUT', `${path}/rs_AAAAAAAAAAAAAAAA`, { name: 'None' }),
  ]) {
    expect((await ask()).status).toBe(404);
  }
  const second = await desk.act('POST', path, { kind: ' Ultrasound', name: 'Probe' });
  expect(second.body).toMatchObject({ kind: 'ultrasound', name: 'Probe', active: true });
  expect((await desk.act('PUT', `${path}/${second.body.id}`, { name: 'Old probe', active: false })).body).toMatchObject(
    {
      name: 'Old probe',
      active: false,
    },
  );
  const listed = await boss.act('GET', `${path}?limit=1`);
  const rest = await boss.act('GET', `${path}?cursor=${listed.body.nextCursor}`);
  expect([...listed.body.items, ...rest.body.items].map(({ name }) => name)).toEqual(['Room 1', 'Old probe']);

  const rules = (shape: Record<string, unknown>) =>
    lung.doctor.act('PUT', `/doctors/${lung.doctor.id}/schedule`, { rules: everyDay(shape) });
  for (const shape of [
    { clinicId, requires: ['ultrasound'] },
    { clinicId: null, requires: ['procedure-room'] },
  ]) {
    const refused = await rules(shape);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'unknown_resource_kind', errors: [{ path: 'rules.0.requires' }] });
  }
  expect((await rules({ clinicId, requires: ['a', 'b', 'c', 'd', 'e'] })).status).toBe(400);

  // Out of use, it is given to nobody, without waiting for what the clinic's object has read to grow old.
  await desk.act('PUT', `${path}/${roomId}`, { active: false });
  const one = await patient();
  const free = await heart.slot('09:00', addDays(heart.date, 5));
  expect((await one.holds(free)).body.code).toBe('resource_unavailable');
  await desk.act('PUT', `${path}/${roomId}`, { active: true });
  expect((await one.holds(free)).status).toBe(201);
});

test('[RM11] a clinic has two hundred rooms and devices at most', async () => {
  const { body: clinic } = await boss.act('POST', '/clinics', { name: 'Full', ...place });
  await env.DB.prepare(
    `insert into clinic_resources (id, clinic_id, kind, name, active, created_at_ms)
     select 'rs_full_' || value, ?, 'room', value, 0, 0 from json_each(?)`,
  )
    .bind(clinic.id, JSON.stringify(Array.from({ length: 200 }, (_, i) => i)))
    .run();
  const more = await boss.act('POST', `/clinics/${clinic.id}/resources`, { kind: 'room', name: 'One more' });
  expect(more.body.code).toBe('too_many_items');
});

/** The leases of the clinic's rooms are up: it asks the days, which answer or do not. */
const leasesAreUp = async (days: 'answer' | 'do not answer' = 'answer'): Promise<void> => {
  const asked = await runInDurableObject(rooms(), async (object, state) => {
    state.storage.sql.exec('UPDATE reservations SET ask_at_ms = 1 WHERE ask_at_ms IS NOT NULL');
    await state.storage.setAlarm(Date.now() + 60_000);
    const { standing } = object;
    if (days === 'do not answer') object.standing = () => Promise.reject(new Error('no answer'));
    return { standing };
  });
  await runDurableObjectAlarm(rooms());
  await runInDurableObject(rooms(), (object) => Object.assign(object, asked));
};

const mine = async (one: Actor): Promise<{ id: string }> => (await one.lists('?status=pending')).body.items[0];

/** A slot of an extra session, once its day knows of it. */
const soonSlot = (time: string, date: LocalDate): Promise<string> =>
  vi.waitFor(() => heart.slot(time, date), { timeout: 5_000, interval: 50 });
