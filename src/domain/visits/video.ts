import type { Interval } from '../interval.ts';

/** A room opens so long before its visit, and closes so long after the visit was to end, for talks that run over. */
const opensBeforeMs = 15 * 60_000;
const closesAfterMs = 60 * 60_000;

/** When the room of a video visit is open: `[startsAtMs, endsAtMs)`, ms. */
export const roomHours = ({ startsAtMs, endsAtMs }: Interval): Interval => ({
  startsAtMs: startsAtMs - opensBeforeMs,
  endsAtMs: endsAtMs + closesAfterMs,
});

/** Where a room is, by a template such as `https://meet.jit.si/{room}`. */
export const roomUrl = (template: string, room: string): string => template.replace('{room}', room);
