import type { PaymentRow, Till } from './till.ts';

/** Statements that tell a patient's side that money is given back. */
export const tellRefund = async (
  _env: Env,
  _payment: PaymentRow,
  _told: Parameters<Till['tell']>[1],
  _nowMs: number,
): Promise<readonly D1PreparedStatement[]> => [];
