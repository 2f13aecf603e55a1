/** A stretch of time, half open: `[startsAtMs, endsAtMs)` in ms since the epoch. Touching intervals do not overlap. */
export interface Interval {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** Whether an interval holds no instant at all. */
export const isEmpty = (interval: Interval): boolean => interval.endsAtMs <= interval.startsAtMs;

/** Whether two intervals share an instant. An empty interval shares none. */
export const overlaps = (a: Interval, b: Interval): boolean =>
  !isEmpty(a) && !isEmpty(b) && a.startsAtMs < b.endsAtMs && b.startsAtMs < a.endsAtMs;

/** Whether every instant of `inner` is one of `outer`. */
export const contains = (outer: Interval, inner: Interval): boolean =>
  isEmpty(inner) || (outer.startsAtMs <= inner.startsAtMs && inner.endsAtMs <= outer.endsAtMs);

/** What is left of an interval without the holes, in order, no piece empty. The holes may come in any order. */
export const subtract = (from: Interval, holes: readonly Interval[]): Interval[] => {
  const pieces: Interval[] = [];
  let startsAtMs = from.startsAtMs;
  const inOrder = holes.filter((hole) => overlaps(from, hole)).sort((a, b) => a.startsAtMs - b.startsAtMs);
  for (const hole of inOrder) {
    if (hole.startsAtMs > startsAtMs) pieces.push({ startsAtMs, endsAtMs: hole.startsAtMs });
    startsAtMs = Math.max(startsAtMs, hole.endsAtMs);
  }
  if (startsAtMs < from.endsAtMs) pieces.push({ startsAtMs, endsAtMs: from.endsAtMs });
  return pieces;
};
