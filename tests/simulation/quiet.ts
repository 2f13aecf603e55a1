import { isDeepStrictEqual } from 'node:util';
import { sweepWaitlist } from '../../src/doctor-days/waitlist-changes.ts';
import { fitsPlan } from '../../src/domain/doctor-day/seats.ts';
import { dayName, parseAppointmentId } from '../../src/domain/ids.ts';
import { sweepStaleDays } from '../../src/features/schedules/changes.ts';
import type { Host } from './host.ts';
import type { Inspector } from './inspector.ts';
import { checkLine } from './line-at-rest.ts';
import type { People } from './people.ts';
import type { Plan } from './plan.ts';
import type { RoomHost } from './room-host.ts';
import { eventsIn, hasStored, projectedSeqIn, type Stored, storedIn } from './stored.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

/** Once faults stop, everything is where it belongs within this time. */
const drainBoundMs = 600_000;
/** What a day tells others while nothing fails has arrived after this time. */
const landingMs = 2_000;
const live = new Set(['pending', 'awaiting_approval', 'confirmed']);

/** The end of a run: faults stop, everything drains, and what is left is compared. Throws a violation. */
export const bringToRest = async (world: World, people: People, inspector: Inspector, plan: Plan): Promise<void> => {
  const { scheduler } = world;
  const run = (ms: number) => world.runUntil(scheduler.elapsedMs() + ms, inspector.afterStep);
  world.faults.stop();
  // A lost alarm is armed by the next request ([DD34]); the queue's losses are made up for by the sweep of each minute.
  await run(60_000);
  for (const host of world.hosts.values()) if (hasStored(host.storage)) poke(host, plan);
  for (const host of world.roomHosts.values()) pokeRooms(host);
  const minute = async (): Promise<void> => {
    void sweepStaleDays(world.env, scheduler.nowMs()).catch(() => undefined);
    void sweepWaitlist(world.env, scheduler.nowMs()).catch(() => undefined);
    await run(60_000);
  };
  for (let passed = 0; passed < drainBoundMs; passed += 60_000) await minute();
  people.askAgain();
  await run(60_000);
  // What was booked then may have been offered: those who wait hear of it by the next sweep.
  await minute();
  await letThingsLand(world, run);
  promise(people.unanswered.length === 0, 'DD27', () => `${people.unanswered} got no answer that stands`);
  promise(people.waiting === 0, 'DD23', () => `${people.waiting} requests were never answered`);
  const hosts = [...world.hosts.values()].filter((host) => hasStored(host.storage));
  for (const host of hosts) checkDrained(world, host);
  for (const host of hosts) checkLine(world, host);
  inspector.checkAcknowledged();
  inspector.rooms.checkAtRest();
  for (const [id, { place }] of inspector.fold.appointments) {
    promise(world.hosts.has(place), 'DD15', () => `${id} is on no day: ${place}`);
    checkForward(world, id, place);
  }
  world.history.close();
  const eventCount = () => hosts.reduce((sum, { storage }) => sum + eventsIn(storage, 0).length, 0);
  const events = eventCount();
  const before = compareD1(world, hosts, inspector);
  await rebuild(world, hosts, inspector, run);
  await letThingsLand(world, run);
  const after = compareD1(world, hosts, inspector);
  // Meanwhile a hold may have run out.
  const same = eventCount() !== events || isDeepStrictEqual(before, after);
  promise(same, 'DD25', () => 'a rebuild gave other rows');
};

/**
 * Goes on until nothing has happened for a moment: an offer to one who waits may have run out just now, with the news of
 * it on the way. Others follow, seconds later at the soonest.
 */
const letThingsLand = async (world: World, run: (ms: number) => Promise<void>): Promise<void> => {
  const isNew = ({ storage }: Host) =>
    hasStored(storage) && (eventsIn(storage, 0).at(-1)?.atMs ?? 0) > world.scheduler.nowMs() - landingMs;
  for (let times = 0; times < 30 && [...world.hosts.values()].some(isNew); times += 1) await run(landingMs);
};

/** The day that an id names knows where the appointment is now. */
const checkForward = (world: World, id: string, place: string): void => {
  const home = parseAppointmentId(id);
  const host = home && world.hosts.get(dayName(home));
  if (!home || !host || dayName(home) === place) return;
  const forward = storedIn(host.storage).forwards.get(id);
  const to = forward && dayName(forward.to);
  promise(to === place, 'DD18', () => `${dayName(home)} sends people to ${to} for ${id}, which is on ${place}`);
};

/** Gives back what was never kept. */
export const pokeRooms = (host: RoomHost): void => {
  host.deliver(async (keeper) => keeper.release('nothing')).catch(() => undefined);
};

/** A request that changes nothing. */
const poke = (host: Host, plan: Plan): void => {
  const doctor = plan.doctors.find(({ id }) => id === host.day.doctorId);
  const schedule = { ...doctor, doctorId: host.day.doctorId, version: 0 };
  host.deliver((engine) => engine.schedules.apply(schedule as never)).catch(() => undefined);
};

