import { type Principal, principalOf } from '../../../src/domain/access.ts';
import type { PersonalCommand } from '../../../src/domain/doctor-day/command.ts';
import type { Reply, RequestKey } from '../../../src/domain/doctor-day/reply.ts';
import type { AppointmentView, SlotsView } from '../../../src/domain/doctor-day/view.ts';
import { appointmentId, type DayKey, parseAppointmentId, sameDay } from '../../../src/domain/ids.ts';
import type { Refusal } from '../../../src/domain/refusal.ts';
import { type Result, refused } from '../../../src/domain/result.ts';
import type { DoctorSchedule } from '../../../src/domain/schedule.ts';
import { localDateTimeOf } from '../../../src/domain/zoned-time.ts';
import { at } from '../day-story.ts';
import { daily, on, schedule } from '../schedules.ts';
import { EngineWorld } from './engine-world.ts';

type Answer = Result<AppointmentView, Refusal>;
type Step = Exclude<PersonalCommand['type'], 'hold' | 'reschedule' | 'start_move'>;

const rahman = 'u_AAAAAAAAAAAAAAAA';
const begum = 'u_BBBBBBBBBBBBBBBB';

/** Monday, Tuesday and Wednesday of one doctor, and Tuesday of another; all in Dhaka. */
export const monday: DayKey = { doctorId: rahman, date: on('2026-06-08') };
export const tuesday: DayKey = { doctorId: rahman, date: on('2026-06-09') };
export const wednesday: DayKey = { doctorId: rahman, date: on('2026-06-10') };
export const tuesdayElsewhere: DayKey = { doctorId: begum, date: on('2026-06-09') };

/** Two doctors with engines of their days, at noon on Sunday. `parts` change the first doctor's schedule. */
export const clinic = (
  parts: Partial<DoctorSchedule> = {},
  within: ConstructorParameters<typeof EngineWorld>[1] = {},
): EngineWorld => {
  const world = new EngineWorld(at('12:00', '2026-06-07'), within);
  employ(world, schedule({ doctorId: rahman, rules: daily('09:00', '12:00'), ...parts }));
  employ(world, schedule({ doctorId: begum, rules: daily('09:00', '12:00') }));
  return world;
};

