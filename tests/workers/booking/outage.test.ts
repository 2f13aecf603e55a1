import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { dayOf, eventually, patient, practice } from '../../support/clinic.ts';
import { tamper } from '../../support/tamper.ts';

afterEach(() => vi.restoreAllMocks());

interface Row {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly seat: number | null;
}

/** What D1 has of a doctor, and what the audit of the day has. */
const projected = async (doctorId: string, stream: string) => ({
  rows: (
    await env.DB.prepare('SELECT id, status, version, seat FROM appointments WHERE doctor_id = ? ORDER BY id')
      .bind(doctorId)
      .all<Row>()
  ).results,
  events: (
    await env.DB.prepare('SELECT seq, action FROM audit_events WHERE stream = ? ORDER BY seq').bind(stream).all()
  ).results,
});

/** The fold of a day: what its object holds, in the shape that D1 should show, and its whole log. */
const folded = (slotId: string) =>
  runInDurableObject(dayOf(slotId), (_, state) => ({
    rows: state.storage.sql
      .exec<{ value: string }>("SELECT value FROM records WHERE kind = 'appointment' ORDER BY id")
      .toArray()
      .map(({ value }) => JSON.parse(value))
      .map(({ id, status, version, seat }) => ({
        id,
        status,
        version,
        seat: ['cancelled', 'rejected', 'expired'].includes(status) ? null : seat,
      })),
    events: state.storage.sql.exec('SELECT seq, action FROM events ORDER BY seq').toArray(),
  }));

test('[DD22] [DD23] D1 fails for the whole of 200 bookings: all are answered, and D1 ends equal to the day', async () => {
  const { slotsOn, doctor, date } = await practice({
    shape: { start: '08:00', end: '18:00', slotMinutes: 15, capacity: 10 },
  });
  const slots = await slotsOn();
  const opener = await patient();
  await opener.holds(slots[0]?.id ?? '');

  const prepare = vi.spyOn(env.DB, 'prepare').mockImplementation(() => {
    throw new Error('D1_ERROR: the database is out of reach');
  });
  const replies = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const one = await patient();
      const hold = await one.holds(slots[i % slots.length]?.id ?? '');
      const confirmed = await one.confirms(hold.body.id);
      return i % 4 === 0 ? one.cancels(hold.body.id) : confirmed;
    }),
  );
  expect(replies.every((reply) => reply.status === 200)).toBe(true);
  expect(prepare).toHaveBeenCalled();

  vi.restoreAllMocks();
  const first = slots[0]?.id ?? '';
  await runDurableObjectAlarm(dayOf(first));
  const stream = `day:${doctor.id}/${date}`;
  const fold = await folded(first);
  const d1 = await eventually(
    () => projected(doctor.id, stream),
    (found) => found.events.length === fold.events.length,
  );
  expect(d1).toEqual(fold);
  expect(fold.rows).toHaveLength(201);
});

test('[DD23] D1 takes a batch but its answer is lost: nothing arrives twice', async () => {
  const { slot, doctor, date } = await practice();
  const wanted = await slot('09:00');
  const nadia = await patient();
  const batch = env.DB.batch.bind(env.DB);
  let lost = 0;
  const hold = await nadia.holds(wanted);
  vi.spyOn(env.DB, 'batch').mockImplementation(async (statements) => {
    const answer = await batch(statements);
    if (lost < 2) {
      lost += 1;
      throw new Error('D1_ERROR: the answer was lost');
    }
    return answer as never;
  });
  await nadia.confirms(hold.body.id);
  await nadia.cancels(hold.body.id);
  await eventually(
    async () => {
      await runDurableObjectAlarm(dayOf(wanted));
      return projected(doctor.id, `day:${doctor.id}/${date}`);
    },
    (found) => found.rows[0]?.status === 'cancelled',
  );
  const fold = await folded(wanted);
  await eventually(
    () => projected(doctor.id, `day:${doctor.id}/${date}`),
    (found) => JSON.stringify(found) === JSON.stringify(fold),
  );
  expect(lost).toBeGreaterThan(0);
});

test('[DD24] a row that the seat index refuses is set aside; the others go on to D1', async () => {
  const { slot, doctor, date } = await practice();
  const wanted = await slot('09:00');
  const nadia = await patient();
  const startsAtMs = Date.parse(
    (await slot('09:00').then(() => nadia.act('GET', `/doctors/${doctor.id}/slots?date=${date}`))).body.slots[0]
      .startsAt,
  );
  // A row that could only be there by a bug elsewhere holds seat 1 of the slot in D1.
  await env.DB.prepare(
    `INSERT INTO appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode, status,
       outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
     VALUES ('a_intruder', ?, 'u_x', ?, ?, ?, 'UTC', 1, 'video', 'confirmed', 0, 0, 'BDT', 0, 0, 1)`,
  )
    .bind(doctor.id, date, startsAtMs, startsAtMs + 1_800_000)
    .run();
  const [refused, fine] = [await nadia.holds(wanted), await nadia.holds(await slot('10:00'))];
  expect([refused.status, fine.status]).toEqual([201, 201]);

  await eventually(
    () => env.DB.prepare('SELECT appointment_id AS id FROM projection_quarantine').all(),
    (found) => found.results.some((row) => row.id === refused.body.id),
  );
  await eventually(
    () => env.DB.prepare('SELECT id FROM appointments WHERE id = ?').bind(fine.body.id).first(),
    (row) => row !== null,
  );
});

test('[DD25] a rebuild into an emptied D1 gives the same rows', async () => {
  const { slot, doctor, admin, date } = await practice();
  const [nadia, karim] = [await patient(), await patient()];
  const hold = await nadia.holds(await slot('09:00'));
  await nadia.confirms(hold.body.id);
  await karim.cancels((await karim.holds(await slot('09:30'))).body.id);
  const stream = `day:${doctor.id}/${date}`;
  const fold = JSON.stringify(await folded(await slot('09:00')));
  const before = await eventually(
    () => projected(doctor.id, stream),
    (found) => JSON.stringify(found) === fold,
  );

  await tamper(
    'DELETE FROM appointments',
    "DELETE FROM audit_events WHERE stream LIKE 'day:%'",
    "DELETE FROM audit_seals WHERE stream LIKE 'day:%'",
    'DELETE FROM doctor_days',
  );
  expect((await admin.act('POST', `/admin/doctors/${doctor.id}/rebuild`)).status).toBe(202);

  const after = await eventually(
    () => projected(doctor.id, stream),
    (found) => JSON.stringify(found) === fold,
  );
  expect(after).toEqual(before);
});
