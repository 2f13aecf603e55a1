import type { z } from '@hono/zod-openapi';
import { type RefundReason, shownState } from '../../domain/payments/facts.ts';
import type { Settings } from '../../env.ts';
import { gatewayOf } from '../../payments/env-till.ts';
import type { RefundRow } from '../../payments/refunds.ts';
import { refundColumns } from '../../payments/refunds.ts';
import { type OrderRow, orderColumns, type PaymentRow, paymentColumns } from '../../payments/till.ts';
import type { Billed } from './appointment.ts';
import type { moneyStateSchema, paidSchema } from './schema.ts';

export type ShownRefund = RefundRow & {
  readonly reason: RefundReason;
  readonly createdAtMs: number;
  readonly currency: string;
};

const iso = (ms: number): string => new Date(ms).toISOString();

/** Payments with their refunds, as the API shows them. */
export const paidView = (payment: PaymentRow, refunds: readonly ShownRefund[]): z.input<typeof paidSchema> => {
  const { amountMinor, currency, refundedMinor } = payment;
  return {
    id: payment.id,
    state: shownState(payment),
    amount: { amount: amountMinor, currency },
    refunded: { amount: refundedMinor, currency },
    paidAt: iso(payment.capturedAtMs),
    kept: payment.state === 'captured' ? null : payment.state !== 'returned',
    notKeptBecause: payment.refusal,
    refunds: refunds
      .filter(({ paymentId }) => paymentId === payment.id)
      .map(({ id, amountMinor: amount, reason, state, createdAtMs }) => ({
        ...{ id, reason, state, amount: { amount, currency } },
        createdAt: iso(createdAtMs),
      })),
  };
};

const refundsSql = (payments: string): string =>
  `SELECT ${refundColumns}, reason, created_at_ms AS createdAtMs, currency FROM payment_refunds
   WHERE payment_id IN (${payments}) ORDER BY created_at_ms, id`;

/** Refunds of payments, oldest first. */
export const refundsOf = async (d1: D1Database, paymentIds: readonly string[]): Promise<ShownRefund[]> =>
  (await d1.prepare(refundsSql('SELECT value FROM json_each(?)')).bind(JSON.stringify(paymentIds)).all<ShownRefund>())
    .results;

/** How the money of an appointment stands. */
export const moneyState = async (
  d1: D1Database,
  settings: Settings,
  appointment: Billed,
): Promise<z.input<typeof moneyStateSchema>> => {
  const [orders, paid, refunded] = (await d1.batch([
    d1
      .prepare(`SELECT ${orderColumns} FROM payment_orders WHERE appointment_id = ? AND closed_at_ms IS NULL`)
      .bind(appointment.id),
    d1
      .prepare(`SELECT ${paymentColumns} FROM payments WHERE appointment_id = ? ORDER BY captured_at_ms, id`)
      .bind(appointment.id),
    d1.prepare(refundsSql('SELECT id FROM payments WHERE appointment_id = ?')).bind(appointment.id),
  ])) as [D1Result<OrderRow>, D1Result<PaymentRow>, D1Result<ShownRefund>];
  const payments = paid.results;
  // An order of what it cost before it was moved is not in force: whoever begins to pay now gets another.
  const { amount, currency } = appointment.fee;
  const order = orders.results.find(
    (one) => one.gatewayOrderId !== null && one.amountMinor === amount && one.currency === currency,
  );
  const isPayable = appointment.status === 'pending' && !appointment.isPaid;
  const kept = payments.find(({ state }) => state === 'kept' || state === 'concluded');
  return {
    appointmentId: appointment.id,
    fee: appointment.fee,
    state: kept === undefined ? (order !== undefined && isPayable ? 'created' : 'unpaid') : shownState(kept),
    order: order === undefined || !isPayable ? null : orderView(settings, order, appointment.expiresAtMs),
    payments: payments.map((payment) => paidView(payment, refunded.results)),
  };
};

const orderView = (settings: Settings, order: OrderRow, expiresAtMs: number | null) => {
  const gatewayOrderId = order.gatewayOrderId ?? '';
  const gateway = gatewayOf(settings);
  const checkout = gateway?.name === order.gateway ? gateway.checkout(gatewayOrderId) : { keyId: null, payUrl: null };
  return {
    gateway: order.gateway,
    orderId: gatewayOrderId,
    amount: { amount: order.amountMinor, currency: order.currency },
    ...checkout,
    expiresAt: iso(expiresAtMs ?? order.expiresAtMs),
    failedAttempts: order.failedAttempts,
  };
};