/** Puts a verified doctor with weekly rules into D1. */
const employ = ({ d1 }: EngineWorld, doctor: DoctorSchedule): void => {
  const { doctorId: id, fee } = doctor;
  d1.rows(
    `INSERT INTO accounts (id, email, password_hash, full_name, role, created_at_ms)
     VALUES (?1, ?1, '', 'D', 'doctor', 0)`,
    id,
  );
  d1.rows(
    `INSERT INTO doctors (id, full_name, license_number, specialization, fee_minor, currency, time_zone,
       approval_required, minimum_notice_minutes, booking_window_days, verified_at_ms, schedule_version, created_at_ms)
     VALUES (?1, 'D', ?1, 'x', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)`,
    id,
    fee.amount,
    fee.currency,
    doctor.timeZone,
    Number(doctor.approvalRequired),
    doctor.minimumNoticeMinutes,
    doctor.bookingWindowDays,
    doctor.bookable ? 1 : null,
    doctor.version,
  );
  for (const rule of doctor.rules) {
    d1.rows(
      `INSERT INTO weekly_rules (id, doctor_id, weekday, start, end, slot_minutes, buffer_minutes, capacity, mode)
       VALUES (?1 || ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
      id,
      rule.id,
      rule.weekday,
      rule.start,
      rule.end,
      rule.slotMinutes,
      rule.bufferMinutes,
      rule.capacity,
      rule.mode,
    );
  }
};

/** The key of a request whose body is told by `body`. */
export const keyed = (key: string, body = 'the same'): RequestKey => ({ key, fingerprint: body });

/** Somebody who asks the doctor-days of a clinic for things, by the same ways as the Worker. */
export class Visitor {
  readonly principal: Principal;
  readonly #world: EngineWorld;
  #requests = 0;

  constructor(world: EngineWorld, name: string, role: Principal['role'] = 'patient') {
    this.#world = world;
    this.principal = principalOf({ id: role === 'doctor' ? name : `u_${name}`, role });
  }

  holds(day: DayKey, time: string, key: RequestKey | null = null): Promise<Answer> {
    const command = this.holding(day, time);
    return this.#world.ask(day, async (engine) => answerOf(await engine.execute(command, key)));
  }

  /** The command of a hold, with an id of its own. */
  holding(day: DayKey, time: string): PersonalCommand & { type: 'hold' } {
    const bytes = new TextEncoder().encode(`${this.principal.id}/${this.#next()}`.padEnd(16, '.').slice(-16));
    const startsAtMs = at(time, day.date);
    const appointment = appointmentId(day, bytes);
    return {
      type: 'hold',
      principal: this.principal,
      patientId: this.principal.id,
      appointmentId: appointment,
      startsAtMs,
      mode: null,
      words: {},
    };
  }

  /** Holds and confirms; gives the id. */
  async books(day: DayKey, time: string): Promise<string> {
    const held = await this.holds(day, time);
    if (!held.ok) throw new Error(`not held: ${held.refusal.code}`);
    const confirmed = await this.does('confirm', held.value.id);
    if (!confirmed.ok) throw new Error(`not confirmed: ${confirmed.refusal.code}`);
    return held.value.id;
  }

  does(type: Step, id: string, key: RequestKey | null = null): Promise<Answer> {
    const command = { type, principal: this.principal, appointmentId: id, statusReason: null, words: {} };
    return this.#follow(id, () => command as PersonalCommand, key);
  }

  /** Moves an appointment, wherever it is, to a slot of any day. */
  moves(id: string, to: DayKey, time: string, key: RequestKey | null = null): Promise<Answer> {
    const move = { principal: this.principal, appointmentId: id, startsAtMs: at(time, to.date) };
    const moveId = `m_${this.principal.id}_${this.#next()}`;
    return this.#follow(
      id,
      (day) =>
        sameDay(day, to)
          ? { type: 'reschedule', ...move }
          : { type: 'start_move', ...move, moveId, to, key: key?.key ?? null },
      key,
    );
  }

  async #follow(id: string, command: (day: DayKey) => PersonalCommand, key: RequestKey | null): Promise<Answer> {
    return follow(id, (day) => this.#world.ask(day, (engine) => engine.execute(command(day), key)));
  }

  #next(): number {
    this.#requests += 1;
    return this.#requests;
  }
}

/** Reads an appointment, wherever it is. */
export const read = (world: EngineWorld, id: string): Promise<Answer> =>
  follow(id, (day) => world.ask(day, (engine) => engine.get(id)));

/** Free seats of a day by local start time. */
export const freeSeats = async (world: EngineWorld, day: DayKey): Promise<Record<string, number>> =>
  seatsOf(await world.ask(day, (engine) => engine.slots()));

/** Free seats by local start time. */
const seatsOf = (view: SlotsView | null): Record<string, number> =>
  Object.fromEntries(
    (view?.slots ?? []).map((slot) => [
      localDateTimeOf(slot.startsAtMs, view?.timeZone ?? 'UTC').slice(11),
      slot.remaining,
    ]),
  );

/** An answer in a word: the status, or `refused: slot_full`. */
export const told = (answer: Answer): string => (answer.ok ? answer.value.status : `refused: ${answer.refusal.code}`);

const answerOf = (reply: Reply): Answer => (reply.kind === 'answer' ? reply.result : refused({ code: 'not_found' }));

const follow = async (id: string, ask: (day: DayKey) => Promise<Reply>): Promise<Answer> => {
  let day = parseAppointmentId(id);
  for (let hop = 0; day !== null && hop < 5; hop += 1) {
    const reply = await ask(day);
    if (reply.kind === 'answer') return reply.result;
    day = reply.kind === 'elsewhere' ? reply.day : null;
  }
  return refused({ code: 'not_found' });
};
