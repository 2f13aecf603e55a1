import { DurableObject } from 'cloudflare:workers';
import type { Digest } from '../src/domain/audit-chain.ts';
import type { Limits, PersonalCommand } from '../src/domain/doctor-day/command.ts';
import type { Reply, RequestKey } from '../src/domain/doctor-day/reply.ts';
import type { SlotsView } from '../src/domain/doctor-day/view.ts';
import { type DayKey, dayName, parseDayName } from '../src/domain/ids.ts';
import { invariant } from '../src/domain/result.ts';
import type { DoctorSchedule } from '../src/domain/schedule.ts';
import { DoctorDayEngine } from './engine.ts';
import type { OutboxStatus, Peer, Ports, Projection } from './ports.ts';
import type { ScheduleKeeper } from './schedule-keeper.ts';

/** How long one call to D1 or to another doctor-day may take, ms. */
const effectTimeoutMs = 10_000;

/** What the composition root hands to every doctor-day. */
export interface DoctorDaySettings {
  readonly projection: Projection;
  readonly digest: Digest;
  readonly limits: Limits & { readonly retentionMs: number };
  peer(day: DayKey): Peer;
  report(what: string, day: DayKey, error: unknown): void;
}

/**
 * The Durable Object of one doctor-day: RPC and alarm, nothing else. Every rule is in the domain, every step in the
 * engine. RPC signatures stay backward compatible, because a deploy may run old and new code side by side.
 */
export class DoctorDayObject<E> extends DurableObject<E> {
  /** The way to other doctor-days. A property, so that it is no RPC method. */
  peer: (day: DayKey) => Peer = () => {
    throw new Error('not started');
  };
  #engine: DoctorDayEngine | null = null;

  /** Builds the engine on what the composition root hands over, and loads it before any request is delivered. */
  protected start(settings: DoctorDaySettings): void {
    const day = parseDayName(this.ctx.id.name ?? '');
    if (day === null) return;
    this.peer = settings.peer;
    const ports: Ports = {
      projection: settings.projection,
      peer: (other) => {
        invariant(dayName(other) !== dayName(day), 'a doctor-day does not call itself');
        return this.peer(other);
      },
      now: () => Date.now(),
      // One macrotask: the requests that have arrived are delivered first and share a commit; a lone one does not wait.
      defer: (callback) => void setTimeout(callback, 0),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      background: (work) => this.ctx.waitUntil(work),
      withTimeout,
      digest: settings.digest,
      report: (what, error) => settings.report(what, day, error),
    };
    const engine = new DoctorDayEngine(day, this.ctx.storage, ports, settings.limits);
    this.#engine = engine;
    void this.ctx.blockConcurrencyWhile(() => engine.load());
  }

  /** Answers as soon as the object runs; for the readiness check. */
  ready(): boolean {
    return true;
  }

  execute(command: PersonalCommand, key: RequestKey | null): Promise<Reply> {
    return this.#day().execute(command, key);
  }

  slots(): Promise<SlotsView | null> {
    return this.#day().slots();
  }

  get(appointmentId: string): Promise<Reply> {
    return this.#day().get(appointmentId);
  }

  applySchedule(schedule: DoctorSchedule): Promise<void> {
    return this.#day().schedules.apply(schedule);
  }

  freeze(untilMs: number, token: string): ReturnType<ScheduleKeeper['freeze']> {
    return this.#day().schedules.freeze(untilMs, token);
  }

  thaw(token: string): Promise<void> {
    return this.#day().schedules.thaw(token);
  }

  reproject(): Promise<boolean> {
    return this.#day().reproject();
  }

  status(): OutboxStatus {
    return this.#day().status();
  }

  held(): ReturnType<DoctorDayEngine['held']> {
    return this.#day().held();
  }

  reserveSeat(...request: Parameters<Peer['reserveSeat']>): ReturnType<Peer['reserveSeat']> {
    return this.#day().reserveSeat(...request);
  }

  releaseSeat(...request: Parameters<Peer['releaseSeat']>): ReturnType<Peer['releaseSeat']> {
    return this.#day().moves.releaseSeat(...request);
  }

  arrive(...request: Parameters<Peer['arrive']>): ReturnType<Peer['arrive']> {
    return this.#day().moves.arrive(...request);
  }

  forward(...request: Parameters<Peer['forward']>): ReturnType<Peer['forward']> {
    return this.#day().moves.forward(...request);
  }

  outcomeOf(...request: Parameters<Peer['outcomeOf']>): ReturnType<Peer['outcomeOf']> {
    return this.#day().moves.outcomeOf(...request);
  }

  override async alarm(): Promise<void> {
    await this.#engine?.onAlarm();
  }

  #day(): DoctorDayEngine {
    invariant(this.#engine !== null, 'the object is named after a doctor-day');
    return this.#engine;
  }
}

const withTimeout = async <T>(work: Promise<T>): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('an outside effect took too long')), effectTimeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
