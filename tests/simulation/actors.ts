import { doctorDays } from '../../src/doctor-days/client.ts';
import { announceScheduleChange } from '../../src/doctor-days/schedule-changes.ts';
import { announceWaitlistChange, sweepWaitlist } from '../../src/doctor-days/waitlist-changes.ts';
import { type Principal, permissions, principalOf } from '../../src/domain/access.ts';
import { type DayKey, dayName, parseAppointmentId } from '../../src/domain/ids.ts';
import { planDay } from '../../src/domain/schedule-plan.ts';
import { startOfDayMs } from '../../src/domain/zoned-time.ts';
import { sweepStaleDays } from '../../src/features/schedules/changes.ts';
import { edit, firstSchedule } from './clinic.ts';
import { enterLine, quitLine } from './line-plan.ts';
import type { People } from './people.ts';
import type { Action, Plan, SimDoctor } from './plan.ts';
import { Random } from './random.ts';
import { editRooms, type SimRooms } from './rooms-plan.ts';
import type { World } from './world.ts';

const admin = principalOf({ id: 'u_admin', role: 'admin', permissions });

/** Turns the actions of a plan into requests of patients, doctors and admins. */
export class Actors {
  readonly #world: World;
  readonly #people: People;
  readonly #plan: Plan;

  constructor(world: World, people: People, plan: Plan) {
    this.#world = world;
    this.#people = people;
    this.#plan = plan;
  }

  /** Plans every action at its time. */
  begin(): void {
    for (const action of this.#plan.actions) this.#world.scheduler.after(action.atMs, () => this.#perform(action));
  }

  #perform(action: Action): void {
    const random = new Random(action.seed);
    const request = this.#request(action, random);
    void request();
    for (const laterMs of action.again) this.#world.scheduler.after(laterMs, () => void request());
  }

