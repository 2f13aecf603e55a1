import { doctorDays } from '../../src/doctor-days/client.ts';
import type { Principal } from '../../src/domain/access.ts';
import type { Payment } from '../../src/domain/doctor-day/appointment.ts';
import type { PersonalCommand } from '../../src/domain/doctor-day/command.ts';
import type { RequestKey } from '../../src/domain/doctor-day/reply.ts';
import type { AppointmentView } from '../../src/domain/doctor-day/view.ts';
import { appointmentId, type DayKey, dayName } from '../../src/domain/ids.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import type { Result } from '../../src/domain/result.ts';
import type { Priority } from '../../src/domain/schedule.ts';
import type { Call } from '../../src/domain/visits/begun.ts';
import { Promises } from './promises.ts';
import { Random } from './random.ts';
import type { World } from './world.ts';

export type Answer = Result<AppointmentView, Refusal> | null;
type Command = Exclude<PersonalCommand, { type: 'hold' | 'reschedule' | 'start_move' }>;

/** How often somebody who heard nothing asks again, with the same Idempotency-Key. */
const maxAttempts = 3;

/**
 * People in front of the API, as the routes serve them: each attempt gets ids of its own, a repeat keeps its key. They
 * note what they asked for and what they were promised.
 */
export class People {
  readonly promises = new Promises();
  readonly #world: World;
  readonly #days: ReturnType<typeof doctorDays>;
  readonly #ids: Random;
  /** Requests by each person: two people may well choose the same key. */
  readonly #requests = new Map<string, number>();
  /** By key: how to ask again for an answer that never came. */
  readonly #open = new Map<string, () => Promise<Answer>>();
  /** How many requests are under way. */
  waiting = 0;

  constructor(world: World, seed: number) {
    this.#world = world;
    this.#days = doctorDays(world.env);
    this.#ids = new Random(seed).fork('ids');
  }

  /** A key for a new request, or none. */
  key(principal: Principal, keyed: boolean, request: unknown): RequestKey | null {
    if (!keyed) return null;
    const number = (this.#requests.get(principal.id) ?? 0) + 1;
    this.#requests.set(principal.id, number);
    return { key: `k${number}`, fingerprint: JSON.stringify([principal.id, request]) };
  }

  hold(
    principal: Principal,
    day: DayKey,
    startsAtMs: number,
    key: RequestKey | null,
    reason: string,
    priority: Priority = 'routine',
  ): Promise<Answer> {
    const ask = () => {
      const id = appointmentId(day, this.#ids.bytes(16));
      this.promises.asks(id, 'hold', principal);
      return this.#days.hold(
        day,
        {
          type: 'hold',
          principal,
          patientId: principal.id,
          appointmentId: id,
          startsAtMs,
          mode: null,
          priority,
          words: { reason },
        },
        key,
        this.#world.scheduler.nowMs(),
      );
    };
    return this.#insist(`hold ${dayName(day)} ${time(startsAtMs)}`, principal, key, ask);
  }

  act(command: Command, key: RequestKey | null): Promise<Answer> {
    const { principal, appointmentId: id, type } = command;
    return this.#insist(`${type} ${id.slice(-6)}`, principal, key, () => {
      this.promises.asks(id, type, principal);
      if (command.type === 'complete' && command.call && command.call !== 'unknown')
        this.promises.calls(id, command.call);
      return this.#days.execute(command, key);
    });
  }

  /** Says that an appointment was paid until it is heard, as whoever took the money does. */
  async pay(id: string, payment: Omit<Payment, 'atMs'>): Promise<void> {
    const { history } = this.#world;
    this.promises.pays(id, payment.id);
    this.waiting += 1;
    try {
      for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
        const answer = await this.#days.recordPayment(id, payment).catch((error: unknown) => String(error));
        history.tell(`pay ${payment.amountMinor} for ${id.slice(-6)} as ${payment.id}: ${told(answer)}`);
        if (typeof answer !== 'string' && this.promises.isFinal(answer)) {
          this.promises.hearsOf(id, payment.id, answer);
          return;
        }
        await this.#pause(this.#ids.between(100, 8_000));
      }
    } finally {
      this.waiting -= 1;
    }
  }

  move(
    principal: Principal,
    id: string,
    to: DayKey,
    startsAtMs: number,
    key: RequestKey | null,
    call: Call | null = null,
  ): Promise<Answer> {
    return this.#insist(`move ${id.slice(-6)} to ${dayName(to)} ${time(startsAtMs)}`, principal, key, () => {
      this.promises.asks(id, 'move', principal);
      const moveId = `m${this.#ids.int(2 ** 31)}`;
      const move = { principal, appointmentId: id, moveId, to, startsAtMs, call };
      return this.#days.reschedule(move, key, this.#world.scheduler.nowMs());
    });
  }

  read(id: string): Promise<Answer> {
    return this.#once(`read ${id.slice(-6)}`, () => this.#days.get(id));
  }

  async browse(day: DayKey): Promise<void> {
    await this.#once(`browse ${dayName(day)}`, () => this.#days.slots(day, this.#world.scheduler.nowMs()));
  }

  /** What operators and schedule editors do: it may fail, and nobody waits for it. */
  async #once<T>(what: string, ask: () => Promise<T>): Promise<T | null> {
    this.waiting += 1;
    try {
      return await ask();
    } catch (error) {
      this.#world.history.tell(`${what}: ${String(error)}`);
      return null;
    } finally {
      this.waiting -= 1;
    }
  }

  /** Does something as an operator would. */
  operate(what: string, ask: () => Promise<unknown>): Promise<unknown> {
    this.#world.history.tell(what);
    return this.#once(what, ask);
  }

  /** Asks until there is an answer that will stand, when there is a key to ask again with. */
  async #insist(what: string, by: Principal, key: RequestKey | null, ask: () => Promise<Answer>): Promise<Answer> {
    const { history } = this.#world;
    const label = `${by.role} ${by.id.slice(-4)} ${key?.key ?? ''} ${what}`;
    this.waiting += 1;
    try {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await ask().catch((error: unknown) => String(error));
        history.tell(`${label}: ${told(answer)}`);
        if (typeof answer !== 'string') this.promises.hears(answer, by, key);
        const stands = typeof answer !== 'string' && this.promises.isFinal(answer);
        if (key !== null && (stands || answer === null)) this.#open.delete(`${by.id} ${key.key}`);
        if (stands) return answer;
        if (key !== null && answer !== null)
          this.#open.set(`${by.id} ${key.key}`, () => this.#insist(what, by, key, ask));
        if (key === null || attempt === maxAttempts) return null;
        await this.#pause(this.#ids.between(100, 8_000));
      }
    } finally {
      this.waiting -= 1;
    }
  }

  /** Asks again for every answer that never came, with its key. */
  askAgain(): void {
    for (const ask of [...this.#open.values()]) void ask();
  }

  /** The keys that no answer stands for. */
  get unanswered(): string[] {
    return [...this.#open.keys()];
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#world.scheduler.after(ms, resolve));
  }
}

const time = (ms: number): string => new Date(ms).toISOString().slice(5, 16);

const told = (answer: Answer | string): string => {
  if (typeof answer === 'string') return `nothing (${answer})`;
  if (answer === null) return 'unknown';
  if (!answer.ok) return answer.refusal.code;
  const { id, status, seat, version, date, startsAtMs } = answer.value;
  return `ok ${id.slice(-6)} ${status} v${version} ${date} ${time(startsAtMs)} seat ${seat}`;
};
