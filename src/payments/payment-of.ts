import { type PaymentRow, paymentColumns } from './till.ts';

/** The payment of a refund. */
export const paymentOf = async (d1: D1Database, id: string): Promise<PaymentRow> => {
  const payment = await d1.prepare(`SELECT ${paymentColumns} FROM payments WHERE id = ?`).bind(id).first<PaymentRow>();
  if (payment === null) throw new Error('a refund is of a payment');
  return payment;
};
