import type { notifications } from '../db/schema.ts';
import { keptPlace, type Place, placeOf } from '../domain/notifications/place.ts';

type LedgerRow = typeof notifications.$inferSelect;

/** An appointment as it is now. */
type Now = Place & { readonly startsAtMs: number };

/**
 * The appointment as a row of the ledger tells it: as it was when that happened, wherever it is now. Of rows that are
 * older than what is kept of places, the time is right and the rest is as it is now; of one that told a doctor that it
 * has left them, nothing is taken from where it went.
 */
export const asTold = (row: LedgerRow, now: Now): Now => {
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
  return { ...row, ...(row.kind === 'reminder' ? placeOf(now) : placeOf(asTold(row, now))) };
};
