import { dayNumber, type LocalDate } from '../local-date.ts';
import { startOfDayMs } from '../zoned-time.ts';
import type { Audience, Channel, LedgerReason, NotificationKind } from './kinds.ts';
import type { KeptPlace } from './place.ts';
import { offsetsFor, type Preferences } from './preferences.ts';
import { digestDueMs, type Rest, reminderDueMs } from './timing.ts';
import { type Reach, waysTo } from './ways.ts';

/** A row that belongs into the ledger. A reminder gets its place when it goes: it says what is true by then. */
export interface PlannedRow extends Partial<KeptPlace> {
  readonly subjectId: string;
  readonly version: number;
  readonly kind: NotificationKind;
  readonly offsetMinutes: number;
  readonly channel: Channel;
  readonly recipientId: string;
  readonly audience: Audience;
  readonly startsAtMs: number;
  readonly previousStartsAtMs: number | null;
  readonly previousTimeZone?: string | null;
  readonly causedAtMs: number;
  readonly causedBy: Audience | null;
  readonly dueAtMs: number;
  /** Why it goes to nobody from the beginning, if so. */
  readonly reason: LedgerReason | null;
}

/** Somebody to plan for. */
export interface Recipient {
  readonly id: string;
  readonly audience: Audience;
  readonly preferences: Preferences;
  readonly reach: Reach;
}

/** An appointment whose reminders are planned, and when what made it so happened. */
export interface Agreed {
  readonly appointmentId: string;
  readonly doctorId: string;
  readonly version: number;
  readonly startsAtMs: number;
  /** The doctor-day's date, and zone. */
  readonly date: LocalDate;
  readonly timeZone: string;
  readonly causedAtMs: number;
}

const restOf = ({ preferences }: Recipient, timeZone: string): Rest => ({
  quietHours: preferences.quietHours,
  timeZone: preferences.timeZone ?? timeZone,
});

/** What a reminder was due for had passed when the appointment was made: its confirmation says it all. */
const lateness = (dueAtMs: number, causedAtMs: number): LedgerReason | null =>
  dueAtMs <= causedAtMs ? 'booked_late' : null;

/** The reminders of an appointment: for each side at each of its offsets, by the ways it prefers. */
export const remindersOf = (agreed: Agreed, recipients: readonly Recipient[]): PlannedRow[] => {
  const { appointmentId, version, startsAtMs, timeZone, causedAtMs } = agreed;
  const doctor = recipients.find(({ audience }) => audience === 'doctor')?.preferences ?? {
    patientOffsetsMinutes: null,
  };
  return recipients.flatMap((recipient) => {
    const { id, audience, preferences, reach } = recipient;
    return offsetsFor(audience, preferences, doctor).flatMap((offsetMinutes) => {
      const timed = { kind: 'reminder', startsAtMs, offsetMinutes, causedAtMs };
      const dueAtMs = reminderDueMs(timed, restOf(recipient, timeZone));
      return waysTo(preferences, 'reminder', audience, reach).map(
        (channel): PlannedRow => ({
          ...{ subjectId: appointmentId, version, kind: 'reminder', offsetMinutes, channel, recipientId: id, audience },
          ...{ startsAtMs, previousStartsAtMs: null, causedAtMs, causedBy: null, dueAtMs },
          reason: lateness(dueAtMs, causedAtMs),
        }),
      );
    });
  });
};

/** The digest of the day that an appointment is on, for its doctor: one a day, whichever appointment asks for it first. */
export const digestOf = ({ doctorId, date, timeZone, causedAtMs }: Agreed, recipient: Recipient): PlannedRow[] => {
  const dueAtMs = digestDueMs(date, timeZone, restOf(recipient, timeZone));
  const startsAtMs = startOfDayMs(date, timeZone);
  return waysTo(recipient.preferences, 'digest', 'doctor', recipient.reach).map((channel) => ({
    ...{ subjectId: doctorId, version: dayNumber(date), kind: 'digest', offsetMinutes: 0, channel },
    ...{ recipientId: recipient.id, audience: 'doctor', startsAtMs, previousStartsAtMs: null, timeZone },
    ...{ causedAtMs, causedBy: null, dueAtMs, reason: lateness(dueAtMs, causedAtMs) },
  }));
};
