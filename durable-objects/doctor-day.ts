import { DurableObject } from 'cloudflare:workers';
import type { Digest } from '../src/domain/audit-chain.ts';
import type { Payment } from '../src/domain/doctor-day/appointment.ts';
import type { Limits, PersonalCommand } from '../src/domain/doctor-day/command.ts';
import type { Reply, RequestKey } from '../src/domain/doctor-day/reply.ts';
import type { SlotsView } from '../src/domain/doctor-day/view.ts';
import type { WaitingList } from '../src/domain/doctor-day/waiting.ts';
import { appointmentId, type DayKey, dayName, parseDayName } from '../src/domain/ids.ts';
import { invariant } from '../src/domain/result.ts';
import type { DoctorSchedule } from '../src/domain/schedule.ts';
import { DoctorDayEngine } from './engine.ts';
import type { OutboxStatus, Peer, Ports, Projection } from './ports.ts';
import type { Rooms, Standing } from './resource-ports.ts';
import type { ScheduleKeeper } from './schedule-keeper.ts';
import { maxWatchers, turnAway, watchersOf } from './watchers.ts';
import { withTimeout } from './with-timeout.ts';

/** What the composition root hands to every doctor-day. */
export interface DoctorDaySettings {
  readonly projection: Projection;
  readonly digest: Digest;
  readonly limits: Limits & { readonly retentionMs: number };
  peer(day: DayKey): Peer;
  readonly rooms: Rooms;
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
  /** The way to the rooms of clinics; a property for the same reason. */
  rooms: Rooms | null = null;
  #engine: DoctorDayEngine | null = null;

  /** Builds the engine on what the composition root hands over, and loads it before any request is delivered. */
  protected start(settings: DoctorDaySettings): void {
    const day = parseDayName(this.ctx.id.name ?? '');
    if (day === null) return;
    this.peer = settings.peer;
    this.rooms = settings.rooms;
    const ports: Ports = {
      projection: settings.projection,
      peer: (other) => {
        invariant(dayName(other) !== dayName(day), 'a doctor-day does not call itself');
        return this.peer(other);
      },
      rooms: {
        newId: () => this.#rooms().newId(),
        reserve: (clinicId, request) => this.#rooms().reserve(clinicId, request),
        release: (clinicId, id) => this.#rooms().release(clinicId, id),
      },
      now: () => Date.now(),
      newAppointmentId: () => appointmentId(day, crypto.getRandomValues(new Uint8Array(16))),
      watchers: watchersOf(this.ctx),
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

  recordPayment(appointmentId: string, payment: Omit<Payment, 'atMs'>): Promise<Reply> {
    return this.#day().recordPayment(appointmentId, payment);
  }

  slots(): Promise<SlotsView | null> {
    return this.#day().slots();
  }

  /**
   * Lets a WebSocket watch the day's free seats: 101, or 404 where there is nothing to book, or 503 when enough watch. A
   * hibernating socket costs nothing, and nothing is stored for it.
   */
  override async fetch(): Promise<Response> {
    const view = (await this.#engine?.slots()) ?? null;
    if (view === null) return new Response(null, { status: 404 });
    if (this.ctx.getWebSockets().length >= maxWatchers) return new Response(null, { status: 503 });
    // From the view to here nothing is awaited: see `LiveSlots.welcome`.
    const first = this.#day().live.welcome(view);
    const { 0: theirs, 1: ours } = new WebSocketPair();
    // Answered by the runtime: a ping wakes nobody.
    this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    this.ctx.acceptWebSocket(ours);
    ours.send(first);
    return new Response(null, { status: 101, webSocket: theirs });
  }

  /** Who watches has nothing to say. */
  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    turnAway(socket, message);
  }

  get(appointmentId: string): Promise<Reply> {
    return this.#day().get(appointmentId);
  }

  applySchedule(schedule: DoctorSchedule): Promise<void> {
    return this.#day().schedules.apply(schedule);
  }

  applyWaitlist(waiting: WaitingList): Promise<void> {
    return this.#day().schedules.applyWaitlist(waiting);
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

  standing(): ReturnType<DoctorDayEngine['standing']> {
    return this.#day().standing();
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

  /** How this day stands to a reservation: asked by the clinic whose rooms it is of. */
  reservationHeld(reservationId: string): Standing {
    return this.#day().rooms.standing(reservationId);
  }

  override async alarm(): Promise<void> {
    await this.#engine?.onAlarm();
  }

  #rooms(): Rooms {
    invariant(this.rooms !== null, 'rooms are asked by a day that has started');
    return this.rooms;
  }

  #day(): DoctorDayEngine {
    invariant(this.#engine !== null, 'the object is named after a doctor-day');
    return this.#engine;
  }
}
