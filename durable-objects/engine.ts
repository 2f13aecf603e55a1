import type { Payment } from '../src/domain/doctor-day/appointment.ts';
import type { Limits, PersonalCommand, SystemCommand } from '../src/domain/doctor-day/command.ts';
import { planOf } from '../src/domain/doctor-day/plan.ts';
import type { Reply, RequestKey } from '../src/domain/doctor-day/reply.ts';
import { blockedAt, type DayState, emptyDay } from '../src/domain/doctor-day/state.ts';
import { type SlotsView, slotsOf } from '../src/domain/doctor-day/view.ts';
import type { DayKey } from '../src/domain/ids.ts';
import { type Refusal, refusal } from '../src/domain/refusal.ts';
import { ok, type Result, refused } from '../src/domain/result.ts';
import type { DayStanding } from '../src/domain/why/facts.ts';
import { Alarm } from './alarm.ts';
import { CleanUp } from './clean-up.ts';
import { Decider, type Request } from './decider.ts';
import { nextDueMs } from './due.ts';
import { GroupCommit } from './group-commit.ts';
import { Ledger } from './ledger.ts';
import { LiveSlots } from './live-slots.ts';
import { Mover } from './mover.ts';
import { Outbox } from './outbox.ts';
import type { DayStorage, HeldAppointment, OutboxStatus, Peer, Ports, StoredAnswer } from './ports.ts';
import { RoomKeeper } from './room-keeper.ts';
import { ScheduleKeeper } from './schedule-keeper.ts';

/** How long the day waits after an alarm that failed: what was due then still is. */
const failedAlarmMs = 5_000;

/** On its way here, and not known to have arrived or not: nobody may be told that it does not exist. */
const unsettled: Reply = { kind: 'answer', result: refused(refusal('temporarily_unavailable')) };

/**
 * A doctor-day: the only authority for its slots and appointments. It decides commands one by one, commits them in
 * groups, and owes D1 and other days what it committed. Free of the runtime: everything outside comes through ports.
 */
export class DoctorDayEngine {
  readonly #day: DayKey;
  readonly #storage: DayStorage;
  readonly #ports: Ports;
  readonly #ledger: Ledger;
  readonly #decider: Decider;
  readonly #commits: GroupCommit<Request, Reply>;
  readonly #outbox: Outbox;
  readonly #mover: Mover;
  readonly #schedules: ScheduleKeeper;
  readonly #rooms: RoomKeeper;
  readonly #live: LiveSlots;
  readonly #cleanUp: CleanUp;
  readonly #alarm: Alarm;

