import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { addDays, type LocalDate } from '../../src/domain/local-date.ts';
import { eventually, patient, practice } from '../support/clinic.ts';

const zoneOf = (id: string) =>
  env.DB.prepare('select time_zone from doctors where id = ?').bind(id).first<string>('time_zone');

/** A practice in Dhaka whose doctor can ask for another zone. */
const movable = async () => {
  const clinic = await practice();
  const { id } = clinic.doctor;
  return {
    ...clinic,
    id,
    asksFor: (timeZone: string, more: Record<string, unknown> = {}) =>
      clinic.doctor.act('PUT', `/doctors/${id}`, { timeZone, ...more }),
  };
};

describe('changing the time zone', () => {
  it('[DR23] is refused while an opened day holds a live appointment; the refusal names days and appointments', async () => {
    const clinic = await movable();
    const nextDate = addDays(clinic.date, 1);
    const someone = await patient();
    const first = await someone.holds(await clinic.slot('09:00'));
    const second = await someone.holds(await clinic.slot('10:00', nextDate));
    await someone.confirms(second.body.id);
    const refusal = await clinic.asksFor('Europe/Berlin', { bio: 'moved' });
    expect(refusal.status).toBe(409);
    expect(refusal.body).toMatchObject({
      code: 'zone_change_blocked',
      days: [clinic.date, nextDate],
      appointments: [first.body.id, second.body.id],
    });
    expect(await zoneOf(clinic.id)).toBe('Asia/Dhaka');
    expect((await clinic.doctor.act('GET', `/doctors/${clinic.id}`)).body.bio).toBe('');
  });

  it('[DR23] leaves the days open for booking when it is refused, also those it had frozen', async () => {
    const clinic = await movable();
    const [someone, other] = [await patient(), await patient()];
    const emptied = await someone.holds(await clinic.slot('09:00'));
    await someone.cancels(emptied.body.id);
    await someone.holds(await clinic.slot('09:00', addDays(clinic.date, 1)));
    expect((await clinic.asksFor('Europe/Berlin')).status).toBe(409);
    expect((await other.holds(await clinic.slot('09:00'))).status).toBe(201);
    expect((await other.holds(await clinic.slot('09:30', addDays(clinic.date, 1)))).status).toBe(201);
  });

  it('[DR23] goes through once the appointments are cancelled, and the next slots are of the new zone', async () => {
    const clinic = await movable();
    const someone = await patient();
    const held = await someone.holds(await clinic.slot('09:00'));
    await someone.cancels(held.body.id);
    const answer = await clinic.asksFor('America/New_York');
    expect([answer.status, answer.body.timeZone]).toEqual([200, 'America/New_York']);
    const fresh = addDays(clinic.date, 2);
    const [slot] = await clinic.slotsOn(fresh);
    expect(slot?.localStart).toBe(`${fresh}T09:00`);
    // 09:00 in New York is 13:00 or 14:00 UTC; in Dhaka it was 03:00.
    expect(slot?.startsAt).toMatch(/T1[34]:00:00/);
  });

  it('[DR22] an opened day follows the new zone and takes bookings again', async () => {
    const clinic = await movable();
    const someone = await patient();
    const held = await someone.holds(await clinic.slot('09:00'));
    await someone.cancels(held.body.id);
    expect((await clinic.asksFor('America/New_York')).status).toBe(200);
    await vi.waitFor(
      async () => {
        const [slot] = await clinic.slotsOn(clinic.date);
        expect(slot?.startsAt).toMatch(/T1[34]:00:00/);
      },
      { timeout: 8_000, interval: 100 },
    );
    expect((await someone.holds(await clinic.slot('09:00'))).status).toBe(201);
  });

  it('[DR24] finds a day that was opened after it looked, and starts over', async () => {
    const clinic = await movable();
    const someone = await patient();
    const slot = await clinic.slot('09:00');
    let booked: Awaited<ReturnType<typeof someone.holds>> | undefined;
    // The booking lands between the look at the opened days (a statement of its own) and the change (a batch).
    const batch = env.DB.batch.bind(env.DB);
    const meanwhile = vi.spyOn(env.DB, 'batch').mockImplementation(async (statements) => {
      if (booked === undefined && statements.length > 6) {
        meanwhile.mockImplementation(batch);
        booked = await someone.holds(slot);
      }
      return batch(statements);
    });
    const answer = await clinic.asksFor('Europe/Berlin');
    meanwhile.mockRestore();
    expect(booked?.status).toBe(201);
    expect([answer.status, answer.body.code]).toEqual([409, 'zone_change_blocked']);
    expect(answer.body.appointments).toEqual([booked?.body.id]);
    expect(await zoneOf(clinic.id)).toBe('Asia/Dhaka');
  });

  it('[DR24] of bookings and a zone change at once, whatever the order, no appointment stands at a changed time', async () => {
    const clinic = await movable();
    const dates = [0, 1, 2].map((days) => addDays(clinic.date, days) as LocalDate);
    const people = await Promise.all(dates.map(() => patient()));
    const slots = await Promise.all(dates.map((date) => clinic.slot('10:00', date)));
    const [change, ...bookings] = await Promise.all([
      clinic.asksFor('Europe/Berlin'),
      ...people.map((person, i) => person.holds(slots[i] ?? '')),
    ]);
    const booked = bookings.filter((booking) => booking.status === 201);
    if (change?.status === 200) {
      expect(await zoneOf(clinic.id)).toBe('Europe/Berlin');
      expect(booked).toEqual([]);
    } else {
      expect([409, 503]).toContain(change?.status);
      expect(await zoneOf(clinic.id)).toBe('Asia/Dhaka');
    }
    for (const booking of bookings) expect([201, 409, 422, 503]).toContain(booking.status);
  });

  it('[DR24] a day that does not answer stops the change, and it can be tried again', async () => {
    const clinic = await movable();
    const someone = await patient();
    const slot = await clinic.slot('09:00');
    const held = await someone.holds(slot);
    await someone.cancels(held.body.id);
    const door = vi.spyOn(env.DOCTOR_DAY, 'getByName').mockImplementation(() => {
      throw new Error('the object is out of reach');
    });
    const failed = await clinic.asksFor('Europe/Berlin');
    door.mockRestore();
    expect([failed.status, failed.body.code]).toEqual([503, 'temporarily_unavailable']);
    expect(await zoneOf(clinic.id)).toBe('Asia/Dhaka');
    expect((await clinic.asksFor('Europe/Berlin')).status).toBe(200);
  });
});

it('[DR22] a change of fee reaches an opened day: what is held from then on costs the new fee', async () => {
  const clinic = await movable();
  await (await patient()).holds(await clinic.slot('09:00'));
  const fee = { amount: 70_000, currency: 'BDT' };
  expect((await clinic.doctor.act('PUT', `/doctors/${clinic.id}`, { consultationFee: fee })).status).toBe(200);
  const feeOfNextHold = async () => {
    const someone = await patient();
    const { body } = await someone.holds(await clinic.slot('10:00'));
    const row = await eventually(
      () => env.DB.prepare('select fee_minor from appointments where id = ?').bind(body.id).first<number>('fee_minor'),
      (found) => found !== null,
    );
    await someone.cancels(body.id);
    return row;
  };
  expect(await eventually(feeOfNextHold, (found) => found !== 0)).toBe(70_000);
}, 15_000);
