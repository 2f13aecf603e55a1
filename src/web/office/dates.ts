import { type LocalDate, parseLocalDate, utcDate } from '../../domain/local-date.ts';

/** The local date of now in a zone; in UTC when none is known. */
export const todayIn = (timeZone: string | null): LocalDate => {
  const now = Date.now();
  const written = new Intl.DateTimeFormat('en-CA', { timeZone: timeZone ?? 'UTC', dateStyle: 'short' }).format(now);
  return parseLocalDate(written) ?? utcDate(now);
};

/** The local date of an instant (RFC 3339) in a zone. */
export const dateIn = (instant: string, timeZone: string): LocalDate => {
  const at = Date.parse(instant);
  const written = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
  return parseLocalDate(written) ?? utcDate(at);
};
