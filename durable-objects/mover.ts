import type { Appointment } from '../src/domain/doctor-day/appointment.ts';
import type { SystemCommand } from '../src/domain/doctor-day/command.ts';
import type { Departure } from '../src/domain/doctor-day/event.ts';
import type { DayState } from '../src/domain/doctor-day/state.ts';
import { type AppointmentView, departedView } from '../src/domain/doctor-day/view.ts';
import { type DayKey, parseAppointmentId, sameDay } from '../src/domain/ids.ts';
import { type Refusal, refusal } from '../src/domain/refusal.ts';
import { invariant, type Result, refused } from '../src/domain/result.ts';
import type { MoveOutcome, Ports, StoredAnswer } from './ports.ts';

/** What the mover needs of the day it belongs to. */
interface Day {
  state(): DayState;
  submit(command: SystemCommand, answers?: readonly StoredAnswer[]): Promise<Result<null, Refusal>>;
  answersAbout(appointmentId: string): StoredAnswer[];
}

/**
 * Moves an appointment between two doctor-days: reserve a seat there, leave here, arrive there, tell the first day.
 * The day that the appointment leaves decides, by committing `moved_out`; before that a crash leaves it here, after
 * that every later step is repeated until done. Each step may come twice.
 */
export class Mover {
  readonly #here: DayKey;
  readonly #ports: Ports;
  readonly #day: Day;
  readonly #running = new Map<string, Promise<Result<AppointmentView, Refusal>>>();

  constructor(here: DayKey, ports: Ports, day: Day) {
    this.#here = here;
    this.#ports = ports;
    this.#day = day;
  }

  /** Runs a move from wherever it stands. Resolves with the moved appointment, or why it stayed. */
  depart(moveId: string): Promise<Result<AppointmentView, Refusal>> {
    const running = this.#running.get(moveId) ?? this.#depart(moveId).finally(() => this.#running.delete(moveId));
    this.#running.set(moveId, running);
    return running;
  }

  /** Resumes every unsettled move of this day, in either direction. Never throws. */
  async resume(): Promise<void> {
    for (const moveId of [...this.#day.state().departures.keys()]) await this.#attempt(() => this.depart(moveId));
    for (const moveId of [...this.#day.state().arrivals.keys()]) await this.#attempt(() => this.#settleArrival(moveId));
  }

  /**
   * Before an appointment is read: if it is on its way here, finds out whether it has arrived. `false` while nobody can
   * say and this day knows it from nowhere else.
   */
  async settleArrivalOf(appointmentId: string): Promise<boolean> {
    const moves = (): string[] =>
      [...this.#day.state().arrivals.values()]
        .filter(({ appointment }) => appointment.id === appointmentId)
        .map(({ moveId }) => moveId);
    for (const moveId of moves()) await this.#attempt(() => this.#settleArrival(moveId));
    const { appointments, forwards } = this.#day.state();
    return appointments.has(appointmentId) || forwards.has(appointmentId) || moves().length === 0;
  }

  /** The reserved seat becomes the appointment's, and the answers given about it come along. */
  async arrive(moveId: string, appointment: Appointment, answers: readonly StoredAnswer[]): Promise<void> {
    await this.#day.submit({ type: 'arrive', moveId, appointment }, answers);
  }

  /** The move will not happen: the reserved seat is free again. */
  async releaseSeat(moveId: string): Promise<void> {
    await this.#day.submit({ type: 'release_seat', moveId });
  }

  /** Notes where an appointment that was first booked here is now. */
  async forward(appointmentId: string, to: DayKey, version: number): Promise<void> {
    await this.#day.submit({ type: 'forward', appointmentId, to, version });
  }

  /** Tells the day that an appointment goes to what became of the move. A move that is too old is abandoned first. */
  async outcomeOf(moveId: string): Promise<MoveOutcome> {
    const departure = this.#day.state().departures.get(moveId);
    if (departure === undefined) return { kind: 'abandoned' };
    if (departure.phase === 'reserving') {
      if (this.#ports.now() < departure.deadlineMs) return { kind: 'undecided' };
      await this.#day.submit({ type: 'abandon_move', moveId, because: refusal('move_failed') });
    }
    const decided = this.#day.state().departures.get(moveId);
    if (decided === undefined) return { kind: 'abandoned' };
    const { arriving, appointmentId } = decided;
    invariant(arriving !== null, 'an appointment that has left knows how it arrives');
    return { kind: 'departed', appointment: arriving, answers: this.#day.answersAbout(appointmentId) };
  }

  async #depart(moveId: string): Promise<Result<AppointmentView, Refusal>> {
    const departure = this.#day.state().departures.get(moveId);
    if (departure === undefined) return refused(refusal('move_failed'));
    if (departure.phase === 'reserving') {
      const left = await this.#leave(departure);
      if (!left.ok) return left;
    }
    const view = departedView(this.#day.state(), moveId, this.#ports.now());
    // The move has happened. If the other day cannot be told now, the alarm tells it.
    await this.#attempt(() => this.#deliver(moveId));
    return view;
  }

  /** Reserves the seat there and leaves here, or gives the move up. */
  async #leave(departure: Departure): Promise<Result<null, Refusal>> {
    const { moveId } = departure;
    const appointment = this.#day.state().appointments.get(departure.appointmentId);
    invariant(appointment !== undefined, 'a moving appointment stays until its move is decided');
    const peer = this.#ports.peer(departure.to);
    let why: Refusal;
    try {
      const reserved = await this.#ports.withTimeout(
        peer.reserveSeat({
          moveId,
          from: this.#here,
          by: departure.by,
          appointment,
          startsAtMs: departure.toStartsAtMs,
        }),
      );
      if (reserved.ok) {
        const { appointment: arriving, timeZone } = reserved.value;
        const departed = await this.#day.submit({ type: 'depart', moveId, arriving, timeZone });
        if (departed.ok) return departed;
        why = departed.refusal;
      } else why = reserved.refusal;
    } catch (error) {
      this.#ports.report('move_reserve_failed', error);
      why = refusal('move_failed');
    }
    await this.#day.submit({ type: 'abandon_move', moveId, because: why });
    await this.#attempt(() => this.#ports.withTimeout(peer.releaseSeat(moveId)));
    return refused(why);
  }

  /** Makes the appointment arrive, tells the day it was first booked on, and settles the move. */
  async #deliver(moveId: string): Promise<void> {
    const departure = this.#day.state().departures.get(moveId);
    if (departure?.phase !== 'departed' || departure.arriving === null) return;
    const { appointmentId, arriving, to } = departure;
    const answers = this.#day.answersAbout(appointmentId);
    await this.#ports.withTimeout(this.#ports.peer(to).arrive(moveId, arriving, answers));
    const home = parseAppointmentId(appointmentId);
    if (home !== null && !sameDay(home, this.#here) && !sameDay(home, to)) {
      await this.#ports.withTimeout(this.#ports.peer(home).forward(appointmentId, to, arriving.version));
    }
    await this.#day.submit({ type: 'settle_move', moveId });
  }

  async #settleArrival(moveId: string): Promise<void> {
    const arrival = this.#day.state().arrivals.get(moveId);
    if (arrival === undefined) return;
    const outcome = await this.#ports.withTimeout(this.#ports.peer(arrival.from).outcomeOf(moveId));
    if (outcome.kind === 'abandoned') await this.#day.submit({ type: 'release_seat', moveId });
    if (outcome.kind === 'departed') await this.arrive(moveId, outcome.appointment, outcome.answers);
  }

  /** Tries what the alarm will try again: a failure is reported and nothing more. */
  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#ports.report('move_step_failed', error);
    }
  }
}
