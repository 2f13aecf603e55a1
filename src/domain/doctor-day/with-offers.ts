import type { Limits } from './command.ts';
import type { DayEvent } from './event.ts';
import { addedSlots, freedBy, offerOf, offerOfAdded, openSeats } from './offer.ts';
import type { DayState } from './state.ts';

/**
 * An event, and the offers of the seats that it lets go or, being an edit of the schedule, adds. Each is to be applied to
 * the state before the next is asked for. Pure but for that: ids are drawn only for offers that are made.
 */
export function* withOffers(
  state: DayState,
  event: DayEvent,
  nowMs: number,
  limits: Limits,
  newId: () => string,
): Generator<DayEvent, void> {
  const freed = freedBy(state, event);
  const isAwaited = (state.waiting?.entries.length ?? 0) > 0;
  const before = event.type === 'schedule_applied' && isAwaited ? openSeats(state, nowMs) : null;
  yield event;
  const offered = freed === null ? null : offerOf(state, freed, nowMs, limits, newId);
  if (offered !== null) yield offered;
  for (const { slot, seats } of before === null ? [] : addedSlots(state, before, nowMs)) {
    for (let n = 0; n < seats; n += 1) {
      const offer = offerOfAdded(state, slot, nowMs, limits, newId);
      // Where nobody wants one seat, nobody wants another.
      if (offer === null) break;
      yield offer;
    }
  }
}
