import type { Appointment } from '../../src/domain/doctor-day/appointment.ts';
import { dayName } from '../../src/domain/ids.ts';
import { overlaps } from '../../src/domain/interval.ts';
import type { PlannedSlot } from '../../src/domain/schedule.ts';
import { Fold } from './fold.ts';
import type { Host } from './host.ts';
import { Line } from './line.ts';
import { isKept, type Visit } from './model-state.ts';
import type { People } from './people.ts';
import { checkCovered, RoomInspector } from './rooms.ts';
import { eventsIn, hasStored, occupying, type Stored, storedIn } from './stored.ts';
import { promise, Violation } from './violation.ts';
import type { World } from './world.ts';

interface Seen {
  commits: number;
  lastSeq: number;
  stored: Stored;
}

const nothing: Stored = {
  plan: null,
  appointments: new Map(),
  arrivals: new Map(),
  departures: new Map(),
  forwards: new Map(),
};

/** Checks the promises of doctor-days after every step of a run. */
export class Inspector {
  readonly fold: Fold;
  readonly rooms: RoomInspector;
  readonly #world: World;
  readonly #people: People;
  readonly #seen = new Map<string, Seen>();
  readonly #versions = new Map<string, number>();
  readonly #lines = new Map<string, Line>();
  #d1Changes = -1;

  constructor(world: World, people: People) {
    this.#world = world;
    this.#people = people;
    this.fold = new Fold(people.promises);
    this.rooms = new RoomInspector(world);
  }

  /** After each event. Throws a violation. */
  readonly afterStep = (): void => {
    const bug = this.#world.bugs[0];
    if (bug !== undefined) throw new Violation('DD21', bug);
    for (const host of this.#world.hosts.values()) this.#look(host);
    this.rooms.look();
    const broken = this.#people.promises.broken[0];
    if (broken !== undefined) throw new Violation(...broken);
    this.#lookAtD1();
  };

  #look(host: Host): void {
    const name = dayName(host.day);
    const seen = this.#seen.get(name) ?? { commits: 0, lastSeq: 0, stored: nothing };
    if (seen.commits === host.storage.commits || !hasStored(host.storage)) return;
    const events = eventsIn(host.storage, seen.lastSeq);
    const stored = storedIn(host.storage);
    for (const [i, event] of events.entries()) {
      promise(event.seq === seen.lastSeq + i + 1, 'DD20', () => `${name} has a gap before event ${event.seq}`);
      this.fold.take(name, event, seen.stored);
    }
    if (events.length > 0) {
      this.#lineOf(host).take(events, seen.stored, stored);
      this.fold.compare(stored, host.day);
      checkSeats(name, seen.stored, stored);
    }
    this.#seen.set(name, { commits: host.storage.commits, lastSeq: seen.lastSeq + events.length, stored });
  }

