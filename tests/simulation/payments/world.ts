import { database } from '../../../src/db/client.ts';
import { type Identity, permissions, principalOf } from '../../../src/domain/access.ts';
import { defaultRefundSteps, type RefundStep } from '../../../src/domain/payments/refund-policy.ts';
import type { Refusal } from '../../../src/domain/refusal.ts';
import { refusal } from '../../../src/domain/refusal.ts';
import { ok, type Result, refused } from '../../../src/domain/result.ts';
import { setPolicy } from '../../../src/features/payments/refund-policy.ts';
import { checkPayments } from '../../../src/payments/check.ts';
import { oweRefund } from '../../../src/payments/manual-refund.ts';
import { orderFor } from '../../../src/payments/orders.ts';
import { reconcilePayments, sweepPayments } from '../../../src/payments/sweep.ts';
import { takeWebhook } from '../../../src/payments/take-webhook.ts';
import type { Till } from '../../../src/payments/till.ts';
import { at, DayStory, today } from '../../support/day-story.ts';
import type { SqliteD1 } from '../../support/sim/sqlite-d1.ts';
import type { Random } from '../random.ts';
import { SimGateway } from './gateway.ts';

const fee = { amount: 150_001, currency: 'BDT' };
const times = ['09:00', '09:30', '10:00', '10:30'];
const policies: readonly (readonly RefundStep[])[] = [
  [],
  [
    { hoursBefore: 12, percent: 80 },
    { hoursBefore: 2, percent: 37 },
  ],
  [{ hoursBefore: 0, percent: 100 }],
];

class Crash extends Error {
  override name = 'Crash';
}

/** One doctor-day, its patients, the gateway, and the till that stands between; D1 is shared with other worlds. */
export class PaymentWorld {
  readonly random: Random;
  readonly gateway: SimGateway;
  readonly day: DayStory;
  readonly d1: SqliteD1;
  readonly name: string;
  /** What the clinic gives back, and from when, in the order in which it was set. */
  readonly #policies: { readonly fromMs: number; readonly steps: readonly RefundStep[] }[] = [];
  readonly appointmentIds: string[] = [];
  /** How likely a call to D1, or to the doctor-day, is to break, before or after it took effect. */
  crashes = 0;
  /** What went wrong, by name: faults that did happen. */
  readonly faults = new Map<string, number>();
  readonly reports: string[] = [];
  #projected = 0;
  #ids = 0;

  constructor(d1: SqliteD1, random: Random, name: string, approvalRequired: boolean) {
    this.d1 = d1;
    this.random = random;
    this.name = name;
    this.gateway = new SimGateway(random.fork('gateway'), name);
    this.day = new DayStory({ fee, approvalRequired, paymentRequired: true } as never, {
      doctorId: `u_${name}`,
      date: today.date,
    });
    d1.intercept = null;
    const steps = random.pick([null, ...policies]);
    this.#policies.push({ fromMs: 0, steps: steps ?? defaultRefundSteps });
    if (steps !== null) {
      const columns = 'clinic_id, holds_from_ms, steps, updated_at_ms';
      d1.run(`INSERT INTO refund_policies (${columns}) VALUES (?, 0, ?, 0)`, [`c_${name}`, JSON.stringify(steps)]);
    }
    d1.intercept = () => {
      if (!this.random.chance(this.crashes)) return;
      this.#fault('d1');
      throw new Crash('D1_ERROR: simulated');
    };
  }

  get nowMs(): number {
    return this.day.nowMs;
  }

