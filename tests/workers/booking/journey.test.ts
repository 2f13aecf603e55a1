import { afterEach, expect, test, vi } from 'vitest';
import { slotId } from '../../../src/domain/ids.ts';
import { addDays, utcDate } from '../../../src/domain/local-date.ts';
import { eventually, patient, practice, signedIn } from '../../support/clinic.ts';

afterEach(() => vi.useRealTimers());

test('[DD10] a patient holds, confirms, describes, moves and cancels; each answer shows the appointment as it is', async () => {
  const { slot, doctor, slotsOn, date } = await practice();
  const nadia = await patient();
  const hold = await nadia.holds(await slot('09:00'), { reason: 'Check-up', symptoms: 'Short of breath' });
  expect(hold.status).toBe(201);
  expect(hold.headers.get('location')).toBe(`/api/v1/appointments/${hold.body.id}`);
  expect(hold.body).toMatchObject({
    status: 'pending',
    patientId: nadia.id,
    mode: 'in_person',
    version: 1,
    timeZone: 'Asia/Dhaka',
  });

  const { id } = hold.body;
  expect((await nadia.confirms(id)).body).toMatchObject({ status: 'confirmed', expiresAt: null, version: 2 });
  expect((await nadia.act('PUT', `/appointments/${id}`, { symptoms: 'Better already' })).body).toMatchObject({
    reason: 'Check-up',
    symptoms: 'Better already',
  });
  const moved = await nadia.moves(id, await slot('10:30'));
  expect(moved.body).toMatchObject({ id, status: 'confirmed', version: 4, calendarUid: hold.body.calendarUid });
  const free = (await slotsOn(date)).filter((one) => one.remaining === 1).map((one) => one.localStart.slice(11));
  expect(free).toEqual(['09:00', '09:30', '10:00', '11:00', '11:30']);
  expect((await doctor.reads(id)).body.symptoms).toBe('Better already');

  expect((await nadia.cancels(id, 'I am well again')).body).toMatchObject({
    status: 'cancelled',
    statusReason: 'I am well again',
  });
  expect((await nadia.confirms(id)).body.code).toBe('invalid_transition');
  expect((await slotsOn(date)).every((one) => one.remaining === 1)).toBe(true);
  await eventually(
    async () => (await nadia.lists()).body.items,
    (items) => items[0]?.status === 'cancelled',
  );
});

test('[DD11] a doctor who approves requests accepts one and rejects another', async () => {
  const { slot, doctor } = await practice({ terms: { approvalRequired: true } });
  const [nadia, karim] = [await patient(), await patient()];
  const first = (await nadia.holds(await slot('09:00'))).body.id;
  const second = (await karim.holds(await slot('09:30'))).body.id;
  const asked = await nadia.confirms(first);
  expect(asked.body.status).toBe('awaiting_approval');
  expect(Date.parse(asked.body.expiresAt)).toBeGreaterThan(Date.now());
  await karim.confirms(second);

  expect((await doctor.accepts(first)).body.status).toBe('confirmed');
  expect((await doctor.rejects(second, 'Please see a cardiologist')).body.status).toBe('rejected');
  expect((await karim.reads(second)).body.statusReason).toBe('Please see a cardiologist');
  expect((await karim.holds(await slot('09:30'))).status).toBe(201);
});

test('[DD12] a visit is completed only once it has begun', async () => {
  const { slot, doctor } = await practice();
  const nadia = await patient();
  const hold = await nadia.holds(await slot('09:00'));
  await nadia.confirms(hold.body.id);
  expect((await doctor.completes(hold.body.id)).body.code).toBe('too_early');

  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(hold.body.startsAt) });
  const then = await signedIn(doctor.id, 'doctor');
  expect((await then.completes(hold.body.id)).body.status).toBe('completed');
});

test('[DD5] [DD6] [DD9] a patient gets neither overlapping seats, nor a fourth hold, nor another mode', async () => {
  const { slot } = await practice({ shape: { capacity: 2 } });
  const nadia = await patient();
  expect((await nadia.holds(await slot('09:00'), { mode: 'video' })).body.code).toBe('mode_unavailable');
  await nadia.holds(await slot('09:00'));
  expect((await nadia.holds(await slot('09:00'))).body.code).toBe('already_booked');
  await nadia.holds(await slot('09:30'));
  await nadia.holds(await slot('10:00'));
  expect((await nadia.holds(await slot('10:30'))).body.code).toBe('too_many_holds');
});

test('[DD8] dates outside the window are refused, and store nothing', async () => {
  const { slot, doctor, date } = await practice({ terms: { bookingWindowDays: 5 } });
  const nadia = await patient();
  const far = addDays(date, 30);
  const beyond = slotId({ doctorId: doctor.id, date: far }, Date.parse(`${far}T03:00:00Z`));
  const past = addDays(utcDate(Date.now()), -2);
  const gone = slotId({ doctorId: doctor.id, date: past }, Date.parse(`${past}T03:00:00Z`));
  expect((await nadia.holds(beyond)).body.code).toBe('outside_booking_window');
  expect((await nadia.holds(gone)).body.code).toBe('outside_booking_window');
  const nowhere = slotId({ doctorId: doctor.id, date }, Date.parse(`${date}T20:17:00Z`));
  expect((await nadia.holds(nowhere)).body.code).toBe('slot_not_found');
  expect(await slot('09:00')).toBeTruthy();
});

test('[DD36] an overlap with another doctor is told to the patient and does not stand in the way', async () => {
  const [heart, skin] = [await practice(), await practice()];
  const nadia = await patient();
  const first = await nadia.holds(await heart.slot('09:00'));
  const second = await nadia.holds(await skin.slot('09:00'));
  expect(second.status).toBe(201);

  const read = await eventually(
    () => nadia.reads(first.body.id),
    (reply) => reply.body.conflictsWith.length === 1,
  );
  expect(read.body.conflictsWith[0]).toMatchObject({ appointmentId: second.body.id, doctorId: skin.doctor.id });
  await nadia.cancels(second.body.id);
  await eventually(
    () => nadia.reads(first.body.id),
    (reply) => reply.body.conflictsWith.length === 0,
  );
});