  constructor(day: DayKey, storage: DayStorage, ports: Ports, limits: Limits & { readonly retentionMs: number }) {
    this.#day = day;
    this.#storage = storage;
    this.#ports = ports;
    this.#alarm = new Alarm(storage, ports);
    this.#ledger = new Ledger(storage, day);
    this.#decider = new Decider(day, this.#ledger, limits, ports);
    this.#commits = new GroupCommit(
      (requests) => this.#commit(requests),
      () => this.#decider.reload(),
      (callback) => ports.defer(callback),
    );
    this.#outbox = new Outbox(this.#ledger, ports, () => this.#state);
    const parts = { storage, ledger: this.#ledger, decider: this.#decider, outbox: this.#outbox };
    this.#cleanUp = new CleanUp(day, ports, limits.retentionMs, parts);
    this.#schedules = new ScheduleKeeper(day, ports, {
      state: () => this.#state,
      submit: (command) => this.#submit(command),
    });
    this.#rooms = new RoomKeeper(day, ports, {
      state: () => this.#state,
      decide: (request) => this.#commits.submit(request),
    });
    this.#live = new LiveSlots(ports, () => this.slots());
    this.#mover = new Mover(day, ports, {
      state: () => this.#state,
      submit: (command, answers) => this.#submit(command, answers),
      answersAbout: (id) => this.#ledger.answersAbout(id),
    });
  }

  /** Reads what is stored. Once, before anything else; an alarm that was lost is armed again. */
  async load(): Promise<void> {
    if (this.#ledger.exists()) this.#storage.transactionSync(() => this.#ledger.migrate());
    this.#decider.reload();
    if (this.#isOpen()) {
      await this.#alarm.load();
      this.#arm();
      // What an earlier life of the object still owes D1 does not wait for its alarm.
      if (this.#outbox.dueMs(this.#lastSeq) !== null) {
        this.#ports.background(this.#outbox.drainSoon(() => this.#lastSeq));
      }
    }
  }

  /** Decides what a person asks, and commits it. With a key, a repeat gets the stored answer. */
  async execute(command: PersonalCommand, key: RequestKey | null): Promise<Reply> {
    if (command.type === 'hold' && !this.#isOpen()) {
      const opened = await this.#schedules.open(command);
      // Another request may have opened the day meanwhile, perhaps this one's twin: then the day decides.
      if (!opened.ok && !this.#isOpen()) return { kind: 'answer', result: opened };
    }
    if (command.type !== 'hold' && !(await this.#mover.settleArrivalOf(command.appointmentId))) return unsettled;
    const lapsed = await this.#schedules.endLapsedFreeze();
    if (!lapsed.ok) return { kind: 'answer', result: lapsed };
    const request = { command, key };
    const decided = await this.#commits.submit(request);
    const need = this.#rooms.needs(decided);
    const reply = need === null ? decided : await this.#rooms.decideWith(need, request);
    const started = command.type === 'start_move' && reply.kind === 'answer' && reply.result.ok;
    if (!started || !this.#state.departures.has(command.moveId)) return reply;
    return { kind: 'answer', result: await this.#mover.depart(command.moveId) };
  }

  /** Notes that an appointment was paid, and confirms a hold; refusals as `recordPayment` in the domain gives them. */
  async recordPayment(appointmentId: string, payment: Omit<Payment, 'atMs'>): Promise<Reply> {
    if (!this.#isOpen()) return { kind: 'unknown' };
    if (!(await this.#mover.settleArrivalOf(appointmentId))) return unsettled;
    return this.#commits.submit({ command: { type: 'record_payment', appointmentId, payment }, key: null });
  }

  /** The day's slots, strong. An unopened day is computed from the schedule and stores nothing. `null`: no such doctor. */
  async slots(): Promise<SlotsView | null> {
    if (this.#isOpen()) {
      if (this.#alarm.isLost()) this.#arm();
      await this.#schedules.endLapsedFreeze();
      // A seat whose time is up may go to somebody who waits: it is not free until that is decided.
      if (this.#isOfferDue()) await this.#submit({ type: 'sweep' });
      return slotsOf(this.#state, this.#ports.now());
    }
    const schedule = await this.#ports.withTimeout(this.#ports.projection.peek(this.#day));
    // Opened meanwhile, perhaps booked: what was read is no longer the truth.
    if (this.#isOpen()) return this.slots();
    if (!schedule?.bookable) return null;
    return slotsOf({ ...emptyDay(this.#day), plan: planOf(schedule, this.#day.date) }, this.#ports.now());
  }

  /** What takes the day's time at this moment, and whether it takes bookings at all; `null` for an unopened day. */
  standing(): DayStanding | null {
    if (!this.#isOpen()) return null;
    const arriving = new Set([...this.#state.arrivals.values()].map(({ appointment }) => appointment.id));
    const taken = blockedAt(this.#state, this.#ports.now()).map((one) => ({
      startsAtMs: one.startsAtMs,
      endsAtMs: one.endsAtMs,
      seat: one.seat,
      priority: one.priority ?? ('routine' as const),
      status: arriving.has(one.id) ? ('arriving' as const) : one.status,
    }));
    return { isFrozen: this.#state.frozen !== null, taken };
  }

  /** An appointment, strong. */
  async get(appointmentId: string): Promise<Reply> {
    if (!this.#isOpen()) return { kind: 'unknown' };
    if (this.#alarm.isLost()) this.#arm();
    if (!(await this.#mover.settleArrivalOf(appointmentId))) return unsettled;
    return this.#decider.find(appointmentId);
  }

  /** Schedules, and the freeze while a time zone changes; see `ScheduleKeeper`. */
  get schedules(): ScheduleKeeper {
    return this.#schedules;
  }

  /** Sends everything the day holds to D1 again; resolves once D1 has it, throws while it does not. */
  async reproject(): Promise<boolean> {
    if (!this.#isOpen()) return false;
    await this.#outbox.drain(() => this.#lastSeq);
    this.#ledger.setProjectedSeq(0);
    await this.#outbox.drain(() => this.#lastSeq);
    if (this.#ledger.projectedSeq() < this.#lastSeq) throw new Error('D1 did not take the day');
    return true;
  }

  /** How far D1 is behind this day. Reads two numbers: cheap enough to ask many days. */
  status(): OutboxStatus {
    return this.#isOpen() ? this.#outbox.status(this.#lastSeq) : { owed: 0, oldestOwedAtMs: null };
  }

  /** Every appointment that this day holds, as D1 shall show it; `null` for an unopened day. */
  held(): { readonly owed: number; readonly appointments: readonly HeldAppointment[] } | null {
    return this.#isOpen() ? { owed: this.status().owed, appointments: this.#outbox.held() } : null;
  }

  /** On the day that an appointment moves to: keeps a seat for it. */
  async reserveSeat(request: Parameters<Peer['reserveSeat']>[0]): ReturnType<Peer['reserveSeat']> {
    if (!this.#isOpen()) {
      const opened = await this.#schedules.open({ ...wishOf(request), mode: null });
      if (!opened.ok && !this.#isOpen()) return opened;
    }
    const lapsed = await this.#schedules.endLapsedFreeze();
    if (!lapsed.ok) return lapsed;
    const asked: Request = { command: { type: 'reserve_seat', ...request }, key: null };
    const decided = await this.#commits.submit(asked);
    const need = this.#rooms.needs(decided);
    const reserved = outcomeOf(need === null ? decided : await this.#rooms.decideWith(need, asked));
    if (!reserved.ok) return reserved;
    const arrival = this.#state.arrivals.get(request.moveId);
    if (arrival === undefined) return refused(refusal('move_failed'));
    return ok({ appointment: arrival.appointment, timeZone: this.#state.plan?.timeZone ?? 'UTC' });
  }

  /** What those who watch the day are told; see `LiveSlots`. */
  get live(): LiveSlots {
    return this.#live;
  }

  /** The rooms and devices that go with seats; see `RoomKeeper`. */
  get rooms(): RoomKeeper {
    return this.#rooms;
  }

  /** The other steps of a move between days; see `Peer`. */
  get moves(): Mover {
    return this.#mover;
  }

  /** Does everything that is due: expiry, unsettled moves, the outbox, clean-up. Never throws; always armed again. */
  async onAlarm(): Promise<void> {
    this.#alarm.rang();
    if (!this.#isOpen()) return;
    let notBeforeMs = 0;
    try {
      await this.#submit({ type: 'sweep' });
      await this.#schedules.endLapsedFreeze();
      await this.#mover.resume();
      await this.#rooms.release();
      await this.#outbox.drain(() => this.#lastSeq);
      await this.#cleanUp.run();
    } catch (error) {
      this.#ports.report('alarm_failed', error);
      notBeforeMs = this.#ports.now() + failedAlarmMs;
    } finally {
      // Afresh: what a commit of this very alarm armed for has been done, or waits for its next try.
      this.#alarm.rang();
      if (this.#isOpen()) this.#arm(notBeforeMs);
    }
  }

  #isOfferDue(): boolean {
    const { waiting, seated } = this.#state;
    const firstMs = seated.firstExpiryMs();
    return waiting !== null && waiting.entries.length > 0 && firstMs !== null && firstMs <= this.#ports.now();
  }

  get #state(): DayState {
    return this.#decider.state;
  }

  get #lastSeq(): number {
    return this.#decider.lastSeq;
  }

  #isOpen(): boolean {
    return this.#decider.isOpen();
  }

  async #submit(command: SystemCommand, answers: readonly StoredAnswer[] = []): Promise<Result<null, Refusal>> {
    return outcomeOf(await this.#commits.submit({ command, key: null, answers }));
  }

  #commit(requests: readonly Request[]): Reply[] {
    const before = this.#lastSeq;
    const replies = this.#storage.transactionSync(() => requests.map((request) => this.#decider.decide(request)));
    try {
      this.#afterCommit(this.#lastSeq > before);
    } catch (error) {
      // The commit stands: a throw from here on would have its requests decided a second time.
      this.#ports.report('after_commit_failed', error);
    }
    return replies;
  }

  #afterCommit(somethingHappened: boolean): void {
    if (!this.#isOpen()) return;
    this.#arm();
    if (somethingHappened) this.#live.committed();
    if (somethingHappened && this.#rooms.dueMs() !== null) this.#ports.background(this.#rooms.release());
    if (somethingHappened && !this.#outbox.isBackingOff()) {
      this.#ports.background(this.#outbox.drainSoon(() => this.#lastSeq));
    }
  }

  /** Arms the alarm for whatever is due first. */
  #arm(notBeforeMs = 0): void {
    const nowMs = this.#ports.now();
    const next = nextDueMs(this.#state, this.#outbox.dueMs(this.#lastSeq), this.#cleanUp.atMs, nowMs);
    this.#alarm.arm(Math.max(Math.min(next, this.#rooms.dueMs() ?? next), notBeforeMs));
  }
}

/** What a move asks of the day that it goes to. */
const wishOf = ({ startsAtMs, appointment }: Parameters<Peer['reserveSeat']>[0]) => ({
  startsAtMs,
  priority: appointment.priority ?? ('routine' as const),
});

/** What became of a command that has no appointment to show. */
const outcomeOf = (reply: Reply): Result<null, Refusal> =>
  reply.kind !== 'answer' || reply.result.ok ? ok(null) : reply.result;
