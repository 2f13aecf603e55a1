import { Unreadable } from './unreadable.ts';

/** A date or a date with a time, as it is written: without its zone, unless that is UTC. */
export interface WallTime {
  /** The instant (ms) at which UTC shows it. */
  readonly wallMs: number;
  readonly isDate: boolean;
  readonly isUtc: boolean;
}

const form = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(Z?))?$/;

/** Reads a DATE or DATE-TIME of jCal (RFC 7265 3.6.4, 3.6.5). Throws {@link Unreadable} for anything else. */
export const wallTimeOf = (value: unknown): WallTime => {
  const match = typeof value === 'string' ? form.exec(value) : null;
  if (match === null) throw new Unreadable('malformed');
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const exists = hour <= 23 && minute <= 59 && second <= 60;
  const at = new Date(0);
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (!exists || at.getUTCDate() !== day || at.getUTCMonth() + 1 !== month) throw new Unreadable('malformed');
  // A leap second is the first of the next minute.
  at.setUTCHours(hour, minute, second);
  return { wallMs: at.getTime(), isDate: match[4] === undefined, isUtc: match[7] === 'Z' };
};
