import { parseSlotId } from '../../domain/ids.ts';
import type { Money } from '../../domain/schedule.ts';
import type { Appointment } from '../book/appointment.ts';
import { type ChosenSlot, priceOf } from '../book/slot.tsx';

/**
 * What an appointment will cost in another slot of its doctor: what the doctor asks for now, unless it was paid, or it
 * stays on its day at a price that is the same for both.
 */
export const feeThere = (
  { consultationFee, payment, slotId, mode }: Appointment,
  { slot, doctor, asked }: ChosenSlot,
): Money => {
  if (payment.paid !== null || slot === null) return consultationFee;
  const price = priceOf(doctor, slot.mode);
  const staysOnDay = parseSlotId(slotId)?.day.date === asked.date;
  return staysOnDay && price.amount === priceOf(doctor, mode).amount ? consultationFee : price;
};

/** Whether two fees are the same. */
export const isSameFee = (one: Money, other: Money): boolean =>
  one.amount === other.amount && one.currency === other.currency;
