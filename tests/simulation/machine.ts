import { MemoryStorage } from '../support/sim/memory-storage.ts';
import { effectTimeoutMs, type Faults } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import type { Caller } from './wire.ts';

const maxAlarmRetries = 6;

/** What runs in an object. */
interface Engine {
  load(): Promise<void>;
  onAlarm(): Promise<void>;
}

interface Life<E> {
  alive: boolean;
  readonly engine: E;
  readonly loaded: Promise<void>;
  readonly pending: Set<(error: Error) => void>;
}

/** An object as the platform runs it: storage that lasts, an engine that may die at any moment, and one alarm. */
export abstract class Machine<E extends Engine> {
  readonly storage = new MemoryStorage();
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  #life: Life<E> | null = null;
  #plannedAlarmMs: number | null = null;
  #alarmRetries = 0;
  #alarmRunning = false;
  /** How often the object has died. */
  deaths = 0;

  constructor(scheduler: Scheduler, faults: Faults) {
    this.#scheduler = scheduler;
    this.#faults = faults;
  }

  /** The engine of a new life, on storage that it loses when it dies. */
  protected abstract build(caller: Caller): E;

  /** Delivers a request: starts the engine if it does not run, and fails when the engine dies before it answers. */
  deliver<T>(ask: (engine: E) => Promise<T>): Promise<T> {
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
      this.storage.alarmAtMs = this.#scheduler.nowMs() + 1_000 * 2 ** this.#alarmRetries;
    }
    this.#alarmRunning = false;
  }

  /** Plans the alarm that the storage holds. After every event, and after the clock was set. */
  watchAlarm(clockWasSet = false): void {
    const atMs = this.storage.alarmAtMs;
    if (atMs === this.#plannedAlarmMs && !clockWasSet) return;
    this.#plannedAlarmMs = atMs;
    if (atMs === null) return;
    const lateMs = this.#faults.strikes('alarmLate') ? this.#faults.between(100, 60_000) : 0;
    this.#scheduler.after(atMs - this.#scheduler.nowMs() + lateMs, () => this.#ring(atMs));
  }

  /** Rejects when the work takes longer than an outside effect may. */
  protected withTimeout<T>(caller: Caller, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.#scheduler.after(effectTimeoutMs, () => {
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
  }

  #ring(atMs: number): void {
    if (this.storage.alarmAtMs !== atMs || this.#scheduler.nowMs() < atMs) return;
    // One alarm at a time: the next waits for the one that runs.
    if (this.#alarmRunning) return void this.#scheduler.after(100, () => this.#ring(atMs));
    this.#plannedAlarmMs = null;
    this.storage.alarmAtMs = null;
    if (this.#faults.strikes('alarmLost')) return;
    this.#runAlarm();
    if (this.#faults.strikes('alarmTwice')) {
      this.#scheduler.after(this.#faults.between(0, 3_000), () => this.#runAlarm());
    }
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

  #start(): Life<E> {
    // Set below; the engine is built on ports that ask it.
    const state = { alive: true };
    const engine = this.build({ isAlive: () => state.alive });
    return Object.assign(state, { engine, loaded: engine.load(), pending: new Set<(error: Error) => void>() });
  }
}
