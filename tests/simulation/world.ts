import type { DoctorDayEngine } from '../../durable-objects/engine.ts';
import type { Peer, Projection } from '../../durable-objects/ports.ts';
import type { ResourceKeeper } from '../../durable-objects/resource-keeper.ts';
import type { Rooms } from '../../durable-objects/resource-ports.ts';
import { database } from '../../src/db/client.ts';
import { d1Projection } from '../../src/doctor-days/projection.ts';
import type { DayMessage } from '../../src/doctor-days/queue.ts';
import type { Limits } from '../../src/domain/doctor-day/command.ts';
import type { WaitingList } from '../../src/domain/doctor-day/waiting.ts';
import { appointmentId, type DayKey, dayName, parseDayName } from '../../src/domain/ids.ts';
import { invariant } from '../../src/domain/result.ts';
import { activeResources } from '../../src/features/resources/queries.ts';
import { SqliteD1 } from '../support/sim/sqlite-d1.ts';
import { type FaultPlan, Faults } from './faults.ts';
import { History } from './history.ts';
import { Host, type Surroundings } from './host.ts';
import type { Machine } from './machine.ts';
import type { Random } from './random.ts';
import { RoomHost, type RoomSurroundings } from './room-host.ts';
import { Scheduler } from './scheduler.ts';
import { type Caller, d1Over, outsider, Wire } from './wire.ts';

/** What a run is made from. */
export interface WorldSettings {
  /** What the clock shows at the start, ms since the epoch. */
  readonly startMs: number;
  readonly limits: Limits & { readonly retentionMs: number };
  readonly faults: FaultPlan;
}

const maxDeliveries = 6;

/** Everything that a run of the real code runs in: doctor-days, D1, queue, network, clock and faults. */
export class World {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly wire: Wire;
  readonly d1 = new SqliteD1();
  readonly history: History;
  readonly hosts = new Map<string, Host>();
  /** The rooms of clinics, by the clinic's id. */
  readonly roomHosts = new Map<string, RoomHost>();
  /** The bindings of a Worker that never dies. */
  readonly env: Env;
  /** What the code reported, by kind. */
  readonly reports: Record<string, number> = {};
  /** What must never be reported. */
  readonly bugs: string[] = [];
  readonly #surroundings: Surroundings;
  readonly #lists = new Map<string, Map<number, WaitingList>>();
  readonly #roomSurroundings: RoomSurroundings;
  readonly #roomIds: Random;
  readonly #random: Random;
  /** Does what a queue message asks; throws to have it delivered again. */
  consume: (message: DayMessage) => Promise<void> = async () => undefined;

