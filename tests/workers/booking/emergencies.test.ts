import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { addDays, utcDate } from '../../../src/domain/local-date.ts';
import { eventually, everyDay, patient, practice, signedIn } from '../../support/clinic.ts';
import { inWords, ledgerOf } from '../../support/ledger.ts';

const emergency = { priority: 'emergency', reason: 'Pain in the chest' };

test('[EM1] [EM2] [EM6] [EM7] [EM9] [EM10] [EM11] an emergency takes the seat that was kept for one', async () => {
  const { slot, doctor, date, setSchedule, slotsOn } = await practice({ shape: { emergencySeats: 1 } });
  const [nadia, karim, amina] = [await patient(), await patient(), await patient()];
  const nine = await slot('09:00');
  await karim.holds(nine);
  expect((await slotsOn(date))[0]).toMatchObject({ remaining: 0, capacity: 1 });
  expect((await slotsOn(date))[0]).not.toHaveProperty('emergencyRemaining');
  const seen = await nadia.act('GET', `/doctors/${doctor.id}/slots?date=${date}`);
  expect(seen.body.slots[0]).toMatchObject({ remaining: 0, emergencyRemaining: 1 });

  expect((await nadia.holds(nine, { reason: 'Pain' })).body.code).toBe('slot_full');
  const wordless = await nadia.holds(nine, { priority: 'emergency' });
  expect([wordless.status, wordless.body.code]).toEqual([422, 'reason_required']);
  expect(wordless.body.errors).toEqual([{ path: 'reason', message: 'is needed for an emergency' }]);
  const held = await nadia.holds(nine, emergency);
  expect([held.status, held.body.priority]).toEqual([201, 'emergency']);
  expect((await nadia.holds(await slot('10:00'), emergency)).body.code).toBe('too_many_emergencies');
  expect((await amina.holds(nine, emergency)).body.code).toBe('slot_full');

  // What the doctor keeps no more is flagged, and nobody is dropped.
  await setSchedule(everyDay({ emergencySeats: 0 }));
  const flagged = await eventually(
    async () => (await doctor.reads(held.body.id)).body,
    (one) => one.outsideSchedule === true,
  );
  expect(flagged).toMatchObject({ status: 'pending', priority: 'emergency', reason: emergency.reason });
  const told = await ledgerOf(held.body.id, (rows) => rows.length >= 2);
  expect(told.map(inWords).map((line) => line.split(':')[0])).toEqual([
    'v1 emergency to doctor by email',
    'v1 emergency to doctor by in_app',
  ]);
  const audited = await env.DB.prepare(
    `SELECT data ->> '$.priority' AS priority FROM audit_events WHERE subject_id = ? AND action = 'held'`,
  )
    .bind(held.body.id)
    .first();
  expect(audited).toEqual({ priority: 'emergency' });
});

test('[EM8] three in 30 days with whomever; refused ones, repeats and what a clinic takes are not counted', async () => {
  const { slot, doctor } = await practice({ shape: { emergencySeats: 1 } });
  const nadia = await patient();
  const days = [4, 5, 6, 7, 8].map((ahead) => addDays(utcDate(Date.now()), ahead));
  const nine = await Promise.all(days.map((day) => slot('09:00', day)));
  const [first, second, third, fourth, fifth] = nine as [string, string, string, string, string];
  expect((await nadia.holds(first, emergency, 'k1')).status).toBe(201);
  expect((await nadia.holds(first, emergency, 'k1')).status).toBe(201);
  expect((await nadia.holds(first, emergency)).body.code).toBe('already_booked');
  expect((await nadia.holds(second, emergency)).status).toBe(201);
  expect((await nadia.holds(third, emergency)).status).toBe(201);
  const refused = await nadia.holds(fourth, emergency);
  expect([refused.status, refused.body.code]).toEqual([429, 'emergency_limit']);
  // Another request under a key that was counted is another emergency, and takes nothing back.
  expect((await nadia.holds(first, { ...emergency, symptoms: 'Worse' }, 'k1')).body.code).toBe('emergency_limit');
  expect((await nadia.holds(fourth, emergency)).body.code).toBe('emergency_limit');
  expect((await nadia.holds(fourth)).status).toBe(201);
  await env.DB.prepare(
    `INSERT INTO accounts (id, email, password_hash, full_name, role, created_at_ms) VALUES (?1, ?1, '', 'N', 'patient', 0)`,
  )
    .bind(nadia.id)
    .run();
  expect((await doctor.holds(fifth, { ...emergency, patientId: nadia.id })).status).toBe(201);
});

test('[EM3] within the notice only those seats are left, and only where some are kept', async () => {
  const terms = { minimumNoticeMinutes: 6 * 24 * 60 };
  const { slot, date, doctor, setSchedule } = await practice({ shape: { emergencySeats: 1, capacity: 5 }, terms });
  const [nadia, karim] = [await patient(), await signedIn((await patient()).id, 'patient')];
  const nine = await slot('09:00');
  expect((await karim.holds(nine)).body.code).toBe('outside_booking_window');
  const held = await nadia.holds(nine, emergency);
  expect(held.status).toBe(201);
  expect((await karim.holds(nine, emergency)).body.code).toBe('slot_full');
  const moved = await nadia.moves(held.body.id, await slot('10:00'));
  expect(moved.body).toMatchObject({ priority: 'emergency', startsAt: expect.stringContaining('T04:00') });
  await setSchedule(everyDay({ capacity: 5 }), terms);
  await eventually(
    async () => (await karim.act('GET', `/doctors/${doctor.id}/slots?date=${date}`)).body.slots[0],
    (one) => one.emergencyRemaining === 0,
  );
  expect((await karim.holds(nine, emergency)).body.code).toBe('outside_booking_window');
});
