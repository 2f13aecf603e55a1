import { nextAskMs } from '../domain/payments/asking.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { ok, type Result, refused } from '../domain/result.ts';
import { type OrderRow, orderColumns, type Till } from './till.ts';

/** Notes until when an order can be paid in time. */
export const orderWaits = async (d1: D1Database, id: string, expiresAtMs: number): Promise<void> => {
  await d1.prepare('UPDATE payment_orders SET expires_at_ms = ?2 WHERE id = ?1').bind(id, expiresAtMs).run();
};

/** What is to be paid. */
export interface ToPay {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly doctorId: string;
  readonly clinicId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly expiresAtMs: number;
}

/** The order of an appointment that can be paid; `null` when there is none. */
const openOrderOf = (d1: D1Database, appointmentId: string): Promise<OrderRow | null> =>
  d1
    .prepare(`SELECT ${orderColumns} FROM payment_orders WHERE appointment_id = ? AND closed_at_ms IS NULL`)
    .bind(appointmentId)
    .first<OrderRow>();

/**
 * Makes the order of an appointment, or gives the one there is. Of many who ask at once all get the same; another fee, or
 * another gateway, makes another order. Refuses with `payments_off` and `gateway_unavailable`.
 */
export const orderFor = async (till: Till, toPay: ToPay, nowMs: number): Promise<Result<OrderRow, Refusal>> => {
  const { d1, gateway, newId } = till;
  if (gateway === null) return refused(refusal('payments_off'));
  const { appointmentId, patientId, doctorId, clinicId, amountMinor, currency, expiresAtMs } = toPay;
  const same = 'gateway = ?2 AND amount_minor = ?3 AND currency = ?4';
  await d1.batch([
    d1
      .prepare(
        `UPDATE payment_orders SET closed_at_ms = ?5 WHERE appointment_id = ?1 AND closed_at_ms IS NULL AND NOT (${same})`,
      )
      .bind(appointmentId, gateway.name, amountMinor, currency, nowMs),
    d1
      .prepare(
        `INSERT INTO payment_orders (id, appointment_id, patient_id, doctor_id, clinic_id, gateway, amount_minor,
           currency, created_at_ms, expires_at_ms, ask_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[newId('po'), appointmentId, patientId, doctorId, clinicId, gateway.name, amountMinor, currency, nowMs],
        ...[expiresAtMs, nextAskMs(nowMs, nowMs)],
      ),
  ]);
  const order = await openOrderOf(d1, appointmentId);
  // It was paid in this very moment.
  if (order === null) return refused(refusal('already_paid'));
  if (order.gatewayOrderId !== null) return ok(order);
  const made = await gateway.createOrder(order);
  if (!made.ok) {
    till.report('payment_order_failed', { orderId: order.id, why: made.why, detail: made.detail });
    return refused(refusal('gateway_unavailable'));
  }
  // Whoever is first: the gateway's other order is shown to nobody, and so paid by nobody.
  await d1
    .prepare('UPDATE payment_orders SET gateway_order_id = ?2 WHERE id = ?1 AND gateway_order_id IS NULL')
    .bind(order.id, made.value.gatewayOrderId)
    .run();
  const stored = await d1
    .prepare(`SELECT ${orderColumns} FROM payment_orders WHERE id = ?`)
    .bind(order.id)
    .first<OrderRow>();
  return stored === null ? refused(refusal('gateway_unavailable')) : ok(stored);
};
