import type { notifications } from '../db/schema.ts';
import { keptPlace, type Place, placeOf } from '../domain/notifications/place.ts';
import { isOfSecondPayment } from '../domain/payments/refund-serial.ts';

type LedgerRow = typeof notifications.$inferSelect;

/** An appointment as it is now. */
type Now = Place & { readonly startsAtMs: number };

const minuteMs = 60_000;

/** By how many minutes a row says that its doctor is late. */
export const lateMinutesOf = ({ kind, offsetMinutes }: Pick<LedgerRow, 'kind' | 'offsetMinutes'>): number =>
  kind === 'running_late' ? offsetMinutes : 0;

/** Until when a row says that an offer stands, ms; `null` for what is no offer. */
export const offeredUntilMsOf = ({ kind, offsetMinutes, causedAtMs }: LedgerRow): number | null =>
  kind === 'waitlist_offer' ? causedAtMs + offsetMinutes * minuteMs : null;

/** Whether a row says that a second payment for one appointment is given back. */
export const isSecondPaymentOf = ({ kind, offsetMinutes }: Pick<LedgerRow, 'kind' | 'offsetMinutes'>): boolean =>
  kind === 'refunded' && isOfSecondPayment(offsetMinutes);

/** The appointment as a row of the ledger tells it; of a doctor who is late, when it is expected then. */
export const asTold = (row: LedgerRow, now: Now): Now => {
  const told = asItWas(row, now);
  const lateMs = lateMinutesOf(row) * minuteMs;
  return { ...told, startsAtMs: told.startsAtMs + lateMs, endsAtMs: told.endsAtMs + lateMs };
};

/**
 * The appointment as a row of the ledger tells it: as it was when that happened, wherever it is now. Of rows that are
 * older than what is kept of places, the time is right and the rest is as it is now; of one that told a doctor that it
 * has left them, nothing is taken from where it went.
 */
const asItWas = (row: LedgerRow, now: Now): Now => {
  const { startsAtMs, kind, recipientId } = row;
  const kept = keptPlace(row);
  if (kept !== null) return { ...kept, startsAtMs };
  const endsAtMs = startsAtMs + (now.endsAtMs - now.startsAtMs);
  if (kind !== 'moved_away') return { ...placeOf(now), startsAtMs, endsAtMs };
  return { startsAtMs, endsAtMs, doctorId: recipientId, clinicId: null, mode: 'in_person', timeZone: 'UTC' };
};

/** A row with the place that it is about to tell: a reminder says what is true when it goes. */
export const placed = (row: LedgerRow, now: Now): LedgerRow => {
  if (row.kind === 'digest') return row;
  return { ...row, ...(row.kind === 'reminder' ? placeOf(now) : placeOf(asItWas(row, now))) };
};
