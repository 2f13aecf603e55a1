import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { addDays, type LocalDate } from '../../src/domain/local-date.ts';
import { consumeDayMessage } from '../../src/features/schedules/consume.ts';
import { type Actor, eventually, patient, practice } from '../support/clinic.ts';

afterEach(() => vi.restoreAllMocks());

const aroundTheClock = { start: '00:00', end: '00:00' };
const west = 'America/Los_Angeles';

const clinicWith = async () => {
  const clinic = await practice({ shape: aroundTheClock });
  const { id } = clinic.doctor;
  return {
    ...clinic,
    id,
    moves: (timeZone: string) => clinic.doctor.act('PUT', `/doctors/${id}`, { timeZone }),
    zone: () => env.DB.prepare('select time_zone from doctors where id = ?').bind(id).first<string>('time_zone'),
  };
};
type Clinic = Awaited<ReturnType<typeof clinicWith>>;

/** Opens a day and leaves it without live appointments. */
const opened = async (clinic: Clinic): Promise<void> => {
  const someone = await patient();
  await someone.cancels((await someone.holds(await clinic.slot('09:00'))).body.id);
};

/** Does something between the freeze and the commit of a zone change: before the first large batch. */
const betweenFreezeAndCommit = (act: () => Promise<void>): void => {
  const batch = env.DB.batch.bind(env.DB);
  const spy = vi.spyOn(env.DB, 'batch').mockImplementation(async (statements) => {
    if (statements.length > 6) {
      spy.mockImplementation(batch);
      await act();
    }
    return batch(statements);
  });
};

const books = async (who: Actor, slotId: string) => {
  const held = await who.holds(slotId);
  if (held.status !== 201) return held;
  return who.confirms(held.body.id);
};

/** Books the very instant of a visit again, on the day that it lies on in the new zone. */
const booksTheSameInstant = async (clinic: Clinic, startsAt: string) => {
  for (const days of [-1, 0]) {
    const slots = await clinic.slotsOn(addDays(clinic.date, days) as LocalDate);
    const same = slots.find((slot) => slot.startsAt === startsAt && slot.remaining > 0);
    if (same !== undefined) return books(await patient(), same.id);
  }
  return null;
};

const expectNoHarm = async (
  clinic: Clinic,
  change: { status: number },
  booked: Awaited<ReturnType<typeof books>> | undefined,
) => {
  expect.soft({ changed: change.status, booked: booked?.status }).not.toEqual({ changed: 200, booked: 200 });
  if (booked?.status !== 200) return;
  const again = await booksTheSameInstant(clinic, booked.body.startsAt);
  const visits = [booked, again]
    .filter((one) => one?.status === 200)
    .map((one) => [one?.body.status, one?.body.startsAt, one?.body.doctorId]);
  await scheduler.wait(1_000);
  const set = await env.DB.prepare('select appointment_id, why from projection_quarantine where doctor_id = ?')
    .bind(clinic.id)
    .all();
  expect.soft(set.results).toEqual([]);
  expect(visits, 'confirmed visits of one doctor with capacity 1 at one instant').toHaveLength(1);
};

test('[DD31] a day that is registered but not open yet is frozen as well, and opens with the new zone', async () => {
  const clinic = await clinicWith();
  const nadia = await patient();
  const slot = await clinic.slot('10:00');
  const batch = env.DB.batch.bind(env.DB);
  const state = { waiting: false, go: false };
  vi.spyOn(env.DB, 'batch').mockImplementation(async (statements) => {
    const answer = await batch(statements);
    // The opening of the day: its answer takes a while to come back.
    if (statements.length === 5 && !state.waiting) {
      state.waiting = true;
      while (!state.go) await scheduler.wait(20);
    }
    return answer as never;
  });
  const holding = nadia.holds(slot);
  await eventually(async () => state.waiting, Boolean);
  const change = await clinic.moves(west);
  state.go = true;
  const held = await holding;
  const booked = held.status === 201 ? await nadia.confirms(held.body.id) : held;
  await expectNoHarm(clinic, change, booked);
});

test('[DD31] the message of an earlier edit does not end the freeze', async () => {
  const clinic = await clinicWith();
  await opened(clinic);
  const slot = await clinic.slot('10:00');
  const nadia = await patient();
  const queue = vi.spyOn(env.DAY_QUEUE, 'sendBatch').mockResolvedValue({} as never); // slow today
  await clinic.doctor.act('PUT', `/doctors/${clinic.id}`, { consultationFee: { amount: 1, currency: 'BDT' } });
  queue.mockRestore();
  let booked: Awaited<ReturnType<typeof books>> | undefined;
  betweenFreezeAndCommit(async () => {
    await consumeDayMessage(env, { kind: 'schedule_changed', doctorId: clinic.id, date: clinic.date });
    booked = await books(nadia, slot);
  });
  const change = await clinic.moves(west);
  await expectNoHarm(clinic, change, booked);
});

test('[DD31] another edit that fails does not thaw the days that this one froze', async () => {
  const [clinic, other] = [await clinicWith(), await practice()];
  await opened(clinic);
  const slot = await clinic.slot('10:00');
  const nadia = await patient();
  const taken = await env.DB.prepare('select license_number as l from doctors where id = ?')
    .bind(other.doctor.id)
    .first<string>('l');
  let booked: Awaited<ReturnType<typeof books>> | undefined;
  betweenFreezeAndCommit(async () => {
    const failed = await clinic.admin.act('PUT', `/doctors/${clinic.id}`, {
      timeZone: 'Europe/Berlin',
      licenseNumber: taken,
    });
    expect(failed.body.code).toBe('license_number_taken');
    booked = await books(nadia, slot);
  });
  const change = await clinic.moves(west);
  await expectNoHarm(clinic, change, booked);
});