  #fault(what: string): void {
    this.faults.set(what, (this.faults.get(what) ?? 0) + 1);
  }

  get till(): Till {
    return {
      d1: this.d1.binding,
      gateway: this.gateway.door,
      days: {
        recordPayment: async (appointmentId, payment): Promise<Result<unknown, Refusal>> => {
          if (this.random.chance(this.crashes)) {
            this.#fault('day');
            return refused(refusal('temporarily_unavailable'));
          }
          const decided = this.day.decide({ type: 'record_payment', appointmentId, payment });
          if (this.random.chance(this.crashes)) {
            this.#fault('day');
            throw new Crash('the answer is lost');
          }
          return decided.ok ? ok(null) : decided;
        },
      },
      tell: async () => ({ statements: [], send: async () => {} }),
      report: (what) => void this.reports.push(what),
      newId: (prefix) => {
        this.#ids += 1;
        return `${prefix}_${this.name}-${this.#ids}`;
      },
      random: () => this.random.next(),
    };
  }

  /** Does something that a crash may cut short: who asked sees an error, and what was done stays. */
  async #tried<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Crash || (error instanceof Error && /simulated|guard/.test(error.message))) return null;
      throw error;
    }
  }

  holds(): void {
    const id = `a_${this.name}-${this.appointmentIds.length}`;
    const startsAtMs = at(times[this.appointmentIds.length % times.length] ?? '09:00');
    const principal = principalOf({ id: `u_p${this.appointmentIds.length}`, role: 'patient' });
    const held = this.day.decide({
      ...{ type: 'hold', principal, patientId: principal.id, appointmentId: id, startsAtMs, mode: null, words: {} },
    });
    if (held.ok) this.appointmentIds.push(id);
  }

  /** What somebody does to an appointment, as far as they may. */
  asks(type: 'confirm' | 'extend' | 'accept' | 'complete' | 'mark_no_show', id: string, by: Identity['role']): void {
    this.day.decide({ type, principal: this.#somebody(by, id), appointmentId: id });
  }

  ends(type: 'cancel' | 'reject', id: string, by: Identity['role']): void {
    this.day.decide({ type, principal: this.#somebody(by, id), appointmentId: id, statusReason: null });
  }

  #somebody(role: Identity['role'], id: string) {
    if (role === 'doctor') return principalOf({ id: this.day.state.day.doctorId, role });
    if (role === 'admin') return principalOf({ id: 'u_admin', role, permissions });
    return principalOf({ id: this.day.state.appointments.get(id)?.patientId ?? 'u_p', role: 'patient' });
  }

  /** Makes or gives the order of a hold, as the route does. */
  async orders(id: string): Promise<string | null> {
    const appointment = this.day.state.appointments.get(id);
    if (appointment?.status !== 'pending' || appointment.payment) return null;
    const { patientId, expiresAtMs } = appointment;
    const toPay = { appointmentId: id, patientId, doctorId: `u_${this.name}`, clinicId: `c_${this.name}` };
    const money = { amountMinor: fee.amount, currency: fee.currency, expiresAtMs: expiresAtMs ?? this.nowMs };
    const order = await this.#tried(() => orderFor(this.till, { ...toPay, ...money }, this.nowMs));
    this.asks('extend', id, 'patient');
    return order?.ok ? order.value.gatewayOrderId : null;
  }

  /** A letter of the gateway's arrives. Gives whether it was let in. */
  async receives(index: number): Promise<boolean> {
    const letter = this.gateway.post[index];
    if (letter === undefined) return false;
    const till = this.till;
    const left = await this.#tried(() => takeWebhook(till, this.gateway.door, letter.headers, letter.body, this.nowMs));
    if (left !== null) await this.#tried(left);
    return left !== null;
  }

  async runs(job: 'sweep' | 'reconcile' | 'check'): Promise<void> {
    const work = { sweep: sweepPayments, reconcile: reconcilePayments, check: checkPayments }[job];
    await this.#tried<unknown>(() => work(this.till, this.nowMs));
  }

  /** The clinic gives back something else, by a clock that may be fast: what is set next is by one that is slow. */
  async setsPolicy(): Promise<void> {
    const { d1 } = this;
    const { intercept } = d1;
    const steps = this.random.pick(policies);
    // Whoever has cancelled did so before.
    this.waits(1);
    const saidMs = this.nowMs + this.random.pick([0, 0, 0, 90_000]);
    d1.intercept = null;
    await setPolicy(database(d1.binding), `c_${this.name}`, steps, this.#somebody('admin', ''), saidMs);
    d1.intercept = intercept;
    this.#policies.push({ fromMs: Math.max(saidMs, this.#policies.at(-1)?.fromMs ?? 0), steps });
  }

  /** What the clinic promised to whoever cancelled at an instant. */
  stepsAt(ms: number): readonly RefundStep[] {
    return this.#policies.findLast(({ fromMs }) => fromMs <= ms)?.steps ?? [];
  }

  async refundsByHand(amount: number): Promise<void> {
    const [payment] = this.d1.rows<{ id: string }>(
      "SELECT id FROM payments WHERE doctor_id = ? AND state IN ('kept', 'concluded') LIMIT 1",
      `u_${this.name}`,
    );
    if (payment === undefined) return;
    const refundId = this.till.newId('rf');
    await this.#tried(() => oweRefund(this.till, payment.id, { refundId, amount, reason: 'goodwill' }, this.nowMs));
  }

  /** D1 learns of what the day has decided so far. */
  projects(): void {
    const { d1 } = this;
    for (const event of this.day.events.slice(this.#projected)) {
      this.#projected += 1;
      if (!('appointment' in event)) continue;
      const { actor, type, appointment: a } = event;
      d1.run(
        `INSERT INTO appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode,
           clinic_id, status, expires_at_ms, outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, 'Asia/Dhaka', NULL, 'in_person', ?6, ?7, ?8, 0, ?9, 'BDT', ?10, ?10, ?11)
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, expires_at_ms = excluded.expires_at_ms,
           updated_at_ms = excluded.updated_at_ms, version = excluded.version WHERE excluded.version > version`,
        [
          ...[a.id, this.day.state.day.doctorId, a.patientId, this.day.state.day.date, a.startsAtMs, `c_${this.name}`],
          ...[a.status, a.expiresAtMs, a.fee.amount, a.updatedAtMs, a.version],
        ],
      );
      d1.run(
        `INSERT INTO audit_events (stream, seq, at_ms, actor_id, actor_role, action, subject_id, data)
         VALUES (?, ?, ?, ?, ?, ?, ?, '{}')`,
        [
          ...[
            `day:${this.name}`,
            this.#projected,
            a.updatedAtMs,
            actor?.id ?? null,
            actor?.role ?? 'system',
            type,
            a.id,
          ],
        ],
      );
    }
  }

  /** Time goes by, and the day sees what it brings. */
  waits(ms: number): void {
    this.day.nowMs += ms;
    this.day.decide({ type: 'sweep' });
  }

  /** The day comes, and who is expected comes or does not. */
  visits(): void {
    this.waits(2 * 86_400_000);
    for (const id of this.appointmentIds) this.asks(this.random.pick(['complete', 'mark_no_show']), id, 'doctor');
  }

  /** Nothing is in the way any more: what is left to do is done, as often as the clock rings. */
  async heals(): Promise<void> {
    this.crashes = 0;
    this.gateway.trouble = 0;
    const step = 26 * 3_600_000;
    for (let round = 0; round < 10; round += 1) {
      this.projects();
      // Even the slowest refund is made within a week.
      this.gateway.works(false, round < 7 ? 0.7 : 1);
      await this.runs('reconcile');
      await this.runs('sweep');
      if (round % 4 === 3) await this.runs('check');
      this.waits(step);
    }
  }
}
