import { DoctorDayEngine } from '../../../durable-objects/engine.ts';
import type { DayStorage, Peer, Ports, Projection } from '../../../durable-objects/ports.ts';
import { ResourceKeeper } from '../../../durable-objects/resource-keeper.ts';
import { database } from '../../../src/db/client.ts';
import { d1Projection } from '../../../src/doctor-days/projection.ts';
import { toBase64Url } from '../../../src/domain/base64url.ts';
import type { Limits } from '../../../src/domain/doctor-day/command.ts';
import { appointmentId, type DayKey, dayName, parseDayName } from '../../../src/domain/ids.ts';
import { activeResources } from '../../../src/features/resources/queries.ts';
import { limits } from '../day-story.ts';
import { simDigest } from './digest.ts';
import { MemoryStorage } from './memory-storage.ts';
import { SqliteD1 } from './sqlite-d1.ts';
import { SimClock, Turns } from './turns.ts';

/** A point at which an engine can crash: round each commit, and round each call to another day. */
export interface Moment {
  readonly day: DayKey;
  readonly what: 'before commit' | 'after commit' | `${keyof Peer} sent` | `${keyof Peer} answered`;
}

interface Life {
  readonly day: DayKey;
  alive: boolean;
  readonly died: Promise<never>;
  readonly die: () => void;
  readonly engine: DoctorDayEngine;
  /** No request is delivered before. */
  loaded: Promise<void>;
}

const dayMs = 86_400_000;
const peerMethods = ['reserveSeat', 'releaseSeat', 'arrive', 'forward', 'outcomeOf'] as const;
const never = new Promise<never>(() => undefined);

/**
 * Engines of doctor-days with disks that outlive them, one D1, one clock. Nothing happens by itself: the test asks,
 * lets time pass, and crashes what it likes. The same test runs the same way each time.
 */
export class EngineWorld {
  readonly clock: SimClock;
  readonly turns = new Turns();
  readonly d1 = new SqliteD1();
  /** What the engines reported, without the errors. */
  readonly reports: string[] = [];
  readonly limits: Limits & { readonly retentionMs: number };
  /** Is told when something has landed in D1 that somebody is to be told of. */
  wake: () => Promise<void> = async () => undefined;
  /** Sees each moment at which an engine can crash. */
  onMoment: ((moment: Moment) => void) | null = null;
  /** What a clinic's rooms have stored; there is one clinic. */
  readonly roomDisk = new MemoryStorage();
  readonly #rooms = new Map<string, ResourceKeeper>();
  readonly #disks = new Map<string, MemoryStorage>();
  readonly #lives = new Map<string, Life>();
  #ids = 0;

  constructor(nowMs: number, within: Partial<Limits & { retentionMs: number }> = {}) {
    this.clock = new SimClock(nowMs);
    this.limits = { ...limits, retentionMs: 7 * dayMs, ...within };
  }

  /** What a day's object has stored. */
  disk(day: DayKey): MemoryStorage {
    const name = dayName(day);
    const disk = this.#disks.get(name) ?? new MemoryStorage();
    this.#disks.set(name, disk);
    return disk;
  }

