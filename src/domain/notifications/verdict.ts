import type { Status } from '../doctor-day/appointment.ts';
import { hasEnded } from '../doctor-day/status.ts';
import type { Audience, Channel, LedgerReason, NotificationKind } from './kinds.ts';
import { channelsFor, type Preferences } from './preferences.ts';
import { type Timed, timingOf, usefulUntilMs } from './timing.ts';
import { type Reach, reaches } from './ways.ts';

/** What a row of the ledger says that it would tell. */
export interface Claimed extends Timed {
  readonly kind: NotificationKind;
  readonly version: number;
  readonly channel: Channel;
  readonly recipientId: string;
  readonly audience: Audience;
  readonly dueAtMs: number;
  /** With whom the appointment was, as told; absent where that was not kept. */
  readonly doctorId?: string | null;
}

/** An appointment as its doctor-day has it now. */
export interface Current {
  readonly doctorId: string;
  readonly status: Status;
  readonly startsAtMs: number;
  readonly timeZone: string;
  readonly version: number;
  readonly outsideSchedule: boolean;
}

/** Who would be told, and how they want it; `null` for an account that nobody holds any more. */
export type Addressee = { readonly preferences: Preferences; readonly reach: Reach } | null;

/** What becomes of a row that was claimed. */
export type Verdict =
  | { readonly type: 'send' }
  /** The ledger has not heard yet of what the doctor-day knows, or that does not answer: look again in a moment. */
  | { readonly type: 'ask_again' }
  | { readonly type: 'wait'; readonly untilMs: number }
  | { readonly type: 'suppress'; readonly reason: LedgerReason; readonly otherWay: boolean };

/** What is known of the appointment: as it is, `null` when no day knows it, `unknown` while its day does not answer. */
export type Truth = Current | null | 'unknown';

/**
 * Decides on a claimed row at `nowMs` by what is true then: of an appointment that is off, over or elsewhere nobody is
 * reminded, and news that is none any more is not told.
 *
 * @param timeZone the zone of the appointment or of the doctor's day, for quiet hours
 */
export const verdictOf = (
  row: Claimed,
  truth: Truth,
  addressee: Addressee,
  timeZone: string,
  nowMs: number,
): Verdict => {
  if (addressee === null) return { type: 'suppress', reason: 'unreachable', otherWay: false };
  const { preferences, reach } = addressee;
  const standing = isLasting(row.kind) ? null : row.kind === 'reminder' ? ofReminder(row, truth) : ofNews(row, truth);
  if (standing !== null && standing.type === 'suppress') return standing;
  // Of a day that does not answer not even the clock is known.
  if (standing !== null) return nowMs < usefulUntilMs(row) ? standing : off('too_late');
  const rest = { quietHours: preferences.quietHours, timeZone: preferences.timeZone ?? timeZone };
  const timing = timingOf(row, rest, nowMs);
  if (timing.type === 'suppress') return { ...timing, otherWay: false };
  if (timing.type === 'wait') return timing;
  if (!channelsFor(preferences, row.kind, row.audience).includes(row.channel)) {
    return { type: 'suppress', reason: 'switched_off', otherWay: row.channel !== 'in_app' };
  }
  if (!reaches(reach, row.channel)) return { type: 'suppress', reason: 'unreachable', otherWay: true };
  return { type: 'send' };
};

/** What stays so whatever becomes of the appointment: a list of a day, and money that went one way or the other. */
const isLasting = (kind: NotificationKind): boolean => ['digest', 'payment_received', 'refunded'].includes(kind);

const off = (reason: LedgerReason): Verdict => ({ type: 'suppress', reason, otherWay: false });

/** What stands against a reminder; `null` for nothing. */
const ofReminder = (row: Claimed, truth: Truth): Verdict | null => {
  if (truth === 'unknown') return { type: 'ask_again' };
  if (truth === null) return off('cancelled');
  if (truth.startsAtMs !== row.startsAtMs) return off('moved');
  if (truth.status !== 'confirmed') return off('cancelled');
  if (row.audience === 'doctor' && truth.doctorId !== row.recipientId) return off('moved');
  // Something changed that the ledger will hear of: only then is it sure that no other row is for the same reminder.
  return truth.version === row.version ? null : { type: 'ask_again' };
};

/** What stands against telling what happened; `null` for nothing. */
const ofNews = (row: Claimed, truth: Truth): Verdict | null => {
  if (truth === 'unknown') return { type: 'ask_again' };
  return truth !== null && isStillSo(row, truth) ? null : off('superseded');
};

const isStillSo = ({ kind, audience, startsAtMs, recipientId, doctorId = null }: Claimed, now: Current): boolean => {
  // Of an appointment that has left them, doctors are told that it has, and nothing else.
  if (audience === 'doctor' && kind !== 'moved_away' && now.doctorId !== recipientId) return false;
  const there = now.startsAtMs === startsAtMs && (doctorId === null || doctorId === now.doctorId);
  switch (kind) {
    case 'held':
    case 'waitlist_offer':
      return now.status === 'pending' && there;
    case 'confirmed':
    case 'accepted':
      return now.status === 'confirmed' && there;
    case 'emergency':
      return !hasEnded(now.status) && there;
    case 'requested':
      return now.status === 'awaiting_approval' && there;
    case 'rescheduled':
      return (now.status === 'confirmed' || now.status === 'awaiting_approval') && there;
    case 'moved_away':
      return now.doctorId !== recipientId;
    case 'outside_schedule':
      return now.outsideSchedule;
    case 'rebook':
      return (now.status === 'confirmed' || now.status === 'awaiting_approval') && there;
    case 'running_late':
    case 'your_turn':
      return now.status === 'confirmed' && there;
    case 'follow_up':
    case 'prescribed':
    case 'prescription_dispensed':
      return now.status === 'confirmed' || now.status === 'completed';
    case 'rejected':
    case 'cancelled':
    case 'expired':
    case 'completed':
    case 'no_show':
      return now.status === kind;
    default:
      return false;
  }
};
