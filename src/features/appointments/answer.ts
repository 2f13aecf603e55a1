import type { z } from '@hono/zod-openapi';
import { may, type Principal } from '../../domain/access.ts';
import type { AppointmentView, SlotsView } from '../../domain/doctor-day/view.ts';
import { calendarUid, slotId } from '../../domain/ids.ts';
import type { Money } from '../../domain/schedule.ts';
import { localDateTimeOf } from '../../domain/zoned-time.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import type { Conflict } from './queries.ts';
import type { appointmentSchema, slotsSchema } from './schema.ts';
import { wordPlace } from './words.ts';

/** An appointment as the API shows it. */
export type AppointmentAnswer = z.input<typeof appointmentSchema>;

const iso = (ms: number): string => new Date(ms).toISOString();

/** What an answer knows beyond the appointment itself. */
interface Known {
  /** Names of people and clinics by id. Absent where an answer shall not wait for D1. */
  readonly names?: ReadonlyMap<string, string>;
  /** The doctors to whom the patient's record is open. */
  readonly openedTo?: readonly string[];
}

/** Shows an appointment to a principal: the patient's words only to whom the policy gives them. */
export const appointmentAnswer = async (
  view: AppointmentView,
  principal: Principal,
  { openFor }: Sealing,
  { names, openedTo = [] }: Known = {},
): Promise<AppointmentAnswer> => {
  const open = (column: 'reason' | 'symptoms' | 'statusReason') =>
    openFor(view.patientId, wordPlace(view.id, column), view[column]);
  const shownWords = may(principal, 'appointment.read_words', { ...view, openedTo })
    ? {
        reason: await open('reason'),
        symptoms: await open('symptoms'),
        statusReason: await open('statusReason'),
      }
    : {};
  const shownNames =
    names === undefined
      ? {}
      : {
          patientName: names.get(view.patientId) ?? null,
          doctorName: names.get(view.doctorId) ?? null,
          clinicName: view.clinicId === null ? null : (names.get(view.clinicId) ?? null),
        };
  return {
    id: view.id,
    status: view.status,
    slotId: slotId(view, view.startsAtMs),
    doctorId: view.doctorId,
    patientId: view.patientId,
    startsAt: iso(view.startsAtMs),
    endsAt: iso(view.endsAtMs),
    timeZone: view.timeZone,
    mode: view.mode,
    priority: view.priority ?? 'routine',
    clinicId: view.clinicId,
    expiresAt: view.expiresAtMs === null ? null : iso(view.expiresAtMs),
    consultationFee: view.fee,
    payment: { required: view.paymentRequired ?? false, paid: paidOf(view) },
    offer: view.waitlistEntryId === null ? null : { waitlistEntryId: view.waitlistEntryId },
    resources: (view.reservation?.resources ?? []).map(({ id, kind, name }) => ({ id, kind, name })),
    outsideSchedule: view.outsideSchedule,
    calendarUid: calendarUid(view.id),
    createdAt: iso(view.createdAtMs),
    updatedAt: iso(view.updatedAtMs),
    version: view.version,
    ...shownNames,
    ...shownWords,
  };
};

const paidOf = ({ payment }: AppointmentView): Money | null =>
  payment ? { amount: payment.amountMinor, currency: payment.currency } : null;

/** A day's slots as the API shows them; the seats kept for emergencies to whoever could take one. */
export const slotsAnswer = (view: SlotsView, isSignedIn: boolean): z.input<typeof slotsSchema> => ({
  doctorId: view.doctorId,
  date: view.date,
  timeZone: view.timeZone,
  slots: view.slots.map((slot) => ({
    id: slotId(view, slot.startsAtMs),
    startsAt: iso(slot.startsAtMs),
    endsAt: iso(slot.endsAtMs),
    localStart: localDateTimeOf(slot.startsAtMs, view.timeZone),
    capacity: slot.capacity,
    remaining: slot.remaining,
    ...(isSignedIn ? { emergencyRemaining: slot.emergencyRemaining ?? 0 } : {}),
    mode: slot.mode,
    clinicId: slot.clinicId,
    requires: [...(slot.requires ?? [])],
  })),
});

/** The overlaps of one appointment as the API shows them. */
export const conflictsAnswer = (
  conflicts: readonly Conflict[],
  id: string,
): NonNullable<AppointmentAnswer['conflictsWith']> =>
  conflicts
    .filter((conflict) => conflict.of === id)
    .map((conflict) => ({
      appointmentId: conflict.id,
      doctorId: conflict.doctorId,
      startsAt: iso(conflict.startsAtMs),
      endsAt: iso(conflict.endsAtMs),
    }));
