/** One span of a day on which a place is open, `HH:MM` each; `24:00` is the end of the day. */
export interface OpenSpan {
  /** ISO weekday, 1 is Monday. */
  readonly weekday: number;
  readonly from: string;
  readonly to: string;
}

/** When a place is open, week by week, in its own zone. */
export type OpeningHours = readonly OpenSpan[];

/** In the order of the week. */
export const inOrderOfWeek = (hours: OpeningHours): OpeningHours =>
  hours.toSorted((a, b) => a.weekday - b.weekday || (a.from < b.from ? -1 : 1));

/**
 * The first span that cannot be: one that does not end after it begins, or that begins before another of its day has
 * ended. `null` when all can. Two that meet are two.
 */
export const faultOfHours = (hours: OpeningHours): number | null => {
  const at = hours.findIndex(
    (span, i) =>
      span.to <= span.from ||
      hours.some((other, j) => j < i && other.weekday === span.weekday && other.from < span.to && span.from < other.to),
  );
  return at === -1 ? null : at;
};
