import { remainingSeats } from '../availability.ts';
import { overlaps } from '../interval.ts';
import type { PlannedSlot } from '../schedule.ts';
import type { Appointment } from './appointment.ts';
import type { Limits } from './command.ts';
import type { DayEvent } from './event.ts';
import { newHold } from './new-hold.ts';
import { type Reservation, reservationFor } from './reservation.ts';
import { findSeat } from './seats.ts';
import { blockedBy, blockedDuring, type DayState } from './state.ts';
import { occupiesSeat } from './status.ts';
import { isWanted, type WaitingEntry } from './waiting.ts';

/** Why somebody further up the line was not offered a seat. */
export type SkipReason =
  /** Had their turn at this seat. */
  | 'passed'
  /** Has a seat of this day already, by an offer to this entry. */
  | 'taken'
  /** Another offer to this entry lives on this day. */
  | 'offered'
  /** The patient has something else at that time. */
  | 'busy';

export interface Skip {
  readonly entryId: string;
  readonly why: SkipReason;
}

/** The appointment, as it was, whose seat an event lets go; `null` when it lets none go. To be asked before it is applied. */
export const freedBy = (state: DayState, event: DayEvent): Appointment | null => {
  switch (event.type) {
    case 'moved_out':
      return state.appointments.get(event.forward.appointmentId) ?? null;
    case 'seat_released':
      return state.arrivals.get(event.moveId)?.appointment ?? null;
    case 'cancelled':
    case 'rejected':
    case 'expired':
    case 'rescheduled': {
      const was = state.appointments.get(event.appointment.id);
      if (was === undefined || !occupiesSeat(was, Number.NEGATIVE_INFINITY)) return null;
      const stays = event.type === 'rescheduled' && event.appointment.startsAtMs === was.startsAtMs;
      return stays ? null : was;
    }
    default:
      return null;
  }
};

/**
 * The offer of a seat that has just become free to the first in line who waits for it and may have it; `null` when there
 * is nobody, or the seat cannot be booked. Pure: the id of what it makes is drawn only if it makes something.
 */
export const offerOf = (
  state: DayState,
  freed: Appointment,
  nowMs: number,
  limits: Limits,
  newId: () => string,
): DayEvent | null => {
  const { startsAtMs, endsAtMs, id, version, reservation } = freed;
  const slot = state.plan?.slots.find((one) => one.startsAtMs === startsAtMs && one.endsAtMs === endsAtMs);
  // What is kept for emergencies is for them alone.
  if (slot === undefined || isKeptForEmergencies(freed, slot)) return null;
  const vacancy = { slot, passed: turnsAt(freed), reservation, freed: { appointmentId: id, version } };
  return offerTo(state, vacancy, nowMs, limits, newId);
};

/** The seats that a schedule offers and nobody has, by {@link slotName}: whether or not they can be booked at once. */
export const openSeats = (state: DayState, nowMs: number): ReadonlyMap<string, number> =>
  new Map((state.plan?.slots ?? []).map((slot) => [slotName(slot), openSeatsOf(state, slot, nowMs)]));

const openSeatsOf = (state: DayState, slot: PlannedSlot, nowMs: number): number =>
  remainingSeats(slot, blockedDuring(state, slot, nowMs));

const slotName = ({ startsAtMs, endsAtMs, mode }: PlannedSlot): string => `${startsAtMs}/${endsAtMs}/${mode}`;

/** The slots of which a new plan has more open seats than there were `before`, from the earliest, and how many more. */
export const addedSlots = (
  state: DayState,
  before: ReadonlyMap<string, number>,
  nowMs: number,
): { readonly slot: PlannedSlot; readonly seats: number }[] =>
  (state.plan?.slots ?? [])
    .map((slot) => ({ slot, seats: openSeatsOf(state, slot, nowMs) - (before.get(slotName(slot)) ?? 0) }))
    .filter(({ seats }) => seats > 0);

/** As {@link offerOf}, of a seat that an edit of the schedule has added: nobody has had their turn at it. */
export const offerOfAdded = (
  state: DayState,
  slot: PlannedSlot,
  nowMs: number,
  limits: Limits,
  newId: () => string,
): DayEvent | null => offerTo(state, { slot, passed: [], reservation: null, freed: null }, nowMs, limits, newId);

/** A seat that may be offered. */
interface Vacancy {
  readonly slot: PlannedSlot;
  /** Who had their turn at it. */
  readonly passed: readonly string[];
  /** The rooms that were kept for it. */
  readonly reservation: Reservation | null | undefined;
  readonly freed: (DayEvent & { readonly type: 'offered' })['freed'];
}

const offerTo = (
  state: DayState,
  { slot, passed, reservation, freed }: Vacancy,
  nowMs: number,
  limits: Limits,
  newId: () => string,
): DayEvent | null => {
  const { plan, waiting } = state;
  const { startsAtMs } = slot;
  // An offer that ends as it begins would be none.
  if (plan === null || waiting === null || startsAtMs <= nowMs) return null;
  const skipped: Skip[] = [];
  for (const entry of waiting.entries) {
    if (!isWanted(entry, slot, plan.timeZone)) continue;
    const why = whyNot(state, entry, passed, slot, nowMs);
    if (why !== null) {
      skipped.push({ entryId: entry.id, why });
      continue;
    }
    const found = findSeat(
      state,
      plan,
      { patientId: entry.patientId, startsAtMs, mode: entry.mode, except: null },
      nowMs,
    );
    // What stands in the way of this one stands in the way of all.
    if (!found.ok) return null;
    // The rooms of the seat that became free stay with it.
    const kept = reservationFor(state, slot, reservation ?? undefined, nowMs);
    if (!kept.ok) return null;
    const hold = newHold(plan, found.value, { id: newId(), patientId: entry.patientId, words: {} }, nowMs);
    const expiresAtMs = Math.min(nowMs + limits.offerTtlMs, startsAtMs);
    return {
      type: 'offered',
      actor: null,
      appointment: { ...hold, reservation: kept.value, expiresAtMs, offer: { entryId: entry.id, passed } },
      freed,
      skipped,
    };
  }
  return null;
};

const isKeptForEmergencies = ({ priority, seat }: Appointment, { capacity }: PlannedSlot): boolean =>
  priority === 'emergency' && seat > capacity;

/** Who had their turn at a seat: those before, and whoever has just let an offer of it go. Anybody else begins anew. */
const turnsAt = ({ offer, status }: Appointment): readonly string[] =>
  offer?.passed && status !== 'confirmed' ? [...offer.passed, offer.entryId] : [];

const whyNot = (
  state: DayState,
  entry: WaitingEntry,
  passed: readonly string[],
  slot: { readonly startsAtMs: number; readonly endsAtMs: number },
  nowMs: number,
): SkipReason | null => {
  if (passed.includes(entry.id)) return 'passed';
  if (state.taken.has(entry.id)) return 'taken';
  const own = blockedBy(state, entry.patientId, nowMs);
  if (own.some(({ offer }) => offer?.entryId === entry.id)) return 'offered';
  return own.some((other) => overlaps(other, slot)) ? 'busy' : null;
};
