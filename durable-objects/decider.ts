import type { Command, Limits } from '../src/domain/doctor-day/command.ts';
import { decide, sweep } from '../src/domain/doctor-day/decide.ts';
import type { DayEvent } from '../src/domain/doctor-day/event.ts';
import type { Reply, RequestKey } from '../src/domain/doctor-day/reply.ts';
import { needOf } from '../src/domain/doctor-day/reservation.ts';
import { type DayState, emptyDay } from '../src/domain/doctor-day/state.ts';
import { type AppointmentView, departedView, viewOf } from '../src/domain/doctor-day/view.ts';
import { withOffers } from '../src/domain/doctor-day/with-offers.ts';
import type { DayKey } from '../src/domain/ids.ts';
import { type Refusal, refusal } from '../src/domain/refusal.ts';
import { invariant, ok, type Result, refused } from '../src/domain/result.ts';
import type { Ledger } from './ledger.ts';
import type { Ports, StoredAnswer } from './ports.ts';

/** One thing asked of a doctor-day. */
export interface Request {
  readonly command: Command;
  readonly key: RequestKey | null;
  /** Answers that come along with an arriving appointment. */
  readonly answers?: readonly StoredAnswer[];
}

/**
 * The day as it stands, and the one place where it changes: a request is answered from its stored answer, or time is
 * swept, the domain decides, and events, records and answer are written together.
 */
export class Decider {
  readonly #day: DayKey;
  readonly #ledger: Ledger;
  readonly #limits: Limits;
  readonly #ports: Pick<Ports, 'now' | 'newAppointmentId'>;
  #state: DayState;
  #lastSeq = 0;
  /** While the day is being cleaned away nothing more is decided. */
  closing = false;

  constructor(day: DayKey, ledger: Ledger, limits: Limits, ports: Pick<Ports, 'now' | 'newAppointmentId'>) {
    this.#day = day;
    this.#ledger = ledger;
    this.#limits = limits;
    this.#ports = ports;
    this.#state = emptyDay(day);
  }

  /** The state; another object after each reload, so never kept. */
  get state(): DayState {
    return this.#state;
  }

  /** The number of the last event; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Whether the day has been opened by a first booking. */
  isOpen(): boolean {
    return this.#state.plan !== null;
  }

  /** Puts what is in memory back to what is stored. */
  reload(): void {
    const stored = this.#ledger.exists();
    this.#state = stored ? this.#ledger.load() : emptyDay(this.#day);
    this.#lastSeq = stored ? this.#ledger.lastSeq() : 0;
  }

  /** Decides one request and writes what it decided, inside the caller's transaction. */
  decide({ command, key, answers = [] }: Request): Reply {
    const nowMs = this.#ports.now();
    if (this.closing) return answer(refused(refusal('temporarily_unavailable')));
    if (!this.isOpen()) {
      if (command.type !== 'open') return { kind: 'unknown' };
      this.#ledger.migrate();
    }
    const principal = 'principal' in command ? command.principal.id : null;
    if (key !== null && principal !== null) {
      const stored = this.#ledger.answer(principal, key.key);
      if (stored !== null) return replay(stored, key);
    }
    this.#append(sweep(this.#state, nowMs), nowMs);
    const isAboutOne = 'principal' in command || command.type === 'record_payment';
    const subject = isAboutOne ? command.appointmentId : null;
    const forward = subject === null ? undefined : this.#state.forwards.get(subject);
    if (forward !== undefined) return { kind: 'elsewhere', day: forward.to };

    // What a move settles must be read before the decision takes it away.
    const departure = 'moveId' in command ? this.#state.departures.get(command.moveId) : undefined;
    const decision = decide(this.#state, command, nowMs, this.#limits);
    if (decision.ok) this.#append(decision.value, nowMs);
    for (const carried of answers) this.#ledger.putAnswer(carried);
    const result = decision.ok ? this.#resultFor(subject, nowMs) : decision;
    if (key !== null && principal !== null && (decision.ok || isLasting(decision.refusal))) {
      const inFlight = command.type === 'start_move' && decision.ok;
      const stored = inFlight ? null : JSON.stringify(result);
      // A refusal about an appointment that the caller may not see must not travel with it when it moves.
      const subjectId = !decision.ok && decision.refusal.code === 'not_found' ? null : subject;
      this.#ledger.putAnswer({ principal, key: key.key, fingerprint: key.fingerprint, subjectId, answer: stored });
    }
    if (departure !== undefined && departure.phase === 'reserving' && decision.ok) {
      this.#answerMove(departure.moveId, departure.by.id, departure.key, command, nowMs);
    }
    return answer(result);
  }

  /** Gives the request that started a move its stored answer, in the commit that decides the move. */
  #answerMove(moveId: string, principal: string, key: string | null, command: Command, nowMs: number): void {
    if (key === null) return;
    const stored = this.#ledger.answer(principal, key);
    invariant(stored !== null, 'a move with a key has its answer in flight');
    const result =
      command.type === 'depart'
        ? departedView(this.#state, moveId, nowMs)
        : command.type === 'abandon_move'
          ? refused(command.because)
          : null;
    if (result === null) return;
    if (!result.ok && isPassing(result.refusal)) this.#ledger.dropAnswer(principal, key);
    else this.#ledger.putAnswer({ ...stored, answer: JSON.stringify(result) });
  }

  #append(events: readonly DayEvent[], nowMs: number): void {
    const newId = () => this.#ports.newAppointmentId();
    for (const event of events) {
      for (const one of withOffers(this.#state, event, nowMs, this.#limits, newId)) this.#write(one, nowMs);
    }
  }

  #write(event: DayEvent, nowMs: number): void {
    this.#lastSeq += 1;
    this.#ledger.append(this.#state, this.#lastSeq, event, nowMs);
  }

  #resultFor(subject: string | null, nowMs: number): Result<AppointmentView, Refusal> {
    const appointment = subject === null ? undefined : this.#state.appointments.get(subject);
    // System commands have no appointment to show; nobody reads their value.
    if (appointment === undefined) return ok(null as never);
    return ok(viewOf(this.#place(), appointment, nowMs));
  }

  /** Where an appointment is, and how it stands. */
  find(appointmentId: string): Reply {
    const appointment = this.#state.appointments.get(appointmentId);
    if (appointment !== undefined) return answer(ok(viewOf(this.#place(), appointment, this.#ports.now())));
    const forward = this.#state.forwards.get(appointmentId);
    return forward === undefined ? { kind: 'unknown' } : { kind: 'elsewhere', day: forward.to };
  }

  #place() {
    return { ...this.#day, timeZone: this.#state.plan?.timeZone ?? 'UTC' };
  }
}

/** "Try again in a moment" must not be what every repeat is told from then on: its repeat is decided afresh. */
const isPassing = ({ code }: Refusal): boolean =>
  code === 'temporarily_unavailable' || code === 'day_frozen' || code === 'move_in_progress';

/** What a decision needs first is no answer yet. */
const isLasting = (why: Refusal): boolean => !isPassing(why) && needOf(why) === null;

const answer = (result: Result<AppointmentView, Refusal>): Reply => ({ kind: 'answer', result });

const replay = (stored: StoredAnswer, key: RequestKey): Reply => {
  if (stored.fingerprint !== key.fingerprint) return answer(refused(refusal('idempotency_key_reused')));
  if (stored.answer === null) return answer(refused(refusal('request_in_flight')));
  return answer(JSON.parse(stored.answer));
};
