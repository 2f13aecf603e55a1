import type { paymentDocumentKinds } from '../db/schema.ts';
import type { PostingLine, RefundReason, RefundState } from '../domain/payments/facts.ts';
import { isBalanced } from '../domain/payments/ledger.ts';
import { invariant } from '../domain/result.ts';
import type { PaymentRow } from './till.ts';

/** A statement that makes its batch fail unless a condition holds when it runs: see `db/guard.ts`. */
export const guarded = (d1: D1Database, condition: string, ...values: unknown[]): D1PreparedStatement =>
  d1.prepare(`SELECT json(CASE WHEN ${condition} THEN '1' ELSE 'guard' END) AS held`).bind(...values);

/** Whose income an entry is about. */
interface Earner {
  readonly doctorId: string;
  readonly clinicId: string | null;
}

/** Enters postings into the ledger, once for a cause. */
export const ledgerEntry = (
  d1: D1Database,
  cause: string,
  paymentId: string,
  { doctorId, clinicId }: Earner,
  postings: readonly PostingLine[],
  nowMs: number,
): D1PreparedStatement => {
  invariant(isBalanced(postings), 'the postings of an entry come to zero');
  return d1
    .prepare(
      `INSERT INTO ledger_entries (cause, payment_id, at_ms, doctor_id, clinic_id, postings)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (cause) DO NOTHING`,
    )
    .bind(cause, paymentId, nowMs, doctorId, clinicId, JSON.stringify(postings));
};

/** Who issues the documents of a payment. */
const issuerOf = ({ clinicId, doctorId }: Earner): string => clinicId ?? doctorId;

/** Issues a numbered document, once: its number is the next of its issuer when the statement runs. */
export const documentStatement = (
  d1: D1Database,
  id: string,
  kind: (typeof paymentDocumentKinds)[number],
  payment: Pick<PaymentRow, 'id' | 'doctorId' | 'clinicId'>,
  of: { readonly refundId: string; readonly amountMinor: number },
  nowMs: number,
): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT INTO payment_documents (id, issuer_id, kind, number, payment_id, refund_id, issued_at_ms, amount_minor)
       SELECT ?1, ?2, ?3,
         coalesce((SELECT max(number) FROM payment_documents WHERE issuer_id = ?2 AND kind = ?3), 0) + 1, ?4, ?5, ?6, ?7
       WHERE true
       ON CONFLICT (payment_id, kind, refund_id) DO NOTHING`,
    )
    .bind(id, issuerOf(payment), kind, payment.id, of.refundId, nowMs, of.amountMinor);

/** A refund on its way in. */
export interface NewRefund {
  readonly id: string;
  readonly cause: string;
  readonly reason: RefundReason;
  readonly amountMinor: number;
  readonly state: RefundState;
  readonly gatewayRefundId: string | null;
}

/** Notes that money is to be given back. It fails its batch when that would be more than was paid. */
export const refundStatement = (
  d1: D1Database,
  payment: PaymentRow,
  refund: NewRefund,
  nowMs: number,
): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT INTO payment_refunds (id, payment_id, cause, reason, amount_minor, currency, state, gateway_refund_id,
         due_at_ms, created_at_ms, processed_at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, CASE WHEN ?7 = 'processed' THEN NULL ELSE ?9 END, ?9,
         CASE WHEN ?7 = 'processed' THEN ?9 END)`,
    )
    .bind(
      ...[refund.id, payment.id, refund.cause, refund.reason, refund.amountMinor, payment.currency, refund.state],
      ...[refund.gatewayRefundId, nowMs],
    );
