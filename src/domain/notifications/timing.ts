import { addDays, type LocalDate } from '../local-date.ts';
import { instantOf, startOfDayMs } from '../zoned-time.ts';
import type { LedgerReason } from './kinds.ts';
import type { QuietHours } from './preferences.ts';
import { quietAt } from './quiet.ts';

const minuteMs = 60_000;
/** What must go before the quiet hours goes so long before them, so that the sweep finds it in time. */
const beforeQuietMs = 15 * minuteMs;
/** What was due before the quiet hours and is late by no more than this still goes. */
const quietGraceMs = 30 * minuteMs;
/** How long an event is news. */
const newsMs = 3 * 86_400_000;
/** How long after an appointment was to begin it is of use to hear that it is late, or that it is one's turn. */
const waitingMs = 3_600_000;
/** When the digest of the next day goes, by the clock of the doctor. */
const digestAt = '09:00';

/** What the time of a notification depends on; a row of the ledger has it all. */
export interface Timed {
  readonly kind: string;
  readonly startsAtMs: number;
  readonly offsetMinutes: number;
  readonly causedAtMs: number;
}

/** Whose quiet hours, and by which clock. */
export interface Rest {
  readonly quietHours: QuietHours | null;
  /** IANA. */
  readonly timeZone: string;
}

/**
 * Until when (ms, exclusive) it is of use: a reminder until a quarter of its offset is left, the digest until its day
 * begins, what somebody in a waiting room is told for an hour after their time, an offer while it stands, and what happened for three days.
 */
export const usefulUntilMs = ({ kind, startsAtMs, offsetMinutes, causedAtMs }: Timed): number => {
  if (kind === 'reminder') return startsAtMs - (offsetMinutes * minuteMs) / 4;
  if (kind === 'running_late' || kind === 'your_turn')
    return Math.max(startsAtMs + offsetMinutes * minuteMs, causedAtMs) + waitingMs;
  if (kind === 'rebook') return startsAtMs;
  if (kind === 'waitlist_offer') return causedAtMs + offsetMinutes * minuteMs;
  return kind === 'digest' ? startsAtMs : causedAtMs + newsMs;
};

/** When it would go if nobody slept: a reminder its offset before, in elapsed time; news at once. */
const idealMs = (timed: Timed): number =>
  timed.kind === 'reminder' ? timed.startsAtMs - timed.offsetMinutes * minuteMs : timed.causedAtMs;

/**
 * When a reminder goes: its offset before the appointment; from within quiet hours at their end if it is of use then,
 * otherwise shortly before they begin.
 */
export const reminderDueMs = (timed: Timed, rest: Rest): number => outsideQuiet(idealMs(timed), timed, rest);

/** When the digest of a doctor's day goes: at 09:00 of the day before by the doctor's clock, or as quiet hours allow. */
export const digestDueMs = (date: LocalDate, timeZone: string, rest: Rest): number => {
  const timed = { kind: 'digest', startsAtMs: startOfDayMs(date, timeZone), offsetMinutes: 0, causedAtMs: 0 };
  return outsideQuiet(instantOf(addDays(date, -1), digestAt, timeZone), timed, rest);
};

const outsideQuiet = (atMs: number, timed: Timed, { quietHours, timeZone }: Rest): number => {
  const quiet = quietAt(atMs, quietHours, timeZone);
  if (quiet === null) return atMs;
  return quiet.untilMs < usefulUntilMs(timed) ? quiet.untilMs : quiet.fromMs - beforeQuietMs;
};

/** What time says of a notification that is to go. */
export type Timing =
  | { readonly type: 'go' }
  | { readonly type: 'wait'; readonly untilMs: number }
  | { readonly type: 'suppress'; readonly reason: LedgerReason };

/**
 * Whether a notification that is due goes at `nowMs`. One that an outage kept goes while it is of use; quiet hours it
 * met on the way hold it, or end it if it is of no use after them. News and security know no quiet hours.
 */
export const timingOf = (timed: Timed & { readonly dueAtMs: number }, rest: Rest, nowMs: number): Timing => {
  if (nowMs < timed.dueAtMs) return { type: 'wait', untilMs: timed.dueAtMs };
  if (nowMs >= usefulUntilMs(timed)) return { type: 'suppress', reason: 'too_late' };
  if (timed.kind !== 'reminder' && timed.kind !== 'digest') return { type: 'go' };
  const quiet = quietAt(nowMs, rest.quietHours, rest.timeZone);
  if (quiet === null || (timed.dueAtMs < quiet.fromMs && nowMs - timed.dueAtMs <= quietGraceMs)) return { type: 'go' };
  if (quiet.untilMs < usefulUntilMs(timed)) return { type: 'wait', untilMs: quiet.untilMs };
  return { type: 'suppress', reason: 'quiet_hours' };
};
