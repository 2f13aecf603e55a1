/** A date on the wall calendar, `YYYY-MM-DD`, without a zone. */
export type LocalDate = string & { readonly __localDate: never };

const dayMs = 86_400_000;
/** Day 0 of the two-byte day number in ids: they reach from 2000-01-01 to 2179-06-06. */
const epochMs = Date.UTC(2000, 0, 1);
const lastDayNumber = 0xffff;

/** Reads a date; `null` for a wrong form, a day that does not exist, or one outside 2000-01-01 to 2179-06-06. */
export const parseLocalDate = (text: string): LocalDate | null => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(ms) || isoDate(ms) !== text) return null;
  const number = (ms - epochMs) / dayMs;
  return number >= 0 && number <= lastDayNumber ? (text as LocalDate) : null;
};

/** Days from 2000-01-01 to a date. */
export const dayNumber = (date: LocalDate): number => (Date.parse(`${date}T00:00:00Z`) - epochMs) / dayMs;

/** The date a number of days after 2000-01-01. */
export const localDateOfDayNumber = (number: number): LocalDate => isoDate(epochMs + number * dayMs) as LocalDate;

/** The date a number of days later (earlier when negative), by the calendar. */
export const addDays = (date: LocalDate, days: number): LocalDate => localDateOfDayNumber(dayNumber(date) + days);

/** Every date from `from` to `to`, both included. */
export const datesBetween = (from: LocalDate, to: LocalDate): LocalDate[] =>
  Array.from({ length: Math.max(0, dayNumber(to) - dayNumber(from) + 1) }, (_, i) => addDays(from, i));

/** ISO 8601 weekday: 1 is Monday, 7 is Sunday. */
export const isoWeekday = (date: LocalDate): number => ((dayNumber(date) + 5) % 7) + 1;

/** The UTC date of an instant in ms. For coarse bounds only: a doctor's date needs the doctor's zone. */
export const utcDate = (ms: number): LocalDate => isoDate(ms) as LocalDate;

const isoDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
