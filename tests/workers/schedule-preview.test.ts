import { beforeAll, expect, test } from 'vitest';
import { type Actor, eventually, everyDay, patient, practice } from '../support/clinic.ts';

let desk: Awaited<ReturnType<typeof practice>>;
let nadia: Actor;
let booked: Record<string, string>;

beforeAll(async () => {
  desk = await practice();
  nadia = await patient();
  booked = {};
  for (const time of ['09:00', '11:30']) {
    const held = await nadia.holds(await desk.slot(time));
    booked[time] = held.body.id;
    await nadia.confirms(held.body.id);
    await eventually(
      async () => (await desk.doctor.lists('?status=confirmed')).body.items.map(({ id }: { id: string }) => id),
      (ids) => ids.includes(held.body.id),
    );
  }
});

const preview = (rules: unknown, more: object = {}) =>
  desk.doctor.act('POST', `/doctors/${desk.doctor.id}/schedule/preview`, { rules, ...more });

test('[SL44] a preview shows the slots that a schedule makes, and whom it would leave outside', async () => {
  const same = await preview(everyDay());
  expect(same.status).toBe(200);
  expect(same.body).toMatchObject({ slotsBefore: 84, slotsAfter: 84, touched: 0, appointments: [] });
  expect(same.body.days).toHaveLength(14);

  const shorter = await preview(everyDay({ end: '11:00' }));
  expect(shorter.body).toMatchObject({ slotsBefore: 84, slotsAfter: 56, touched: 1 });
  expect(shorter.body.appointments).toMatchObject([{ appointmentId: booked['11:30'], patientId: nadia.id }]);
  expect(shorter.body.days[3].slots[0]).toMatchObject({ capacity: 1, mode: 'in_person', clinicId: null });

  // Other lengths, and another way to meet, leave everybody outside.
  expect((await preview(everyDay({ slotMinutes: 20 }))).body.touched).toBe(2);
  expect((await preview(everyDay({ mode: 'video' }))).body.touched).toBe(2);
});

test('[SL44] a preview is refused as the schedule would be, and changes nothing', async () => {
  const before = (await desk.doctor.act('GET', `/doctors/${desk.doctor.id}/schedule`)).body;
  const twice = await preview([...everyDay(), ...everyDay()]);
  expect(twice).toMatchObject({ status: 422, body: { code: 'rules_overlap' } });
  const stale = await preview(everyDay(), { version: before.version - 1 });
  expect(stale).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
  expect((await preview([])).body).toMatchObject({ slotsAfter: 0, touched: 2 });
  expect((await desk.doctor.act('GET', `/doctors/${desk.doctor.id}/schedule`)).body).toEqual(before);
  // What was previewed is what then comes: those, and no others, are flagged.
  await desk.setSchedule(everyDay({ end: '11:00' }));
  const flagged = await eventually(
    async () => (await desk.doctor.lists('?outsideSchedule=true')).body.items,
    (items) => items.length > 0,
  );
  expect(flagged.map(({ id }: { id: string }) => id)).toEqual([booked['11:30']]);
});