  constructor(settings: WorldSettings, random: Random) {
    this.#random = random.fork('world');
    const order = random.fork('order');
    const ids = random.fork('offers');
    this.#roomIds = random.fork('rooms');
    this.scheduler = new Scheduler(settings.startMs, () => order.next());
    this.faults = new Faults(settings.faults, random.fork('faults'), () => this.scheduler.elapsedMs());
    this.wire = new Wire(this.scheduler, this.faults);
    this.history = new History(
      () => this.scheduler.steps,
      () => this.scheduler.nowMs(),
    );
    this.env = this.#bindings();
    this.#surroundings = {
      scheduler: this.scheduler,
      faults: this.faults,
      limits: settings.limits,
      projection: (caller, day) => this.#projection(caller, day),
      peer: (caller, from, to) => this.#peer(caller, from, to),
      rooms: (caller) => this.#rooms(caller),
      newAppointmentId: (day) => appointmentId(day, ids.bytes(16)),
      report: (what, day, error) => this.#report(what, dayName(day), error),
    };
    this.#roomSurroundings = {
      scheduler: this.scheduler,
      faults: this.faults,
      resources: (caller, id) => activeResources(database(d1Over(this.wire, caller, this.d1.binding)), id),
      standing: (caller, day, id) =>
        this.wire.call('peer', caller, () => this.host(day).deliver(async (engine) => engine.rooms.standing(id))),
      report: (what, clinicId, error) => this.#report(what, clinicId, error),
    };
  }

  /** The object of a day, made when it is first asked for. */
  host(day: DayKey): Host {
    const name = dayName(day);
    let host = this.hosts.get(name);
    if (host === undefined) {
      host = new Host(day, this.#surroundings);
      this.hosts.set(name, host);
    }
    return host;
  }

  /** The object of a clinic's rooms, made when it is first asked for. */
  roomHost(clinicId: string): RoomHost {
    const host = this.roomHosts.get(clinicId) ?? new RoomHost(clinicId, this.#roomSurroundings);
    this.roomHosts.set(clinicId, host);
    return host;
  }

  /** Tells a clinic's rooms that they have been edited. */
  tellRooms(clinicId: string): Promise<void> {
    const host = this.roomHost(clinicId);
    return this.wire.call('client', outsider, () => host.deliver(async (keeper) => keeper.changed()));
  }

  /** Every object that there is. */
  get machines(): Machine<never>[] {
    return [...this.hosts.values(), ...this.roomHosts.values()] as unknown as Machine<never>[];
  }

  /** Who waited for a day, by the version of the list: every list that the day may have been told. */
  listsOf(day: DayKey): Map<number, WaitingList> {
    const lists = this.#lists.get(dayName(day)) ?? new Map<number, WaitingList>();
    this.#lists.set(dayName(day), lists);
    return lists;
  }

  /** One event, and the faults after it. `false` when nothing will ever happen again. */
  async step(): Promise<boolean> {
    if (!(await this.scheduler.step())) return false;
    const { machines } = this;
    if (this.faults.strikes('crash') && machines.length > 0) this.#random.pick(machines).kill();
    if (this.faults.strikes('clockJump')) this.setClock(3_600_000);
    for (const machine of machines) machine.watchAlarm();
    return true;
  }

  /** Sets the wall clock forward; alarms ring by it. */
  setClock(byMs: number): void {
    this.scheduler.jump(byMs);
    for (const machine of this.machines) machine.watchAlarm(true);
  }

  /** Runs until a moment in elapsed ms, doing something after each event. */
  async runUntil(elapsedMs: number, after: () => void): Promise<void> {
    this.scheduler.after(elapsedMs - this.scheduler.elapsedMs(), () => undefined);
    // What was asked just now has not sent anything yet.
    await this.scheduler.settle();
    for (const machine of this.machines) machine.watchAlarm();
    while ((this.scheduler.nextAtMs() ?? Number.POSITIVE_INFINITY) <= elapsedMs) {
      await this.step();
      after();
    }
  }

  /** Asks a day's object, recording what it is asked and what it says. */
  ask<T>(day: DayKey, method: string, args: unknown[], call: (engine: DoctorDayEngine) => Promise<T>): Promise<T> {
    return this.history.watch(day, method, args, () => this.host(day).deliver(call));
  }

  #projection(caller: Caller, day: DayKey): Projection {
    const quarantined = (what: string, detail: Record<string, unknown>) =>
      this.#report(what, dayName(day), JSON.stringify(detail));
    const real = d1Projection(d1Over(this.wire, caller, this.d1.binding), quarantined);
    return {
      ...real,
      // A freeze whose time is up has an open day read its schedule.
      peek: async (key) => {
        const schedule = await real.peek(key);
        if (schedule !== null) this.history.note(day, 'refreshing', [schedule]);
        this.history.note(day, 'lapsing', []);
        return schedule;
      },
      open: async (key, nowMs) => {
        const opening = await real.open(key, nowMs);
        if (opening !== null) {
          this.history.note(day, 'opening', [opening.schedule]);
          this.history.note(day, 'refreshing', [opening.schedule]);
          this.listsOf(day).set(opening.waiting.version, opening.waiting);
        }
        return opening;
      },
    };
  }

  #peer(caller: Caller, from: DayKey, to: DayKey): Peer {
    const send = <T>(method: string, args: unknown[], call: (engine: DoctorDayEngine) => Promise<T>): Promise<T> =>
      this.wire.call('peer', caller, () => this.ask(to, method, args, call));
    return {
      reserveSeat: (request) => {
        const sent = structuredClone(request);
        return send('reserveSeat', [sent], (day) => day.reserveSeat(sent));
      },
      releaseSeat: (moveId) => send('releaseSeat', [moveId], (day) => day.moves.releaseSeat(moveId)),
      arrive: (moveId, appointment, answers) => {
        const sent = structuredClone([appointment, answers] as const);
        return send('arrive', [moveId, ...sent], (day) => day.moves.arrive(moveId, ...sent));
      },
      forward: (id, where, version) =>
        send('forward', [id, where, version], (day) => day.moves.forward(id, where, version)),
      outcomeOf: async (moveId) => {
        const outcome = await send('outcomeOf', [moveId], (day) => day.moves.outcomeOf(moveId));
        this.history.note(from, 'learning', [moveId, outcome]);
        return outcome;
      },
    };
  }

  #rooms(caller: Caller): Rooms {
    const send = <T>(clinicId: string, call: (keeper: ResourceKeeper) => Promise<T>): Promise<T> =>
      this.wire.call('peer', caller, () => this.roomHost(clinicId).deliver(call));
    return {
      newId: () => `rv${this.#roomIds.int(2 ** 31)}`,
      reserve: (clinicId, request) => {
        const sent = structuredClone(request);
        return send(clinicId, (keeper) => keeper.reserve(sent));
      },
      release: (clinicId, id) => send(clinicId, async (keeper) => keeper.release(id)),
    };
  }

  #report(what: string, where: string, error: unknown): void {
    this.reports[what] = (this.reports[what] ?? 0) + 1;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (
      what === 'projection_quarantined' ||
      what === 'background_failed' ||
      /invariant:|unreachable:|TypeError/.test(text)
    ) {
      this.bugs.push(`${what} on ${where}: ${text}`);
    }
  }

  #heard(day: DayKey, list: WaitingList): void {
    this.listsOf(day).set(list.version, list);
  }

  #bindings(): Env {
    const stub = (day: DayKey) =>
      Object.fromEntries(
        (
          [
            'execute',
            'recordPayment',
            'get',
            'slots',
            'applySchedule',
            'applyWaitlist',
            'freeze',
            'thaw',
            'reproject',
          ] as const
        ).map((method) => [
          method,
          (...args: unknown[]) => {
            const sent = structuredClone(args);
            if (method === 'applyWaitlist') this.#heard(day, sent[0] as WaitingList);
            const call = (engine: DoctorDayEngine) =>
              (doing(engine)[method] as (...args: unknown[]) => Promise<unknown>)(...sent);
            return this.wire.call('client', outsider, () => this.ask(day, method, sent, call));
          },
        ]),
      );
    return {
      DB: d1Over(this.wire, outsider, this.d1.binding),
      DOCTOR_DAY: {
        getByName: (name: string) => {
          const day = parseDayName(name);
          invariant(day !== null, 'a stub names a doctor-day');
          return stub(day);
        },
      },
      DAY_QUEUE: {
        sendBatch: (messages: { body: DayMessage }[]) =>
          this.wire.call('queue', outsider, async () => {
            for (const message of inNoOrder(messages)) this.#enqueue(message, 1);
          }),
      },
    } as unknown as Env;
  }

  #enqueue(message: DayMessage, attempt: number): void {
    const copies = this.faults.strikes('queueTwice') ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.scheduler.after(this.faults.between(10, 15_000), () => {
        this.consume(message).catch(() => {
          if (attempt < maxDeliveries) this.#enqueue(message, attempt + 1);
        });
      });
    }
  }
}

/**
 * The messages of a batch, however their sender had them ordered. A queue promises no order, and a sender may draw one
 * that no seed decides, as SQL's `random()` does: here the delay that is drawn for each decides.
 */
const inNoOrder = (messages: readonly { readonly body: DayMessage }[]): DayMessage[] =>
  messages
    .map(({ body }) => [JSON.stringify(body), body] as const)
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([, body]) => body);

/** What the object's shell does for each call of the client. */
const doing = (engine: DoctorDayEngine) => ({
  execute: engine.execute.bind(engine),
  recordPayment: engine.recordPayment.bind(engine),
  get: engine.get.bind(engine),
  slots: engine.slots.bind(engine),
  applySchedule: engine.schedules.apply.bind(engine.schedules),
  applyWaitlist: engine.schedules.applyWaitlist.bind(engine.schedules),
  freeze: engine.schedules.freeze.bind(engine.schedules),
  thaw: engine.schedules.thaw.bind(engine.schedules),
  reproject: engine.reproject.bind(engine),
});