  /** The offers of each day, by what freed their seat. */
  get offers(): ReadonlyMap<string, ReadonlyMap<string, Visit>> {
    return new Map([...this.#lines].map(([name, line]) => [name, line.offers]));
  }

  #lineOf({ day }: Host): Line {
    const name = dayName(day);
    const line = this.#lines.get(name) ?? new Line(day, this.#world.listsOf(day));
    this.#lines.set(name, line);
    return line;
  }

  #lookAtD1(): void {
    const { d1 } = this.#world;
    const changes = d1.rows<{ n: number }>('SELECT total_changes() AS n')[0]?.n ?? 0;
    if (changes === this.#d1Changes) return;
    this.#d1Changes = changes;
    for (const { id, version } of d1.rows<{ id: string; version: number }>('SELECT id, version FROM appointments')) {
      const before = this.#versions.get(id) ?? 0;
      promise(version >= before, 'DD23', () => `D1 went back from version ${before} to ${version} of ${id}`);
      const committed = this.fold.appointments.get(id)?.version ?? 0;
      promise(version <= committed, 'DD20', () => `D1 shows version ${version} of ${id}, committed is ${committed}`);
      this.#versions.set(id, version);
    }
    const gaps = d1.rows<{ stream: string }>(
      `SELECT stream FROM audit_events WHERE stream LIKE 'day:%' GROUP BY stream HAVING count(*) <> max(seq)`,
    );
    promise(gaps.length === 0, 'DD23', () => `D1 has a gap in the audit of ${gaps[0]?.stream}`);
  }

  /** What people were told must be committed. */
  checkAcknowledged(): void {
    for (const [id, payments] of this.#people.promises.payments) {
      for (const [payment, became] of payments) {
        const isTaken = this.fold.appointments.get(id)?.payment === payment;
        if (became === 'taken') promise(isTaken, 'DD42', () => `${payment} was taken for ${id}, and is not there`);
        if (became === 'refused') promise(!isTaken, 'DD42', () => `${payment} was refused for ${id}, and is there`);
      }
    }
    for (const [id, { version, status }] of this.#people.promises.acknowledged) {
      const known = this.fold.appointments.get(id);
      promise(
        known !== undefined && known.version >= version,
        'DD20',
        () => `${id} was acknowledged as ${status} v${version}, stored is v${known?.version}`,
      );
    }
  }

  /** D1 was emptied on purpose: its versions begin anew. */
  forgetD1(): void {
    this.#versions.clear();
  }
}

/** No seat is taken twice, no slot takes more than it has, no new seat overlaps another visit. */
const checkSeats = (name: string, before: Stored, after: Stored): void => {
  const blocked = blockedIn(after);
  const seats = new Map<string, Appointment>();
  for (const one of blocked) {
    const seat = `${one.startsAtMs} seat ${one.seat}`;
    const other = seats.get(seat);
    promise(other === undefined, 'DD7', () => `${name} gave ${seat} to ${other?.id} and ${one.id}`);
    seats.set(seat, one);
  }
  const old = new Set(blockedIn(before).map(placeOf));
  for (const one of blocked.filter((candidate) => !old.has(placeOf(candidate)))) {
    const offered = [before.plan, after.plan].flatMap((plan) => plan?.slots ?? []).filter(sameTime(one));
    const there = blocked.filter(sameTime(one));
    const isUrgent = one.priority === 'emergency';
    const seats = offered.map((slot) => slot.capacity + (isUrgent ? (slot.emergencySeats ?? 0) : 0));
    promise(one.seat <= Math.max(0, ...seats), 'EM1', () => `${name} gave ${one.id} a seat that is not for it`);
    const isIn = offered.some((slot) => isKept(slot, one) || ordinary(slot, there).length <= slot.capacity);
    promise(isIn, 'DD1', () => `${name} has ${there.length} in a slot that is full, the last by ${one.id}`);
    checkCovered(name, before, after, one);
    const rival = blocked.find((other) => overlaps(other, one) && !sameTime(one)(other));
    promise(rival === undefined, 'DD30', () => `${name} gave ${one.id} a time that overlaps ${rival?.id}`);
    const own = blocked.find((other) => other !== one && other.patientId === one.patientId && overlaps(other, one));
    promise(own === undefined, 'DD5', () => `${name}: ${one.id} and ${own?.id} are of one patient at one time`);
  }
};

const ordinary = (slot: PlannedSlot, visits: readonly Appointment[]): Appointment[] =>
  visits.filter((visit) => !isKept(slot, visit));

const blockedIn = (stored: Stored): Appointment[] => [
  ...[...stored.appointments.values()].filter(({ status }) => occupying.has(status)),
  ...[...stored.arrivals.values()].map(({ appointment }) => appointment),
];

const placeOf = ({ id, startsAtMs, seat }: Appointment): string => `${id} ${startsAtMs} ${seat}`;

const sameTime =
  (one: { startsAtMs: number; endsAtMs: number }) =>
  (other: { startsAtMs: number; endsAtMs: number }): boolean =>
    one.startsAtMs === other.startsAtMs && one.endsAtMs === other.endsAtMs;