  /** Sends a request to a day and runs until it is answered. Rejects when the engine crashes first. */
  ask<T>(day: DayKey, request: (engine: DoctorDayEngine) => Promise<T>): Promise<T> {
    return this.turns.until(this.#deliver(day, request));
  }

  /** Sends requests to a day at once and runs until all are answered. */
  askAll<T>(day: DayKey, requests: readonly ((engine: DoctorDayEngine) => Promise<T>)[]): Promise<T[]> {
    return this.turns.until(Promise.all(requests.map((request) => this.#deliver(day, request))));
  }

  /** Drops a day's engine and all it has in memory. The next request loads a new one from the disk. */
  crash(day: DayKey): void {
    this.#lives.get(dayName(day))?.die();
    this.#lives.delete(dayName(day));
  }

  /** Runs whatever is going on to its end, without letting time pass. */
  quiet(): Promise<void> {
    return this.turns.quiet();
  }

  /** Lets time pass and rings every alarm that comes due. */
  async letPass(ms: number): Promise<void> {
    const endMs = this.clock.nowMs + ms;
    for (let rings = 0; rings < 1_000; rings += 1) {
      await this.quiet();
      const next = [...this.#disks].sort(([, a], [, b]) => alarmOf(a) - alarmOf(b))[0];
      const day = next && alarmOf(next[1]) <= endMs ? parseDayName(next[0]) : null;
      if (day === null) {
        this.clock.advanceTo(endMs);
        return;
      }
      this.clock.advanceTo(alarmOf(this.disk(day)));
      await this.ring(day);
    }
    throw new Error('the alarms do not come to rest');
  }

  /** Rings a day's alarm, due or not. One during which the engine crashes comes again two seconds later. */
  async ring(day: DayKey): Promise<void> {
    const disk = this.disk(day);
    disk.alarmAtMs = null;
    await this.ask(day, (engine) => engine.onAlarm()).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
      disk.alarmAtMs ??= this.clock.nowMs + 2_000;
    });
  }

  /** A second engine on a day's disk, only to look at what would be read back. */
  async readBack(day: DayKey): Promise<DoctorDayEngine> {
    const disk = this.disk(day);
    const storage: DayStorage = {
      sql: disk.sql,
      transactionSync: (closure) => disk.transactionSync(closure),
      getAlarm: () => disk.getAlarm(),
      setAlarm: async () => undefined,
      deleteAll: () => Promise.reject(new Error('only looking')),
    };
    const engine = new DoctorDayEngine(
      day,
      storage,
      this.#ports(day, () => true),
      this.limits,
    );
    await engine.load();
    return engine;
  }

  async #deliver<T>(day: DayKey, request: (engine: DoctorDayEngine) => Promise<T>): Promise<T> {
    const life = await this.#life(day);
    return structuredClone(await Promise.race([request(life.engine), life.died]));
  }

  async #life(day: DayKey): Promise<Life> {
    const name = dayName(day);
    const running = this.#lives.get(name);
    if (running !== undefined) return running.loaded.then(() => running);
    let die = (): void => undefined;
    const died = new Promise<never>((_, reject) => {
      die = () => reject(new Crash());
    });
    died.catch(() => undefined);
    const isAlive = () => life.alive;
    const storage = this.#storage(day, isAlive);
    const life: Life = {
      day,
      alive: true,
      died,
      die: () => {
        life.alive = false;
        die();
      },
      engine: new DoctorDayEngine(day, storage, this.#ports(day, isAlive), this.limits),
      loaded: Promise.resolve(),
    };
    this.#lives.set(name, life);
    life.loaded = life.engine.load();
    await life.loaded;
    return life;
  }

  #storage(day: DayKey, isAlive: () => boolean): DayStorage {
    const storage = this.disk(day).whileAlive(isAlive);
    const passes = (what: Moment['what']): void => {
      this.onMoment?.({ day, what });
      if (!isAlive()) throw new Crash();
    };
    return {
      ...storage,
      transactionSync: (closure) => {
        const value = storage.transactionSync(() => {
          const inside = closure();
          passes('before commit');
          return inside;
        });
        passes('after commit');
        return value;
      },
    };
  }

  #ports(day: DayKey, isAlive: () => boolean): Ports {
    const report = (what: string): void => {
      if (isAlive()) this.reports.push(what);
    };
    return {
      projection: lasting(
        d1Projection(this.d1.binding, report, () => this.wake()),
        isAlive,
      ),
      peer: (to) => this.#peer(day, to, isAlive),
      rooms: {
        newId: () => `rv_${toBase64Url(this.#idBytes())}`,
        reserve: (clinicId, request) => this.rooms(clinicId).reserve(request),
        release: async (clinicId, id) => this.rooms(clinicId).release(id),
      },
      watchers: { count: () => 0, tell: () => undefined, dismiss: () => undefined },
      now: this.clock.now,
      newAppointmentId: () => appointmentId(day, this.#idBytes()),
      defer: (callback) =>
        this.turns.defer(() => {
          if (isAlive()) runUnlessDead(callback, isAlive);
        }),
      pause: () =>
        new Promise((resolve) => {
          this.turns.defer(() => {
            if (isAlive()) resolve();
          });
        }),
      // A rejection here would be an unhandled one in the runtime.
      background: (work) => void work.catch(() => report('background_failed')),
      withTimeout: (work) => work,
      digest: simDigest,
      report,
    };
  }

  /** Who has which room of a clinic when. Its leases are asked about when the test rings it. */
  rooms(clinicId: string): ResourceKeeper {
    const running = this.#rooms.get(clinicId);
    if (running !== undefined) return running;
    const keeper = new ResourceKeeper(this.roomDisk, {
      resources: () => activeResources(database(this.d1.binding), clinicId),
      standing: (day, id) => this.ask(day, async (engine) => engine.rooms.standing(id)),
      now: this.clock.now,
      background: (work) => void work,
      withTimeout: (work) => work,
      report: (what) => void this.reports.push(what),
    });
    this.#rooms.set(clinicId, keeper);
    return keeper;
  }

  /** Starts a clinic's rooms anew on what is stored, as after an eviction. */
  async restartRooms(clinicId: string): Promise<void> {
    this.#rooms.delete(clinicId);
    await this.rooms(clinicId).load();
  }

  /** Ids are as they come, so that a run is the same each time. */
  #idBytes(): Uint8Array {
    this.#ids += 1;
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setUint32(12, this.#ids);
    return bytes;
  }

  #peer(from: DayKey, to: DayKey, isAlive: () => boolean): Peer {
    const call = async (method: keyof Peer, args: unknown[]): Promise<unknown> => {
      this.onMoment?.({ day: from, what: `${method} sent` });
      if (!isAlive()) return never;
      const target = (engine: DoctorDayEngine) => (method === 'reserveSeat' ? engine : engine.moves) as Partial<Peer>;
      const answer = await this.#deliver(to, (engine) => {
        const peer = target(engine) as Record<string, (...args: unknown[]) => Promise<unknown>>;
        return peer[method]?.(...structuredClone(args)) ?? never;
      });
      this.onMoment?.({ day: from, what: `${method} answered` });
      return isAlive() ? answer : never;
    };
    return Object.fromEntries(
      peerMethods.map((method) => [method, (...args: unknown[]) => call(method, args)]),
    ) as unknown as Peer;
  }
}

/** What stops an engine that has crashed, and what whoever waits for it gets. */
class Crash extends Error {
  override message = 'the object was reset';
}

const alarmOf = (disk: MemoryStorage): number => disk.alarmAtMs ?? Number.POSITIVE_INFINITY;

/** A crash stops the engine, not the test. */
const runUnlessDead = (callback: () => void, isAlive: () => boolean): void => {
  try {
    callback();
  } catch (error) {
    if (isAlive()) throw error;
  }
};

/** The same projection, whose answers a crashed engine never hears. */
const lasting = (projection: Projection, isAlive: () => boolean): Projection =>
  Object.fromEntries(
    Object.entries(projection).map(([name, method]) => [
      name,
      async (...args: never[]) => {
        if (!isAlive()) return never;
        const answer = await (method as (...args: never[]) => Promise<unknown>)(...args);
        return isAlive() ? answer : never;
      },
    ]),
  ) as unknown as Projection;
