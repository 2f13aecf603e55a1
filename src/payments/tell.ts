import type { RefundReason } from '../domain/payments/facts.ts';
import { refundSerial } from '../domain/payments/refund-serial.ts';
import { describeError, report } from '../http/log.ts';
import { enter } from '../notifications/ledger.ts';
import { newsRows, sendEntered } from '../notifications/tell.ts';
import type { PaymentRow, Told } from './till.ts';

/** Tells a patient's side that money is given back, once for each refund. */
export const tellRefund = async (
  env: Env,
  { appointmentId }: PaymentRow,
  { refundId, reason }: { readonly refundId: string; readonly reason: RefundReason },
  nowMs: number,
): Promise<Told> => {
  const news = {
    kind: 'refunded',
    appointmentIds: [appointmentId],
    serial: refundSerial(refundId, reason),
    causedBy: null,
  } as const;
  const rows = await newsRows(env, news, nowMs);
  return {
    statements: rows.length === 0 ? [] : [enter(env.DB, rows, nowMs)],
    send: async () => {
      try {
        await sendEntered(env, rows, nowMs);
      } catch (error) {
        // What it tells of is done, and the rows stand: a sweep finds them.
        report('refund_news_waits', describeError(error));
      }
    },
  };
};
