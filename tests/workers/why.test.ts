import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { addDays } from '../../src/domain/local-date.ts';
import { patient, practice, signedIn } from '../support/clinic.ts';

test('[SL43] the doctor, the front desk and an admin are told why; others are not', async () => {
  const { doctor, date, slot, admin } = await practice({ shape: { emergencySeats: 1 } });
  const clinicId = `c_${doctor.id.slice(2)}`;
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO clinics (id, name, address, city, country, time_zone, created_at_ms) VALUES (?, 'C', 'A', 'D', 'BD', 'Asia/Dhaka', 0)`,
    ).bind(clinicId),
    env.DB.prepare('INSERT INTO doctor_clinics (doctor_id, clinic_id) VALUES (?, ?)').bind(doctor.id, clinicId),
  ]);
  const [nadia, one, another] = await Promise.all([patient(), patient(), patient()]);
  const desk = await signedIn(one.id, 'staff', { clinicIds: [clinicId] });
  const elsewhere = await signedIn(another.id, 'staff', { clinicIds: ['c_other'] });
  const ask = (who: typeof desk, time: string, on = date) =>
    who.act('GET', `/doctors/${doctor.id}/slots/why?at=${encodeURIComponent(`${on}T${time}:00+06:00`)}`);

  // Nobody has booked the day: it is explained all the same, and nothing is stored.
  const free = await ask(desk, '09:00');
  expect(free.body).toMatchObject({ available: true, reasons: [], local: `${date}T09:00`, slot: { remaining: 1 } });
  expect((await nadia.holds(await slot('09:00'))).status).toBe(201);
  const full = await ask(desk, '09:00');
  expect(full.body).toMatchObject({
    available: false,
    openTo: ['emergency'],
    slot: { remaining: 0, emergencyRemaining: 1 },
    reasons: [{ code: 'full', capacity: 1, seats: { held: 1, confirmed: 0 } }, { code: 'emergency_only' }],
  });
  expect(JSON.stringify(full.body)).not.toContain(nadia.id);
  expect((await ask(desk, '09:10')).body.reasons).toMatchObject([{ code: 'not_a_start' }]);

  const away = addDays(date, 1);
  await doctor.act('POST', `/doctors/${doctor.id}/time-off`, { from: away, to: away, reason: 'A wedding' });
  expect((await ask(doctor, '09:00', away)).body.reasons).toMatchObject([
    { code: 'time_off', timeOff: [{ from: away, reason: 'A wedding' }] },
  ]);
  const told = await ask(desk, '09:00', away);
  expect(told.body.reasons).toMatchObject([{ code: 'time_off', timeOff: [{ from: away }] }]);
  expect(JSON.stringify(told.body)).not.toContain('wedding');
  const far = await ask(admin, '09:00', addDays(date, 4_000));
  expect(far.body.reasons).toMatchObject([{ code: 'outside_booking_window' }]);

  expect([(await ask(nadia, '09:00')).status, (await ask(elsewhere, '09:00')).status]).toEqual([403, 404]);
  expect((await desk.act('GET', `/doctors/${doctor.id}/slots/why?at=2026-01-01T09:00`)).status).toBe(400);
  const spaced = await desk.act('GET', `/doctors/${doctor.id}/slots/why?at=2026-01-01T09:00:00+06:00`);
  expect(spaced).toMatchObject({ status: 400, body: { errors: [{ path: 'query.at' }] } });
  expect(spaced.body.errors[0].message).toContain('is written %2B');
  const missing = await desk.act('GET', `/doctors/${doctor.id}/slots/why`);
  expect(missing.body.errors).toEqual([{ path: 'query.at', message: 'is missing' }]);
});
