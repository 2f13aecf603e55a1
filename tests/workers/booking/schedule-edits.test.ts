import { expect, test } from 'vitest';
import { eventually, everyDay, patient, practice } from '../../support/clinic.ts';

test('[DD28] [DD30] an edit that removes a booked slot keeps and flags the appointment; the open day follows', async () => {
  const { slot, setSchedule, slotsOn, doctor } = await practice();
  const nadia = await patient();
  const hold = await nadia.holds(await slot('09:00'));
  await nadia.confirms(hold.body.id);

  await setSchedule(everyDay({ start: '10:00', end: '11:00' }));

  const slots = await eventually(
    () => slotsOn(),
    (found) => found.length === 2,
  );
  expect(slots.map((one) => one.localStart.slice(11))).toEqual(['10:00', '10:30']);
  const kept = await nadia.reads(hold.body.id);
  expect(kept.body).toMatchObject({ status: 'confirmed', outsideSchedule: true });
  expect((await doctor.lists()).body.items).toHaveLength(1);

  await setSchedule(everyDay());
  await eventually(
    () => nadia.reads(hold.body.id),
    (reply) => reply.body.outsideSchedule === false,
  );
});

test('[DD30] slots of the new hours that overlap a kept appointment are not offered', async () => {
  const { slot, setSchedule, slotsOn } = await practice();
  const nadia = await patient();
  await nadia.holds(await slot('09:00'));
  await setSchedule(everyDay({ start: '09:15', end: '10:15' }));
  const slots = await eventually(
    () => slotsOn(),
    (found) => found[0]?.localStart.endsWith('09:15') === true,
  );
  expect(slots.map((one) => one.remaining)).toEqual([0, 1]);
});

test('[DD28] time off clears free seats from an open day, and the fee of later bookings follows an edit', async () => {
  const { slot, slotsOn, doctor, date } = await practice();
  const [nadia, karim] = [await patient(), await patient()];
  await nadia.holds(await slot('09:00'));
  const put = await doctor.act('PUT', `/doctors/${doctor.id}`, {
    consultationFee: { amount: 99_900, currency: 'BDT' },
  });
  expect(put.status).toBe(200);
  const time = await doctor.act('POST', `/doctors/${doctor.id}/time-off`, {
    from: date,
    to: date,
    start: '10:00',
    end: '12:00',
  });
  expect(time.status).toBe(201);
  await eventually(
    () => slotsOn(),
    (found) => found.length === 2,
  );
  const hold = await karim.holds(await slot('09:30'));
  expect(hold.body.consultationFee.amount).toBe(99_900);
});
