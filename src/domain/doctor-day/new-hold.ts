import type { PlannedSlot, Priority } from '../schedule.ts';
import type { Appointment } from './appointment.ts';
import type { SealedWords } from './command.ts';
import { asksToBePaid } from './payment.ts';
import { type DayPlan, feeOf } from './plan.ts';

/** A new appointment in a seat that was found free: a hold, on the day's terms of now. When it runs out, the caller says. */
export const newHold = (
  plan: DayPlan,
  { slot, seat }: { readonly slot: PlannedSlot; readonly seat: number },
  {
    id,
    patientId,
    words,
    priority = 'routine',
  }: {
    readonly id: string;
    readonly patientId: string;
    readonly words: SealedWords;
    readonly priority?: Priority | undefined;
  },
  nowMs: number,
): Omit<Appointment, 'expiresAtMs'> => ({
  id,
  patientId,
  startsAtMs: slot.startsAtMs,
  endsAtMs: slot.endsAtMs,
  seat,
  mode: slot.mode,
  priority,
  clinicId: slot.clinicId,
  status: 'pending',
  outsideSchedule: false,
  reason: words.reason ?? null,
  symptoms: words.symptoms ?? null,
  statusReason: null,
  fee: feeOf(plan, slot.mode),
  paymentRequired: asksToBePaid(plan, slot.mode),
  payment: null,
  extendedAtMs: null,
  createdAtMs: nowMs,
  updatedAtMs: nowMs,
  version: 1,
  moving: null,
});
