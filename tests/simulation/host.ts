import { DoctorDayEngine } from '../../durable-objects/engine.ts';
import type { Peer, Ports, Projection } from '../../durable-objects/ports.ts';
import type { Limits } from '../../src/domain/doctor-day/command.ts';
import { type DayKey, dayName } from '../../src/domain/ids.ts';
import { simDigest } from '../support/sim/digest.ts';
import { MemoryStorage } from '../support/sim/memory-storage.ts';
import type { Faults } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import type { Caller } from './wire.ts';

/** How long an outside effect may take, ms; as in the object's shell. */
const effectTimeoutMs = 10_000;
const maxAlarmRetries = 6;

/** What a doctor-day's object gets from the world around it. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly limits: Limits & { readonly retentionMs: number };
  projection(caller: Caller, day: DayKey): Projection;
  peer(caller: Caller, from: DayKey, to: DayKey): Peer;
  report(what: string, day: DayKey, error: unknown): void;
}

interface Life {
  alive: boolean;
  readonly engine: DoctorDayEngine;
  readonly loaded: Promise<void>;
  readonly pending: Set<(error: Error) => void>;
}

/** A doctor-day as the platform runs it: storage that lasts, an engine that may die at any moment, and one alarm. */
export class Host {
  readonly day: DayKey;
  readonly storage = new MemoryStorage();
  readonly #world: Surroundings;
  #life: Life | null = null;
  #plannedAlarmMs: number | null = null;
  #alarmRetries = 0;
  #alarmRunning = false;
  /** How often the object has died. */
  deaths = 0;

  constructor(day: DayKey, world: Surroundings) {
    this.day = day;
    this.#world = world;
  }

  /** Delivers a request: starts the engine if it does not run, and fails when the engine dies before it answers. */
  deliver<T>(ask: (engine: DoctorDayEngine) => Promise<T>): Promise<T> {
    this.#life ??= this.#start();
    const life = this.#life;
    return new Promise((resolve, reject) => {
      life.pending.add(reject);
      const done = <V>(settle: (value: V) => void) => {
        return (value: V) => {
          if (life.pending.delete(reject)) settle(value);
        };
      };
      life.loaded.then(() => ask(life.engine)).then(done(resolve), done(reject));
    });
  }

  /** The object dies between two events: what it had in memory, and whoever waits for it, is lost. */
  kill(): void {
    const life = this.#life;
    if (life === null) return;
    this.#life = null;
    life.alive = false;
    this.deaths += 1;
    for (const reject of life.pending) reject(new Error('the object was reset'));
    if (this.#alarmRunning && this.storage.alarmAtMs === null && this.#alarmRetries < maxAlarmRetries) {
      this.#alarmRetries += 1;
      this.storage.alarmAtMs = this.#world.scheduler.nowMs() + 1_000 * 2 ** this.#alarmRetries;
    }
    this.#alarmRunning = false;
  }

  /** Plans the alarm that the storage holds. After every event, and after the clock was set. */
  watchAlarm(clockWasSet = false): void {
    const { scheduler, faults } = this.#world;
    const atMs = this.storage.alarmAtMs;
    if (atMs === this.#plannedAlarmMs && !clockWasSet) return;
    this.#plannedAlarmMs = atMs;
    if (atMs === null) return;
    const lateMs = faults.strikes('alarmLate') ? faults.between(100, 60_000) : 0;
    scheduler.after(atMs - scheduler.nowMs() + lateMs, () => this.#ring(atMs));
  }

  #ring(atMs: number): void {
    const { scheduler, faults } = this.#world;
    if (this.storage.alarmAtMs !== atMs || scheduler.nowMs() < atMs) return;
    // One alarm at a time: the next waits for the one that runs.
    if (this.#alarmRunning) return void scheduler.after(100, () => this.#ring(atMs));
    this.#plannedAlarmMs = null;
    this.storage.alarmAtMs = null;
    if (faults.strikes('alarmLost')) return;
    this.#runAlarm();
    if (faults.strikes('alarmTwice')) scheduler.after(faults.between(0, 3_000), () => this.#runAlarm());
  }

  #runAlarm(): void {
    if (this.#alarmRunning) return;
    this.#alarmRunning = true;
    const over = (): void => {
      this.#alarmRunning = false;
      this.#alarmRetries = 0;
    };
    this.deliver((engine) => engine.onAlarm()).then(over, () => undefined);
  }

  #start(): Life {
    const { scheduler, faults, limits } = this.#world;
    // Set below; the engine is built on ports that ask it.
    const state = { alive: true };
    const caller: Caller = { isAlive: () => state.alive };
    const report = (what: string, error: unknown) => this.#world.report(what, this.day, error);
    const ports: Ports = {
      projection: this.#world.projection(caller, this.day),
      peer: (to) => {
        if (dayName(to) === dayName(this.day)) throw new Error('a doctor-day does not call itself');
        return this.#world.peer(caller, this.day, to);
      },
      now: () => scheduler.nowMs(),
      defer: (callback) => {
        scheduler.after(faults.between(0, 2), () => {
          if (state.alive) callback();
        });
      },
      pause: (ms) =>
        new Promise((resolve) => {
          scheduler.after(ms, () => {
            if (state.alive) resolve();
          });
        }),
      background: (work) => void work.catch((error: unknown) => report('background_failed', error)),
      withTimeout: (work) => withTimeout(scheduler, caller, work),
      digest: simDigest,
      report,
    };
    const storage = this.storage.whileAlive(() => state.alive);
    const engine = new DoctorDayEngine(this.day, storage, ports, limits);
    return Object.assign(state, { engine, loaded: engine.load(), pending: new Set<(error: Error) => void>() });
  }
}

const withTimeout = <T>(scheduler: Scheduler, caller: Caller, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = scheduler.after(effectTimeoutMs, () => {
      if (caller.isAlive()) reject(new Error('an outside effect took too long'));
    });
    work.then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (error: unknown) => {
        timer.cancel();
        reject(error as Error);
      },
    );
  });
