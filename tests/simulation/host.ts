import { DoctorDayEngine } from '../../durable-objects/engine.ts';
import type { Peer, Ports, Projection } from '../../durable-objects/ports.ts';
import type { Rooms } from '../../durable-objects/resource-ports.ts';
import type { Limits } from '../../src/domain/doctor-day/command.ts';
import { type DayKey, dayName } from '../../src/domain/ids.ts';
import { simDigest } from '../support/sim/digest.ts';
import type { Faults } from './faults.ts';
import { Machine } from './machine.ts';
import type { Scheduler } from './scheduler.ts';
import type { Caller } from './wire.ts';

/** What a doctor-day's object gets from the world around it. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly limits: Limits & { readonly retentionMs: number };
  projection(caller: Caller, day: DayKey): Projection;
  peer(caller: Caller, from: DayKey, to: DayKey): Peer;
  rooms(caller: Caller): Rooms;
  newAppointmentId(day: DayKey): string;
  report(what: string, day: DayKey, error: unknown): void;
}

/** A doctor-day's object. */
export class Host extends Machine<DoctorDayEngine> {
  readonly day: DayKey;
  readonly #world: Surroundings;

  constructor(day: DayKey, world: Surroundings) {
    super(world.scheduler, world.faults);
    this.day = day;
    this.#world = world;
  }

  protected build(caller: Caller): DoctorDayEngine {
    const { scheduler, faults, limits } = this.#world;
    const report = (what: string, error: unknown) => this.#world.report(what, this.day, error);
    const ports: Ports = {
      projection: this.#world.projection(caller, this.day),
      peer: (to) => {
        if (dayName(to) === dayName(this.day)) throw new Error('a doctor-day does not call itself');
        return this.#world.peer(caller, this.day, to);
      },
      rooms: this.#world.rooms(caller),
      watchers: { count: () => 0, tell: () => undefined, dismiss: () => undefined },
      now: () => scheduler.nowMs(),
      newAppointmentId: () => this.#world.newAppointmentId(this.day),
      defer: (callback) => {
        scheduler.after(faults.turnMs(), () => {
          if (caller.isAlive()) callback();
        });
      },
      pause: (ms) =>
        new Promise((resolve) => {
          scheduler.after(ms, () => {
            if (caller.isAlive()) resolve();
          });
        }),
      background: (work) => void work.catch((error: unknown) => report('background_failed', error)),
      withTimeout: (work) => this.withTimeout(caller, work),
      digest: simDigest,
      report,
    };
    return new DoctorDayEngine(
      this.day,
      this.storage.whileAlive(() => caller.isAlive()),
      ports,
      limits,
    );
  }
}
