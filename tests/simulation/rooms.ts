import type { Appointment } from '../../src/domain/doctor-day/appointment.ts';
import { covers, type Reservation } from '../../src/domain/doctor-day/reservation.ts';
import { dayName } from '../../src/domain/ids.ts';
import { overlaps } from '../../src/domain/interval.ts';
import type { ClinicResource } from '../../src/domain/resources.ts';
import { occupying, type Stored, storedIn } from './stored.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

interface Held {
  readonly id: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly resources: readonly ClinicResource[];
}

/** Checks the promises of clinics' rooms, whenever somebody has stored something. */
export class RoomInspector {
  readonly #world: World;
  #commits = '';

  constructor(world: World) {
    this.#world = world;
  }

  /** After each event. Throws a violation. */
  look(): void {
    const { roomHosts, machines } = this.#world;
    if (roomHosts.size === 0) return;
    const commits = machines.map(({ storage }) => storage.commits).join();
    if (commits === this.#commits) return;
    this.#commits = commits;
    const held = new Map([...roomHosts.keys()].flatMap((clinicId) => [...heldIn(this.#world, clinicId)]));
    const nowMs = this.#world.scheduler.nowMs();
    for (const [id, { day, reservation }] of named(this.#world)) {
      if (reservation.endsAtMs <= nowMs) continue;
      const kept = held.get(id);
      promise(kept !== undefined, 'RM5', () => `${day} seats somebody in ${id}, which its clinic does not keep`);
      const ids = (one: { resources: readonly ClinicResource[] }) =>
        one.resources.map((resource) => resource.id).join();
      promise(kept !== undefined && ids(kept) === ids(reservation), 'RM5', () => `${day} takes ${id} for another room`);
    }
  }

  /** Once all is quiet, clinics keep for the time to come exactly what somebody is seated with. */
  checkAtRest(): void {
    const used = named(this.#world);
    const nowMs = this.#world.scheduler.nowMs();
    for (const clinicId of this.#world.roomHosts.keys()) {
      for (const [id, { endsAtMs }] of heldIn(this.#world, clinicId)) {
        promise(
          endsAtMs <= nowMs || used.has(id),
          'RM8',
          () => `${clinicId} keeps ${id}, and nobody is seated with it`,
        );
      }
    }
  }

  /** Long after, nothing is kept. */
  checkCleaned(): void {
    for (const { clinicId, storage } of this.#world.roomHosts.values()) {
      const tables = storage.sql.exec("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
      promise(tables.length === 0, 'RM10', () => `the rooms of ${clinicId} are long free and still stored`);
    }
  }
}

/** Whoever has newly got a seat has all that a slot of that time requires. */
export const checkCovered = (name: string, before: Stored, after: Stored, one: Appointment): void => {
  const slots = [before.plan, after.plan]
    .flatMap((plan) => plan?.slots ?? [])
    .filter((slot) => slot.startsAtMs === one.startsAtMs && slot.endsAtMs === one.endsAtMs);
  const isCovered = slots.some((slot) => covers(one.reservation, slot));
  promise(isCovered, 'RM1', () => `${name} gave ${one.id} a seat without what it requires`);
};

/** What a clinic keeps; on the way, that it keeps each room once and each reservation whole. */
const heldIn = (world: World, clinicId: string): Map<string, Held> => {
  const storage = world.roomHost(clinicId).storage;
  if (storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'held'").toArray().length === 0) return new Map();
  const rows = storage.sql
    .exec('SELECT id, starts_at_ms AS startsAtMs, ends_at_ms AS endsAtMs, resources FROM reservations ORDER BY id')
    .toArray() as unknown as (Omit<Held, 'resources'> & { resources: string })[];
  const held = rows.map((row): Held => ({ ...row, resources: JSON.parse(row.resources) }));
  const pairs = storage.sql.exec('SELECT resource_id || reservation_id AS pair FROM held').toArray();
  const kept = new Set(pairs.map(({ pair }) => pair));
  for (const one of held) {
    const whole = one.resources.every(({ id }) => kept.has(id + one.id));
    promise(whole, 'RM2', () => `${clinicId} keeps ${one.id} in part`);
    const rival = held.find(
      (other) =>
        other.id < one.id &&
        overlaps(other, one) &&
        other.resources.some(({ id }) => one.resources.some((r) => r.id === id)),
    );
    promise(rival === undefined, 'RM3', () => `${clinicId} keeps a room for ${one.id} and for ${rival?.id}`);
  }
  const count = held.reduce((sum, { resources }) => sum + resources.length, 0);
  promise(kept.size === count, 'RM2', () => `${clinicId} keeps a room for nobody`);
  return new Map(held.map((one) => [one.id, one]));
};

/** The reservations that somebody is seated with, of which each belongs to one day. */
const named = (world: World): Map<string, { readonly day: string; readonly reservation: Reservation }> => {
  const found = new Map<string, { readonly day: string; readonly reservation: Reservation }>();
  for (const host of world.hosts.values()) {
    const day = dayName(host.day);
    const { appointments, arrivals } = storedIn(host.storage);
    const seated = [
      ...[...appointments.values()].filter(({ status }) => occupying.has(status)),
      ...[...arrivals.values()].map(({ appointment }) => appointment),
    ];
    for (const { reservation } of seated) {
      if (!reservation) continue;
      const other = found.get(reservation.id);
      promise(other === undefined || other.day === day, 'RM3', () => `${day} and ${other?.day} use ${reservation.id}`);
      found.set(reservation.id, { day, reservation });
    }
  }
  return found;
};
