import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../../src/domain/access.ts';
import type { RequestKey } from '../../src/domain/doctor-day/reply.ts';
import type { AppointmentView } from '../../src/domain/doctor-day/view.ts';
import type { Refusal, RefusalCode } from '../../src/domain/refusal.ts';
import type { Result } from '../../src/domain/result.ts';
import type { Call } from '../../src/domain/visits/begun.ts';

type Answer = Result<AppointmentView, Refusal> | null;

/** Answers that ask for another try; nothing is promised by them. */
const passing = new Set<RefusalCode>([
  'request_in_flight',
  'temporarily_unavailable',
  'day_frozen',
  'move_in_progress',
]);

/** A hold that an unopened day refuses stores nothing ([DD32]), so its repeat is decided afresh. */
const unstored = new Set<RefusalCode>(['slot_not_found', 'outside_booking_window']);

/** What people asked for, what they were promised, and where a promise was broken in the telling. */
export class Promises {
  /** By appointment: what was ever asked of it, answered or not. */
  readonly #asked = new Map<string, Set<string>>();
  readonly #patients = new Map<string, string>();
  readonly #answers = new Map<string, Answer>();
  readonly #times = new Map<string, Call[]>();
  /** The newest state of each appointment that anybody was told. */
  readonly acknowledged = new Map<string, AppointmentView>();
  /** Promises broken by an answer itself: rule and what. */
  readonly broken: [rule: string, what: string][] = [];

  /** By appointment: the payments that were told of, and what was made of each. */
  readonly payments = new Map<string, Map<string, 'told' | 'taken' | 'refused'>>();

  /** Every appointment id that was ever sent. */
  get ids(): string[] {
    return [...this.#asked.keys()];
  }

  asks(id: string, deed: string, by: Principal): void {
    const asked = this.#asked.get(id) ?? new Set();
    this.#asked.set(id, asked.add(deed));
    if (deed === 'hold') this.#patients.set(id, by.id);
  }

  wasAsked(id: string, deed: string): boolean {
    return this.#asked.get(id)?.has(deed) ?? false;
  }

  /** With whom and when an appointment was ever said to be. */
  timesOf(id: string): readonly Call[] {
    return this.#times.get(id) ?? [];
  }

  /** Somebody was called in. */
  calls(id: string, { doctorId, startsAtMs }: Call): void {
    this.#asked.set(id, (this.#asked.get(id) ?? new Set()).add(`call in to ${doctorId} for ${startsAtMs}`));
  }

  wasCalled(id: string, { doctorId, startsAtMs }: Call): boolean {
    return this.wasAsked(id, `call in to ${doctorId} for ${startsAtMs}`);
  }

  /** Somebody says that an appointment was paid. */
  pays(id: string, payment: string): void {
    const known = this.payments.get(id) ?? new Map<string, 'told' | 'taken' | 'refused'>();
    this.payments.set(id, known);
    if (!known.has(payment)) known.set(payment, 'told');
    this.#asked.set(id, (this.#asked.get(id) ?? new Set()).add('pay'));
  }

  wasPaid(id: string, payment: string | undefined): boolean {
    return payment !== undefined && this.payments.get(id)?.has(payment) === true;
  }

  /** Takes down what was made of a payment: what was taken stays taken, and what was refused is given back. */
  hearsOf(id: string, payment: string, answer: Result<AppointmentView, Refusal>): void {
    const known = this.payments.get(id);
    const before = known?.get(payment);
    // The fee may be another after a move.
    if (!answer.ok && answer.refusal.code === 'wrong_amount' && before !== 'taken') return;
    const now = answer.ok ? 'taken' : 'refused';
    if (before !== 'told' && before !== now)
      this.broken.push(['DD42', `${payment} of ${id} was ${before}, then ${now}`]);
    known?.set(payment, now);
  }

  patientOf(id: string): string | undefined {
    return this.#patients.get(id);
  }

  isFinal(answer: Answer): boolean {
    return answer !== null && (answer.ok || !passing.has(answer.refusal.code));
  }

  /** Takes an answer down. */
  hears(answer: Answer, by: Principal, key: RequestKey | null): void {
    if (!this.isFinal(answer) || answer === null) return;
    if (key !== null) this.#compare(answer, by, key);
    if (!answer.ok) return;
    const { id, patientId, version, doctorId, startsAtMs } = answer.value;
    this.#times.set(id, [...(this.#times.get(id) ?? []), { doctorId, startsAtMs }]);
    if (by.role === 'patient' && patientId !== by.id) this.broken.push(['DD13', `${by.id} was told of ${id}`]);
    if ((this.acknowledged.get(id)?.version ?? 0) < version) this.acknowledged.set(id, answer.value);
  }

  #compare(answer: Answer, by: Principal, { key }: RequestKey): void {
    const name = `${by.id} ${key}`;
    const first = this.#answers.get(name);
    if (first === undefined) {
      this.#answers.set(name, answer);
      return;
    }
    if (isDeepStrictEqual(first, answer)) return;
    // An appointment that moves to a doctor becomes visible to them; that it was not travels nowhere.
    const hidden = first !== null && !first.ok && first.refusal.code === 'not_found' && by.role === 'doctor';
    if (hidden || (first !== null && !first.ok && unstored.has(first.refusal.code))) {
      this.#answers.set(name, answer);
      return;
    }
    this.broken.push(['DD26', `${key} was answered ${JSON.stringify(first)}, then ${JSON.stringify(answer)}`]);
  }
}
