import { enter } from '../notifications/ledger.ts';
import { newsRows } from '../notifications/tell.ts';
import type { PaymentRow, Till } from './till.ts';

/** Statements that tell a patient's side that money is given back, once for each refund. */
export const tellRefund = async (
  env: Env,
  { appointmentId }: PaymentRow,
  { refundId }: Parameters<Till['tell']>[1],
  nowMs: number,
): Promise<readonly D1PreparedStatement[]> => {
  const news = {
    kind: 'refunded',
    appointmentIds: [appointmentId],
    serial: serialOf(refundId),
    causedBy: null,
  } as const;
  const rows = await newsRows(env, news, nowMs);
  return rows.length === 0 ? [] : [enter(env.DB, rows, nowMs)];
};

/** A number that stands for a text: FNV-1a, 31 bits of it. */
const serialOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 1;
};
