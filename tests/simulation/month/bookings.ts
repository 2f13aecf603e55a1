import { type Principal, principalOf } from '../../../src/domain/access.ts';
import type { PersonalCommand } from '../../../src/domain/doctor-day/command.ts';
import type { Reply } from '../../../src/domain/doctor-day/reply.ts';
import type { AppointmentView } from '../../../src/domain/doctor-day/view.ts';
import { appointmentId, type DayKey, parseAppointmentId, sameDay } from '../../../src/domain/ids.ts';
import { addDays, utcDate } from '../../../src/domain/local-date.ts';
import { instantOf } from '../../../src/domain/zoned-time.ts';
import type { Random } from '../random.ts';
import type { MonthPlan, Wish } from './plan.ts';
import type { MonthWorld } from './world.ts';

const minuteMs = 60_000;
const firstMs = 2 * minuteMs;

/** How an appointment stood from an instant on, as its doctor-day said. */
export interface Standing {
  readonly atMs: number;
  readonly status: AppointmentView['status'];
  readonly startsAtMs: number;
  readonly doctorId: string;
  readonly timeZone: string;
}

/** An appointment, and all that it ever was. */
export interface Booked {
  readonly id: string;
  readonly patient: number;
  readonly history: Standing[];
}

interface Slot {
  readonly day: DayKey;
  readonly startsAtMs: number;
}

interface Action {
  readonly atMs: number;
  readonly run: () => Promise<void>;
}

/** Everybody who books, accepts, describes, moves and cancels, each at the time that the plan has for it. */
export class Bookings {
  readonly booked: Booked[] = [];
  readonly #world: MonthWorld;
  readonly #plan: MonthPlan;
  readonly #random: Random;
  #actions: Action[] = [];
  #serial = 0;

  constructor(world: MonthWorld, plan: MonthPlan, random: Random) {
    this.#world = world;
    this.#plan = plan;
    this.#random = random;
    for (const wish of plan.wishes) {
      const { startsAtMs } = this.#slotOf(wish);
      const atMs = Math.max(plan.fromMs + firstMs, startsAtMs - wish.leadMs);
      if (atMs < startsAtMs) this.#actions.push({ atMs, run: () => this.#book(wish) });
    }
    this.#sort();
  }

  /** Does all whose time has come. */
  async until(nowMs: number): Promise<void> {
    while ((this.#actions[0]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs) await this.#actions.shift()?.run();
  }

  /** When somebody acts next, ms. */
  nextMs(): number {
    return this.#actions[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  #sort(): void {
    this.#actions.sort((a, b) => a.atMs - b.atMs);
  }

  #later(atMs: number, run: () => Promise<void>): void {
    this.#actions.push({ atMs, run });
    this.#sort();
  }

  #slotOf({ doctor, day, slot }: Pick<Wish, 'doctor' | 'day' | 'slot'>): Slot {
    const { id, timeZone } = this.#plan.doctors[doctor] ?? { id: '', timeZone: 'UTC' };
    const date = addDays(utcDate(this.#plan.fromMs), day + 1);
    const time = `${String(8 + Math.floor(slot / 2)).padStart(2, '0')}:${slot % 2 === 0 ? '00' : '30'}`;
    return { day: { doctorId: id, date }, startsAtMs: instantOf(date, time, timeZone) };
  }

  async #book(wish: Wish): Promise<void> {
    const { day, startsAtMs } = this.#slotOf(wish);
    const principal = this.#patient(wish.patient);
    const id = appointmentId(day, this.#random.bytes(16));
    const common = { principal, appointmentId: id };
    const hold: PersonalCommand = {
      type: 'hold',
      ...common,
      patientId: principal.id,
      startsAtMs,
      mode: null,
      words: {},
    };
    const held = await this.#ask(day, hold);
    if (held === null) return;
    const one: Booked = { id, patient: wish.patient, history: [] };
    this.booked.push(one);
    await this.#does(one, { type: 'confirm', ...common });
    if (one.history.at(-1)?.status === 'awaiting_approval') this.#willAccept(one, wish);
    const nowMs = this.#now();
    const atMs = nowMs + Math.floor((startsAtMs - nowMs) * wish.when);
    if (wish.fate !== 'none') this.#later(atMs, () => this.#meets(one, wish));
  }

  #willAccept(one: Booked, { acceptMs, doctor }: Wish): void {
    if (acceptMs === null) return;
    const { id } = this.#plan.doctors[doctor] ?? { id: '' };
    const principal = principalOf({ id, role: 'doctor' });
    this.#later(this.#now() + acceptMs, () => this.#does(one, { type: 'accept', principal, appointmentId: one.id }));
  }

  async #meets(one: Booked, wish: Wish): Promise<void> {
    const principal = this.#patient(wish.patient);
    const common = { principal, appointmentId: one.id };
    if (wish.fate === 'cancel') return this.#does(one, { type: 'cancel', ...common, statusReason: null });
    if (wish.fate === 'describe') return this.#does(one, { type: 'describe', ...common, words: { reason: 'sealed' } });
    await this.#moves(one, principal, this.#slotOf(wish.to));
    if (wish.fate !== 'move_back') return;
    const atMs = this.#now() + this.#random.between(1, 600) * minuteMs;
    this.#later(atMs, () => this.#moves(one, principal, this.#slotOf(wish)));
  }

  async #moves(one: Booked, principal: Principal, { day, startsAtMs }: Slot): Promise<void> {
    this.#serial += 1;
    const move = { principal, appointmentId: one.id, startsAtMs };
    const moveId = `m_${this.#serial}`;
    await this.#does(one, (at) =>
      sameDay(at, day) ? { type: 'reschedule', ...move } : { type: 'start_move', ...move, moveId, to: day, key: null },
    );
  }

  /** Asks the day that has the appointment, and notes what it says. A refusal changes nothing. */
  async #does(one: Booked, command: PersonalCommand | ((day: DayKey) => PersonalCommand)): Promise<void> {
    const view = await this.#follow(one.id, (day) =>
      this.#asked(day, typeof command === 'function' ? command(day) : command),
    );
    if (view !== null) this.#note(one, view);
  }

  #note(one: Booked, { status, startsAtMs, doctorId, timeZone }: AppointmentView): void {
    one.history.push({ atMs: this.#now(), status, startsAtMs, doctorId, timeZone });
  }

  async #follow(id: string, ask: (day: DayKey) => Promise<Reply>): Promise<AppointmentView | null> {
    let day = parseAppointmentId(id);
    for (let hop = 0; day !== null && hop < 6; hop += 1) {
      const reply = await ask(day);
      if (reply.kind === 'answer') return reply.result.ok ? reply.result.value : null;
      day = reply.kind === 'elsewhere' ? reply.day : null;
    }
    return null;
  }

  async #ask(day: DayKey, command: PersonalCommand): Promise<AppointmentView | null> {
    const reply = await this.#asked(day, command);
    return reply.kind === 'answer' && reply.result.ok ? reply.result.value : null;
  }

  #asked(day: DayKey, command: PersonalCommand): Promise<Reply> {
    return this.#world.days.ask(day, (engine) => engine.execute(command, null));
  }

  #patient(index: number): Principal {
    return principalOf({ id: this.#plan.patients[index]?.id ?? '', role: 'patient' });
  }

  #now(): number {
    return this.#world.days.clock.nowMs;
  }
}
