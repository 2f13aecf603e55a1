import ICAL from 'ical.js';
import { type Spend, Unreadable } from './unreadable.ts';
import { type WallTime, wallTimeOf } from './values.ts';

const dayMs = 86_400_000;
/** Every 400 years the calendar repeats to the weekday. */
const cycleYears = 400;
const maxInterval = 1_000;
const maxTimesADay = 24;
const maxValues = 400;
const yearSteps = 40;
const startOfEra = -62_000_000_000_000;

/** Which occurrences are looked for: wall times, each as the instant at which UTC shows it. Both included. */
export interface WallRange {
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

/** A recurrence rule, and apart from it the time after which it holds no more: that may be in another zone. */
export interface Rule {
  readonly recur: ICAL.Recur;
  readonly until: WallTime | null;
}

/** Reads an RRULE. Throws {@link Unreadable} as `malformed`. */
export const ruleOf = (property: ICAL.Property): Rule => {
  const value: unknown = property.jCal[3];
  if (typeof value !== 'object' || value === null) throw new Unreadable('malformed');
  const { until, ...rest } = value as { readonly until?: unknown };
  return { recur: ICAL.Recur.fromData(rest), until: until === undefined ? null : wallTimeOf(until) };
};

/**
 * The wall times of a recurrence rule (RFC 5545 3.3.10) within a range, in order, as if it had no end.
 *
 * The library never ends on a rule that can never be met, and counts a long way to one that begins long ago. So each of
 * its steps is paid for, and it begins near the range where that changes nothing.
 *
 * Throws {@link Unreadable} as `too_complex` for rules that repeat within a day, and when the budget is spent.
 */
export function* occurrences(rule: ICAL.Recur, startWallMs: number, range: WallRange, spend: Spend): Generator<number> {
  check(rule);
  const dtstart = wallTime(nearer(rule, startWallMs, range.fromWallMs));
  const iterator = new (paidFor(spend))({ rule, dtstart });
  for (let next = iterator.next(); next; next = iterator.next()) {
    spend(1);
    const wallMs = Date.UTC(next.year, next.month - 1, next.day, next.hour, next.minute, next.second);
    if (wallMs > range.toWallMs) return;
    if (wallMs >= range.fromWallMs) yield wallMs;
  }
}

const check = ({ freq, interval, parts }: ICAL.Recur): void => {
  const lists = Object.entries(parts as Record<string, readonly unknown[]>);
  const howMany = (name: string) => lists.find(([part]) => part === name)?.[1].length ?? 1;
  const simple =
    ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(freq) &&
    Number.isInteger(interval) &&
    interval >= 1 &&
    interval <= maxInterval &&
    lists.every(([, values]) => values.length <= maxValues) &&
    howMany('BYHOUR') * howMany('BYMINUTE') * howMany('BYSECOND') <= maxTimesADay;
  if (!simple) throw new Unreadable('too_complex');
};

/** A start of the same recurrence that lies nearer before a time, or the start itself. A rule that counts has but one. */
const nearer = ({ freq, interval, count }: ICAL.Recur, startWallMs: number, fromWallMs: number): number => {
  const aheadMs = fromWallMs - startWallMs - dayMs;
  if (count || aheadMs <= 0) return startWallMs;
  if (freq === 'DAILY' || freq === 'WEEKLY') {
    const periodMs = interval * dayMs * (freq === 'WEEKLY' ? 7 : 1);
    // A week more: the first of a week's days may lie before the start.
    return startWallMs + Math.max(0, Math.floor(aheadMs / periodMs) - 1) * periodMs;
  }
  const start = new Date(startWallMs);
  const years = new Date(fromWallMs).getUTCFullYear() - start.getUTCFullYear() - 1;
  const cycle = cycleYears * interval;
  start.setUTCFullYear(start.getUTCFullYear() + Math.max(0, Math.floor(years / cycle) * cycle));
  return start.getTime();
};

/** A wall time as the library has it, of no zone. */
const wallTime = (wallMs: number): ICAL.Time => {
  if (!(wallMs > startOfEra)) throw new Unreadable('malformed');
  const at = new Date(wallMs);
  const data = {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    isDate: false,
  };
  return new ICAL.Time(data, ICAL.Timezone.localTimezone);
};

/** The library's iterator, paying for what it does: also within one step, where it may loop for ever. */
const paidFor = (spend: Spend) =>
  class extends ICAL.RecurIterator {
    override check_contracting_rules(): boolean {
      spend(1);
      return super.check_contracting_rules();
    }

    override increment_monthday(days: number): void {
      spend(days);
      super.increment_monthday(days);
    }

    override increment_month(): void {
      spend(1);
      super.increment_month();
    }

    override expand_year_days(year: number): number {
      spend(yearSteps);
      return super.expand_year_days(year);
    }
  };
