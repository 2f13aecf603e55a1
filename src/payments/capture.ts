import type { GatewayFact, GatewayName } from '../domain/payments/facts.ts';
import { capturedPostings } from '../domain/payments/ledger.ts';
import { type OrderRow, orderColumns, type PaymentRow, paymentColumns, type Till } from './till.ts';

/** An order by the gateway's id of it. */
export const orderAtGateway = (d1: D1Database, gateway: GatewayName, id: string): Promise<OrderRow | null> =>
  d1
    .prepare(`SELECT ${orderColumns} FROM payment_orders WHERE gateway_order_id = ? AND gateway = ?`)
    .bind(id, gateway)
    .first<OrderRow>();

/** A payment by the gateway's id of it. */
export const paymentAtGateway = (d1: D1Database, gateway: GatewayName, id: string): Promise<PaymentRow | null> =>
  d1
    .prepare(`SELECT ${paymentColumns} FROM payments WHERE gateway_payment_id = ? AND gateway = ?`)
    .bind(id, gateway)
    .first<PaymentRow>();

/**
 * Writes down that money came, with its ledger entry, once however often it is said. Gives the payment; `null` when its
 * order is none of ours.
 */
export const noteCapture = async (
  { d1, newId }: Till,
  gateway: GatewayName,
  fact: GatewayFact & { readonly kind: 'captured' },
  nowMs: number,
): Promise<PaymentRow | null> => {
  const order = await orderAtGateway(d1, gateway, fact.gatewayOrderId);
  if (order === null) return null;
  const { gatewayPaymentId, amountMinor, currency } = fact;
  await d1.batch([
    d1
      .prepare(
        `INSERT INTO payments (id, order_id, gateway, gateway_payment_id, appointment_id, patient_id, doctor_id,
           clinic_id, amount_minor, currency, state, captured_at_ms, due_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'captured', ?11, ?11)
         ON CONFLICT (gateway_payment_id, gateway) DO NOTHING`,
      )
      .bind(
        ...[newId('pm'), order.id, gateway, gatewayPaymentId, order.appointmentId, order.patientId, order.doctorId],
        ...[order.clinicId, amountMinor, currency, nowMs],
      ),
    d1
      .prepare(
        `INSERT INTO ledger_entries (cause, payment_id, at_ms, doctor_id, clinic_id, postings)
         SELECT 'captured:' || id, id, captured_at_ms, doctor_id, clinic_id, ?3 FROM payments
         WHERE gateway_payment_id = ?1 AND gateway = ?2 AND amount_minor = ?4 AND currency = ?5
         ON CONFLICT (cause) DO NOTHING`,
      )
      .bind(
        ...[gatewayPaymentId, gateway, JSON.stringify(capturedPostings(amountMinor, currency)), amountMinor, currency],
      ),
    d1
      .prepare('UPDATE payment_orders SET closed_at_ms = coalesce(closed_at_ms, ?2) WHERE id = ?1')
      .bind(order.id, nowMs),
  ]);
  return paymentAtGateway(d1, gateway, gatewayPaymentId);
};

/** Notes that an attempt to pay failed: the patient may try again. Each event is applied once, or counted once more. */
export const noteFailure = async (d1: D1Database, gateway: GatewayName, gatewayOrderId: string): Promise<void> => {
  await d1
    .prepare(
      'UPDATE payment_orders SET failed_attempts = failed_attempts + 1 WHERE gateway_order_id = ? AND gateway = ?',
    )
    .bind(gatewayOrderId, gateway)
    .run();
};
