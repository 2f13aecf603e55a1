import type { DayState } from '../src/domain/doctor-day/state.ts';

/** How long an unsettled move waits before it is looked at again, ms. */
const moveRetryMs = 5_000;
/** How long a freeze whose time is up waits when D1 cannot say what became of it, ms. */
const freezeRetryMs = 1_000;
/** How long a clean-up that could not be done yet waits, ms. */
const cleanUpRetryMs = 900_000;

/** The earliest thing that a doctor-day must wake up for, ms since the epoch: the one alarm stands for all of them. */
export const nextDueMs = (state: DayState, outboxDueMs: number | null, cleanUpAtMs: number, nowMs: number): number => {
  let due = Math.max(cleanUpAtMs, nowMs + cleanUpRetryMs);
  if (outboxDueMs !== null) due = Math.min(due, outboxDueMs);
  if (state.departures.size > 0 || state.arrivals.size > 0) due = Math.min(due, nowMs + moveRetryMs);
  if (state.frozen !== null) due = Math.min(due, Math.max(state.frozen.untilMs, nowMs + freezeRetryMs));
  due = Math.min(due, state.seated.firstExpiryMs() ?? due);
  return due;
};