  /** Chooses once what is asked; asking it again asks the same with the same key. */
  #request(action: Action, random: Random): () => Promise<unknown> {
    const day = this.#day(action);
    switch (action.deed) {
      case 'hold': {
        const by = this.#patient(action.who);
        const startsAtMs = this.#slotOf(day, action, random);
        const key = this.#people.key(by, action.keyed, ['hold', day, startsAtMs, action.emergency]);
        const priority = action.emergency === true ? 'emergency' : 'routine';
        return () => this.#people.hold(by, day, startsAtMs, key, `words ${action.seed}`, priority);
      }
      case 'pay':
        return this.#payment(action, random);
      case 'browse':
        return () => this.#people.browse(day);
      case 'edit':
        return () => this.#edit(this.#doctor(day.doctorId), new Random(action.seed));
      case 'freeze': {
        const untilMs = this.#world.scheduler.nowMs() + random.between(5_000, 60_000);
        return () => this.#operate('freeze', day, (days) => days.freeze(day, untilMs, 'zone'));
      }
      case 'thaw':
        return () => this.#operate('thaw', day, (days) => days.thaw(day, 'zone'));
      case 'reproject':
        return () => this.#operate('reproject', day, (days) => days.reproject(day));
      case 'sweep_stale':
        return () =>
          this.#people.operate('sweep stale days', () =>
            sweepStaleDays(this.#world.env, this.#world.scheduler.nowMs()),
          );
      case 'join':
        return () => this.#join(day, action);
      case 'leave':
        return () => this.#leave(action);
      case 'answer_offer':
        return () => this.#answerOffer(action, random);
      case 'sweep_waitlist':
        return () =>
          this.#people.operate('sweep waitlist', () => sweepWaitlist(this.#world.env, this.#world.scheduler.nowMs()));
      case 'evict':
        return async () => this.#world.hosts.get(dayName(day))?.kill();
      default:
        return this.#aboutAppointment(action, action.deed, day, random);
    }
  }

  #aboutAppointment(
    action: Action,
    deed:
      | 'confirm'
      | 'extend'
      | 'cancel'
      | 'move'
      | 'accept'
      | 'reject'
      | 'complete'
      | 'mark_no_show'
      | 'describe'
      | 'read',
    day: DayKey,
    random: Random,
  ): () => Promise<unknown> {
    const id = this.#appointment(action);
    if (id === null) return async () => undefined;
    if (deed === 'read') return () => this.#people.read(id);
    const by = this.#principal(id, deed, action, random);
    // Called in for a time that it had: it may have moved since.
    const times = this.#people.promises.timesOf(id);
    const call = times.length > 0 && random.chance(deed === 'complete' ? 0.5 : 0.1) ? random.pick(times) : null;
    if (deed === 'move') {
      const startsAtMs = this.#slotOf(day, action, random);
      const key = this.#people.key(by, action.keyed, [deed, id, day, startsAtMs]);
      return () => this.#people.move(by, id, day, startsAtMs, key, call);
    }
    const key = this.#people.key(by, action.keyed, [deed, id]);
    const about = { principal: by, appointmentId: id };
    switch (deed) {
      case 'cancel':
        return () => this.#people.act({ type: deed, ...about, statusReason: null, call }, key);
      case 'reject':
        return () => this.#people.act({ type: deed, ...about, statusReason: null }, key);
      case 'describe':
        return () => this.#people.act({ type: deed, ...about, words: { symptoms: `more ${action.seed}` } }, key);
      case 'complete':
        return () => this.#people.act({ type: deed, ...about, call }, key);
      default:
        return () => this.#people.act({ type: deed, ...about }, key);
    }
  }

  async #join(day: DayKey, action: Action): Promise<void> {
    const { id } = this.#patient(action.who);
    const { env, scheduler, history } = this.#world;
    await this.#people.operate(`join ${dayName(day)}`, async () => {
      const entryId = await enterLine(env.DB, day, id, new Random(action.seed), scheduler.nowMs());
      history.tell(`${id.slice(-4)} waits as ${entryId}`);
      await announceWaitlistChange(env, [entryId], scheduler.nowMs());
    });
  }

  async #leave({ which }: Action): Promise<void> {
    const { env, d1, scheduler } = this.#world;
    const entries = d1.rows<{ id: string; doctorId: string }>(
      `SELECT id, doctor_id AS doctorId FROM waitlist_entries WHERE state = 'active' ORDER BY joined_at_ms, id`,
    );
    const entry = entries[which % Math.max(1, entries.length)];
    if (entry === undefined) return;
    await this.#people.operate(`leave ${entry.id}`, async () => {
      await quitLine(env.DB, entry);
      await announceWaitlistChange(env, [entry.id], scheduler.nowMs());
    });
  }

  /** Whoever was told of an offer takes it, lets it go, or moves it elsewhere. */
  async #answerOffer(action: Action, random: Random): Promise<unknown> {
    const offers = this.#world.d1.rows<{ id: string; patientId: string }>(
      `SELECT id, patient_id AS patientId FROM appointments
       WHERE waitlist_entry_id IS NOT NULL AND status = 'pending' ORDER BY id`,
    );
    const offer = offers[action.which % Math.max(1, offers.length)];
    if (offer === undefined) return undefined;
    const principal = principalOf({ id: offer.patientId, role: 'patient' });
    const deed = random.weighted({ confirm: 6, cancel: 5, move: 1 });
    const key = this.#people.key(principal, action.keyed, [deed, offer.id]);
    const about = { principal, appointmentId: offer.id };
    if (deed === 'confirm') return this.#people.act({ type: deed, ...about }, key);
    if (deed === 'cancel') return this.#people.act({ type: deed, ...about, statusReason: null }, key);
    const day = this.#day(action);
    return this.#people.move(principal, offer.id, day, this.#slotOf(day, action, random), null);
  }

  /** Mostly the fee and once; at times another amount, or a second payment. */
  #payment(action: Action, random: Random): () => Promise<unknown> {
    const known = [...this.#people.promises.acknowledged.values()];
    const unpaid = known.filter(({ payment, status }) => !payment && status === 'pending');
    const among = unpaid.length > 0 && random.chance(0.7) ? unpaid : known;
    const visit = among[action.which % Math.max(1, among.length)];
    if (visit === undefined) return async () => undefined;
    const amountMinor = visit.fee.amount + (random.chance(0.1) ? 1 : 0);
    const id = `p${random.weighted({ 1: 8, 2: 2 })}-${amountMinor}-${visit.id.slice(-6)}`;
    return () => this.#people.pay(visit.id, { id, amountMinor, currency: visit.fee.currency });
  }

  async #edit(doctor: SimDoctor, random: Random): Promise<void> {
    const { rooms } = this.#plan;
    if (rooms !== undefined && random.chance(0.25)) return this.#editRooms(rooms, random);
    await this.#people.operate(`edit ${doctor.id}`, async () => {
      const what = await edit(this.#world.env.DB, doctor, random);
      this.#world.history.tell(`edited ${doctor.id}: ${what}`);
      await announceScheduleChange(this.#world.env, doctor.id, this.#world.scheduler.nowMs());
    });
  }

  async #editRooms(rooms: SimRooms, random: Random): Promise<void> {
    await this.#people.operate(`edit rooms`, async () => {
      this.#world.history.tell(await editRooms(this.#world.env.DB, rooms, random));
      await this.#world.tellRooms(rooms.clinicId);
    });
  }

  #operate(what: string, day: DayKey, ask: (days: ReturnType<typeof doctorDays>) => Promise<unknown>) {
    return this.#people.operate(`${what} ${dayName(day)}`, () => ask(doctorDays(this.#world.env)));
  }

  #day({ day }: Action): DayKey {
    return this.#plan.days[day % this.#plan.days.length] as DayKey;
  }

  #doctor(id: string): SimDoctor {
    return this.#plan.doctors.find((doctor) => doctor.id === id) as SimDoctor;
  }

  #patient(who: number): Principal {
    return principalOf({ id: this.#plan.patients[who % this.#plan.patients.length] as string, role: 'patient' });
  }

  /** Mostly one that is known to live, at times one that has ended or was only asked for. */
  #appointment({ which }: Action): string | null {
    const { promises } = this.#people;
    const known = [...promises.acknowledged.values()];
    const living = known.filter(({ status }) => ['pending', 'awaiting_approval', 'confirmed'].includes(status));
    const ids = which % 40 === 0 ? promises.ids : (which % 10 === 0 ? known : living).map(({ id }) => id);
    // The newest are asked about most.
    const back = Math.min(ids.length, 1 + (which % 4) * (which % 3));
    return ids[ids.length - back] ?? null;
  }

  /** Who does something to an appointment: mostly somebody who may. */
  #principal(id: string, deed: Action['deed'], { who }: Action, random: Random): Principal {
    const patientId = this.#people.promises.patientOf(id) ?? (this.#plan.patients[0] as string);
    const doctorId =
      this.#people.promises.acknowledged.get(id)?.doctorId ?? parseAppointmentId(id)?.doctorId ?? 'u_nobody';
    const patient = principalOf({ id: patientId, role: 'patient' });
    const doctor = principalOf({ id: doctorId, role: 'doctor' });
    if (random.chance(0.05)) return this.#patient(who);
    if (['accept', 'reject', 'complete', 'mark_no_show'].includes(deed)) return random.chance(0.8) ? doctor : admin;
    if (deed === 'describe') return patient;
    return random.weighted({ patient: 7, doctor: 1, admin: 1 }) === 'patient' ? patient : random.pick([doctor, admin]);
  }

  /** The start of one of the day's slots, most often of the first few; at times of none. */
  #slotOf(day: DayKey, { slot }: Action, random: Random): number {
    const slots = planDay(firstSchedule(this.#doctor(day.doctorId)), day.date);
    const chosen = slots[slot % Math.min(slots.length, 2 + (slot % 4))];
    // Where clocks skip the only window there is.
    if (chosen === undefined) return startOfDayMs(day.date, 'UTC');
    return random.chance(0.04) ? chosen.startsAtMs + 15 * 60_000 : chosen.startsAtMs;
  }
}
