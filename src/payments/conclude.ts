import { guardFailed } from '../db/guard.ts';
import type { Status } from '../domain/doctor-day/appointment.ts';
import { hasEnded } from '../domain/doctor-day/status.ts';
import { earnedPostings, refundOwedPostings } from '../domain/payments/ledger.ts';
import { conclude as concluded, defaultRefundSteps, type RefundStep } from '../domain/payments/refund-policy.ts';
import { isDisplacedSql, leastNoticeSql } from './notice.ts';
import { later } from './settle.ts';
import { documentStatement, guarded, ledgerEntry, refundStatement } from './statements.ts';
import type { PaymentRow, Till, Told } from './till.ts';

/** Times that the audit is waited for to say who cancelled; then the patient is given the benefit of the doubt. */
const maxWaits = 10;

interface Ended {
  readonly status: Status;
  readonly startsAtMs: number;
  readonly doctorId: string;
  readonly clinicId: string | null;
  /** Who cancelled, when, and the refund policy that held then: a {@link Cancelled} as JSON. */
  readonly cancelled: string | null;
  readonly leastNoticeMs: number | null;
  readonly isDisplaced: number;
  /** The day that it left has not told D1 yet who moved it. */
  readonly isMoveUnheard: number;
}

type Cancelled = readonly [role: string, atMs: number, steps: readonly RefundStep[] | null];

const endedSql = `
  SELECT a.status, a.starts_at_ms AS startsAtMs, a.doctor_id AS doctorId, a.clinic_id AS clinicId,
    (SELECT json_array(e.actor_role, e.at_ms, json((
       SELECT p.steps FROM refund_policies p
       WHERE p.clinic_id IN (coalesce(a.clinic_id, ''), '') AND p.holds_from_ms <= e.at_ms
       ORDER BY p.clinic_id DESC, p.holds_from_ms DESC LIMIT 1))) FROM audit_events e INDEXED BY audit_events_by_subject
     WHERE e.subject_id = a.id AND e.action = 'cancelled' ORDER BY e.at_ms DESC LIMIT 1) AS cancelled,
    (${leastNoticeSql}) AS leastNoticeMs, (${isDisplacedSql}) AS isDisplaced,
    EXISTS (SELECT 1 FROM audit_events i INDEXED BY audit_events_by_subject
     WHERE i.subject_id = a.id AND i.action = 'moved_in' AND NOT EXISTS (
       SELECT 1 FROM audit_events o INDEXED BY audit_events_by_subject
       WHERE o.subject_id = a.id AND o.action = 'moved_out'
         AND o.data ->> '$.moveId' = i.data ->> '$.moveId')) AS isMoveUnheard
  FROM appointments a WHERE a.id = ?1`;

/**
 * Looks at the appointment that a payment is kept for: once it is over, what the patient gets back is owed and the rest is
 * earned by the doctor and clinic who had it last. It happens once, whoever looks how often.
 */
export const conclude = async (till: Till, payment: PaymentRow, nowMs: number): Promise<void> => {
  if (payment.state !== 'kept') return;
  const { d1 } = till;
  const ended = await d1.prepare(endedSql).bind(payment.appointmentId, payment.capturedAtMs).first<Ended>();
  if (ended === null || !hasEnded(ended.status)) return rest(d1, payment);
  const cancelled = ended.cancelled === null ? null : (JSON.parse(ended.cancelled) as Cancelled);
  const [role, atMs, steps] = cancelled ?? [null, nowMs, null];
  const isUnheard = ended.status === 'cancelled' && (role === null || ended.isMoveUnheard === 1);
  if (isUnheard && payment.attempts < maxWaits) return later(till, payment, nowMs);
  const { status, startsAtMs, leastNoticeMs } = ended;
  const ending = { status, byPatient: role === 'patient' && ended.isDisplaced === 0, atMs, startsAtMs, leastNoticeMs };
  const outcome = concluded(ending, payment, steps ?? defaultRefundSteps);
  const { refundMinor, earnedMinor, reason } = outcome;
  const owed = reason === null ? null : await refundOwed(till, payment, { reason, refundMinor }, nowMs);
  const earned =
    earnedMinor === 0
      ? []
      : [
          ledgerEntry(
            ...([d1, `earned:${payment.id}`, payment.id, ended] as const),
            ...([earnedPostings(earnedMinor, payment.currency), nowMs] as const),
          ),
        ];
  try {
    await d1.batch([
      guarded(
        d1,
        `EXISTS (SELECT 1 FROM payments WHERE id = ? AND state = 'kept' AND refunded_minor = ?)`,
        ...[payment.id, payment.refundedMinor],
      ),
      d1
        .prepare(
          `UPDATE payments SET state = 'concluded', concluded_at_ms = ?2, due_at_ms = NULL,
             refunded_minor = refunded_minor + ?3 WHERE id = ?1`,
        )
        .bind(payment.id, nowMs, refundMinor),
      ...(owed?.statements ?? []),
      ...earned,
    ]);
  } catch (error) {
    if (guardFailed(error)) return;
    throw error;
  }
  await owed?.send();
};

const refundOwed = async (
  till: Till,
  payment: PaymentRow,
  { reason, refundMinor }: { reason: Parameters<Till['tell']>[1]['reason']; refundMinor: number },
  nowMs: number,
): Promise<Told> => {
  const { d1, newId } = till;
  const id = newId('rf');
  const refund = {
    id,
    cause: 'concluded',
    reason,
    amountMinor: refundMinor,
    state: 'owed',
    gatewayRefundId: null,
  } as const;
  const told = await till.tell(payment, { refundId: id, amountMinor: refundMinor, reason }, nowMs);
  const statements = [
    refundStatement(d1, payment, refund, nowMs),
    ledgerEntry(
      ...([d1, `refund:${id}`, payment.id, payment] as const),
      ...([refundOwedPostings(refundMinor, payment.currency, false), nowMs] as const),
    ),
    documentStatement(d1, newId('pd'), 'credit_note', payment, { refundId: id, amountMinor: refundMinor }, nowMs),
    ...told.statements,
  ];
  return { statements, send: told.send };
};

/** There is nothing to do until the appointment ends. In one statement with the look, so that no end is missed. */
const rest = async (d1: D1Database, payment: PaymentRow): Promise<void> => {
  await d1
    .prepare(
      `UPDATE payments SET due_at_ms = NULL, attempts = 0 WHERE id = ?1 AND state = 'kept' AND NOT EXISTS (
         SELECT 1 FROM appointments a WHERE a.id = ?2
         AND a.status IN ('completed', 'no_show', 'cancelled', 'rejected', 'expired'))`,
    )
    .bind(payment.id, payment.appointmentId)
    .run();
};