const checkDrained = (world: World, { day, storage }: Host): void => {
  const name = dayName(day);
  const { plan, appointments, arrivals, departures } = storedIn(storage);
  promise(departures.size === 0, 'DD16', () => `${name} still has departures: ${[...departures.keys()]}`);
  promise(arrivals.size === 0, 'DD17', () => `${name} still keeps seats for arrivals: ${[...arrivals.keys()]}`);
  const lastSeq = eventsIn(storage, 0).at(-1)?.seq ?? 0;
  promise(
    projectedSeqIn(storage) === lastSeq,
    'DD23',
    () => `${name} projected ${projectedSeqIn(storage)} of ${lastSeq}`,
  );
  const version = world.d1.rows<{ v: number }>(
    'SELECT schedule_version AS v FROM doctors WHERE id = ?',
    day.doctorId,
  )[0]?.v;
  promise(
    plan?.scheduleVersion === version,
    'DD29',
    () => `${name} has schedule ${plan?.scheduleVersion}, not ${version}`,
  );
  for (const one of appointments.values()) {
    promise(one.moving === null, 'DD16', () => `${one.id} on ${name} is still moving`);
    if (plan === null || !live.has(one.status)) continue;
    const fits = fitsPlan(plan, one);
    promise(one.outsideSchedule !== fits, 'DD28', () => `${one.id} on ${name} ${fits ? 'fits' : 'does not fit'}`);
    if (one.expiresAtMs === null) continue;
    promise(world.scheduler.nowMs() < one.expiresAtMs + 60_000, 'DD4', () => `${one.id} on ${name} never expired`);
  }
};

/** D1 must hold exactly what the days hold. Returns what it holds. */
const compareD1 = (world: World, hosts: readonly Host[], inspector: Inspector): unknown => {
  const rows = world.d1.rows<{ id: string; version: number }>('SELECT * FROM appointments ORDER BY id');
  const byId = new Map(rows.map((row) => [row.id, row]));
  let count = 0;
  for (const { day, storage } of hosts) {
    const stored = storedIn(storage);
    for (const one of stored.appointments.values()) {
      count += 1;
      const expected = rowOf(day, stored, one);
      const row = byId.get(one.id);
      promise(isDeepStrictEqual(row, expected), 'DD23', () => `D1 has ${show(row)} for ${show(expected)}`);
    }
    const events = eventsIn(storage, 0).map(({ data: _, ...event }) => event);
    const audit = world.d1.rows(
      `SELECT seq, at_ms AS atMs, actor_id AS actorId, action, subject_id AS subjectId FROM audit_events
       WHERE stream = ? ORDER BY seq`,
      `day:${dayName(day)}`,
    );
    promise(isDeepStrictEqual(audit, events), 'DD23', () => `the audit of ${dayName(day)} is not its log`);
  }
  promise(count === rows.length, 'DD23', () => `D1 has ${rows.length} appointments, the days have ${count}`);
  promise(count === inspector.fold.appointments.size, 'DD15', () => 'an appointment is on no day');
  const days = world.d1.rows<{ doctor_id: string; date: string; version: number }>(
    'SELECT doctor_id, date, version, schedule_version FROM doctor_days WHERE version > 0 ORDER BY doctor_id, date',
  );
  for (const { day, storage } of hosts) {
    const row = days.find(({ doctor_id, date }) => doctor_id === day.doctorId && date === day.date);
    const lastSeq = eventsIn(storage, 0).at(-1)?.seq;
    promise(row?.version === lastSeq, 'DD23', () => `D1 has ${dayName(day)} at ${row?.version}, not ${lastSeq}`);
  }
  const quarantined = world.d1.rows('SELECT * FROM projection_quarantine');
  promise(quarantined.length === 0, 'DD24', () => `quarantined: ${show(quarantined[0])}`);
  return { rows, days };
};

const rebuild = async (
  world: World,
  hosts: readonly Host[],
  inspector: Inspector,
  run: (ms: number) => Promise<void>,
): Promise<void> => {
  // A database that was lost, not one that somebody emptied: the audit forbids that.
  world.d1.run('DROP TRIGGER IF EXISTS audit_events_no_delete', []);
  for (const table of ['appointments', 'audit_events', 'audit_seals', 'doctor_days']) {
    world.d1.force(`DELETE FROM ${table}`);
  }
  inspector.forgetD1();
  const left = new Map(hosts.map(({ day }) => [dayName(day), 'no answer']));
  for (const host of hosts) {
    const { day } = host;
    host
      .deliver((engine) => engine.reproject())
      .then(
        () => left.delete(dayName(day)),
        (error: unknown) => left.set(dayName(day), String(error)),
      );
  }
  await run(30_000);
  promise(left.size === 0, 'DD25', () => `not rebuilt: ${show([...left])}`);
};

const rowOf = (day: Host['day'], { plan }: Stored, one: Parameters<typeof fitsPlan>[1]) => ({
  id: one.id,
  doctor_id: day.doctorId,
  patient_id: one.patientId,
  date: day.date,
  starts_at_ms: one.startsAtMs,
  ends_at_ms: one.endsAtMs,
  time_zone: plan?.timeZone,
  seat: ['cancelled', 'rejected', 'expired'].includes(one.status) ? null : one.seat,
  mode: one.mode,
  priority: one.priority ?? 'routine',
  clinic_id: one.clinicId,
  status: one.status,
  expires_at_ms: one.expiresAtMs,
  outside_schedule: Number(one.outsideSchedule),
  reason: one.reason,
  symptoms: one.symptoms,
  status_reason: one.statusReason,
  fee_minor: one.fee.amount,
  currency: one.fee.currency,
  payment_required: Number(one.paymentRequired ?? false),
  payment_id: one.payment?.id ?? null,
  paid_minor: one.payment?.amountMinor ?? null,
  paid_currency: one.payment?.currency ?? null,
  paid_at_ms: one.payment?.atMs ?? null,
  extended_at_ms: one.extendedAtMs ?? null,
  waitlist_entry_id: one.offer?.entryId ?? null,
  reservation: one.reservation ? JSON.stringify(one.reservation) : null,
  created_at_ms: one.createdAtMs,
  updated_at_ms: one.updatedAtMs,
  version: one.version,
});

const show = (value: unknown): string => JSON.stringify(value);
