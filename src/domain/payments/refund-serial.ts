import type { RefundReason } from './facts.ts';

/** Numbers from here on are of refunds of a payment that came when the appointment was paid already. */
const secondFrom = 2 ** 31;

/** The number by which news of a refund is told once: FNV-1a of its id, 31 bits of it, and one that says what it is of. */
export const refundSerial = (refundId: string, reason: RefundReason): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < refundId.length; i += 1) hash = Math.imul(hash ^ refundId.charCodeAt(i), 0x01000193);
  return (hash >>> 1) + (reason === 'paid_already' ? secondFrom : 0);
};

/** Whether a number of {@link refundSerial} is of a second payment. */
export const isOfSecondPayment = (serial: number): boolean => serial >= secondFrom;
