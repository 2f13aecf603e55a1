import type { Status } from '../doctor-day/appointment.ts';
import type { AppointmentEventType } from '../doctor-day/event.ts';
import type { Mode, Priority } from '../schedule.ts';
import type { Audience, NotificationKind } from './kinds.ts';

/** An event of a doctor-day as the audit keeps it. `data` is JSON. */
export interface LoggedEvent {
  readonly action: string;
  readonly actorId: string | null;
  readonly actorRole: string;
  readonly data: string;
}

/** What the audit says of an appointment's event. Absent parts belong to other kinds of event. */
export interface EventData {
  readonly status?: Status;
  readonly startsAtMs?: number;
  readonly endsAtMs?: number;
  /** IANA, of the doctor-day. */
  readonly timeZone?: string;
  readonly clinicId?: string | null;
  readonly mode?: Mode;
  readonly version?: number;
  readonly priority?: Priority;
  /** Of an offer: until when it stands. */
  readonly expiresAtMs?: number | null;
  /** Of one that has left: the doctor-day that it went to. */
  readonly to?: { readonly doctorId: string };
}

/** Somebody to be told of something. */
export interface Telling {
  readonly kind: NotificationKind;
  readonly audience: Audience;
}

/**
 * What an event does to an appointment's reminders: `plan` those of its time, `keep` those there are, `drop` them
 * because it is off or elsewhere.
 */
export type ReminderEffect = 'plan' | 'keep' | 'drop';

/** An event, and how the appointment stood before it, as far as is known. */
export interface Happening {
  readonly action: string;
  readonly actorRole: string;
  /** Whether the doctor of the day did it. */
  readonly byDoctor: boolean;
  readonly data: EventData;
  readonly before: Status | null;
  /** Of a move: whether it is between two doctors. */
  readonly changesDoctor: boolean;
}

type Told = AppointmentEventType | 'moved_in' | 'moved_out' | 'offered';

const both = (kind: NotificationKind): readonly Telling[] => [
  { kind, audience: 'patient' },
  { kind, audience: 'doctor' },
];
const patient = (kind: NotificationKind): readonly Telling[] => [{ kind, audience: 'patient' }];
const doctor = (kind: NotificationKind): readonly Telling[] => [{ kind, audience: 'doctor' }];
const nobody: readonly Telling[] = [];

/** The doctor was told at once that somebody comes as an emergency, and hears of it when they do not. */
const ofUrgent = (kind: NotificationKind, { priority }: EventData): readonly Telling[] =>
  priority === 'emergency' ? doctor(kind) : nobody;

/** A hold is the business of who took it: the patient is told of those that others take and let go for them. */
const ofHold = (kind: NotificationKind, actorRole: string): readonly Telling[] =>
  actorRole === 'patient' || actorRole === 'system' ? nobody : patient(kind);

/** Who is told what of an event. A doctor is not told of what they did themselves; the patient's side always is. */
export const tellingsOf = (event: Happening): readonly Telling[] =>
  allTellings(event).filter(({ audience }) => audience !== 'doctor' || !event.byDoctor);

const allTellings = (event: Happening): readonly Telling[] => {
  const { action, data, changesDoctor } = event;
  const comes = action === 'held' || (action === 'moved_in' && changesDoctor);
  return [...(comes ? ofUrgent('emergency', data) : nobody), ...ordinaryTellings(event)];
};

const ordinaryTellings = ({ action, actorRole, data, before, changesDoctor }: Happening): readonly Telling[] => {
  switch (action as Told) {
    case 'held':
      return ofHold('held', actorRole);
    case 'offered':
      return patient('waitlist_offer');
    case 'confirmed':
      return both('confirmed');
    case 'approval_requested':
      return both('requested');
    case 'paid':
      return patient('payment_received');
    case 'accepted':
      return both('accepted');
    case 'rejected':
      return both('rejected');
    case 'rescheduled':
    case 'moved_in':
      // To the doctor whom it comes to, it is a new one.
      if (data.status === 'confirmed') {
        return [...patient('rescheduled'), ...doctor(changesDoctor ? 'confirmed' : 'rescheduled')];
      }
      return data.status === 'awaiting_approval' ? [...patient('rescheduled'), ...doctor('requested')] : nobody;
    case 'moved_out':
      return changesDoctor && before !== 'pending' ? doctor('moved_away') : nobody;
    case 'cancelled':
      if (before === 'pending') return [...ofHold('cancelled', actorRole), ...ofUrgent('cancelled', data)];
      return both('cancelled');
    case 'expired':
      return before === 'pending' ? ofUrgent('expired', data) : both('expired');
    case 'flagged_outside_schedule':
      return data.status === 'pending' ? nobody : doctor('outside_schedule');
    case 'completed':
      return patient('completed');
    case 'marked_no_show':
      return patient('no_show');
    default:
      return nobody;
  }
};

/** What an event does to the reminders of its appointment; `null` when it does nothing to them. */
export const reminderEffectOf = (action: string, { status }: EventData): ReminderEffect | null => {
  switch (action as Told) {
    case 'confirmed':
    case 'accepted':
      return 'plan';
    case 'rescheduled':
    case 'moved_in':
      return status === 'confirmed' ? 'plan' : status === 'awaiting_approval' ? 'drop' : null;
    case 'described':
    case 'paid':
    case 'flagged_outside_schedule':
    case 'unflagged_outside_schedule':
      return status === 'confirmed' ? 'keep' : null;
    case 'moved_out':
    case 'cancelled':
    case 'rejected':
    case 'expired':
    case 'completed':
    case 'marked_no_show':
      return 'drop';
    default:
      return null;
  }
};

/** The version of a hold that has only been held, and then ended. */
const endedHold = 2;
/** What can be told of nobody and changes no reminder, whatever it says. */
const silent = new Set([
  'opened',
  'schedule_applied',
  'waitlist_applied',
  'frozen',
  'thawed',
  'seat_reserved',
  'seat_released',
  'forwarded',
  'reservation_released',
]);

/**
 * Whether an event belongs into the outbox of notifications at all, by itself: most do not, and cost nothing. May say yes
 * to one of which nobody turns out to be told.
 */
export const concernsSomebody = ({ action, actorRole, data }: LoggedEvent): boolean => {
  if (silent.has(action)) return false;
  const facts: EventData = JSON.parse(data);
  const isUrgent = facts.priority === 'emergency';
  if (action === 'held' && actorRole === 'patient') return isUrgent;
  const endsHold = (action === 'cancelled' || action === 'expired') && facts.version === endedHold;
  if (endsHold && !isUrgent) return action === 'cancelled' && ofHold('cancelled', actorRole).length > 0;
  const event = { action, actorRole, byDoctor: false, data: facts, before: null, changesDoctor: true };
  return reminderEffectOf(action, facts) !== null || allTellings(event).length > 0;
};
