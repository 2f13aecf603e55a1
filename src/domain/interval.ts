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

/**
 * The instants of any intervals as few intervals in order, none overlapping or touching another. Gaps shorter than
 * `gapMs` are closed.
 */
export const merged = (intervals: readonly Interval[], gapMs = 0): Interval[] => {
  const inOrder = intervals.filter((one) => !isEmpty(one)).sort((a, b) => a.startsAtMs - b.startsAtMs);
  const pieces: { startsAtMs: number; endsAtMs: number }[] = [];
  for (const { startsAtMs, endsAtMs } of inOrder) {
    const last = pieces.at(-1);
    const reachesMs = last === undefined ? Number.NEGATIVE_INFINITY : last.endsAtMs;
    const apart = startsAtMs > reachesMs && startsAtMs - reachesMs >= gapMs;
    if (last === undefined || apart) pieces.push({ startsAtMs, endsAtMs });
    else last.endsAtMs = Math.max(reachesMs, endsAtMs);
  }
  return pieces;
};
