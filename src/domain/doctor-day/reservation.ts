import type { Interval } from '../interval.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { ClinicResource } from '../resources.ts';
import { ok, type Result, refused } from '../result.ts';
import type { PlannedSlot } from '../schedule.ts';
import { blockedAt, blockedDuring, type DayState } from './state.ts';

/** Rooms and devices that a clinic keeps for the time of a slot. Those who share the slot share them. */
export interface Reservation extends Interval {
  readonly id: string;
  readonly clinicId: string;
  readonly resources: readonly ClinicResource[];
}

/** What a clinic is to keep before a seat can be taken. */
export interface Need extends Interval {
  readonly clinicId: string;
  readonly kinds: readonly string[];
}

/** What the clinic said: a reservation, or the kind of which nothing is free. */
export type GivenReservation = Reservation | { readonly unavailable: string };

type Slot = Pick<PlannedSlot, 'startsAtMs' | 'endsAtMs' | 'clinicId' | 'requires'>;

/** Whether a reservation is all that a slot requires. */
export const covers = (reservation: Reservation | null | undefined, slot: Slot): boolean => {
  const { requires = [], clinicId, startsAtMs, endsAtMs } = slot;
  if (requires.length === 0) return true;
  return (
    reservation?.clinicId === clinicId &&
    reservation.startsAtMs === startsAtMs &&
    reservation.endsAtMs === endsAtMs &&
    requires.every((kind) => reservation.resources.some((resource) => resource.kind === kind))
  );
};

/**
 * The reservation with which a seat of a slot may be taken; `null` where the slot requires nothing. One that others in
 * the slot have is shared. Without one the refusal says what is to be reserved first ({@link needOf}); when nothing is
 * free, it is `resource_unavailable` and names the kind.
 */
export const reservationFor = (
  state: DayState,
  slot: PlannedSlot,
  given: GivenReservation | undefined,
  nowMs: number,
): Result<Reservation | null, Refusal> => {
  const { requires = [], clinicId, startsAtMs, endsAtMs } = slot;
  if (requires.length === 0 || clinicId === null) return ok(null);
  const shared = blockedDuring(state, slot, nowMs).find((other) => covers(other.reservation, slot));
  if (shared?.reservation) return ok(shared.reservation);
  if (given !== undefined && 'unavailable' in given) {
    const kind = given.unavailable;
    return refused(refusal('resource_unavailable', `No ${kind} of the clinic is free at this time.`, { kind }));
  }
  if (given !== undefined && covers(given, slot)) return ok(given);
  const needs: Need = { clinicId, kinds: requires, startsAtMs, endsAtMs };
  return refused(refusal('resource_unavailable', undefined, { needs }));
};

/** What is to be reserved before a command is decided again; `null` for every other refusal. */
export const needOf = ({ code, extra }: Refusal): Need | null =>
  code === 'resource_unavailable' ? ((extra?.needs as Need | undefined) ?? null) : null;

/** Whether a live appointment, or one on its way here, is seated with a reservation. */
export const isNamed = (state: DayState, id: string): boolean =>
  blockedAt(state, Number.NEGATIVE_INFINITY).some(({ reservation }) => reservation?.id === id);

/** The reservations that nobody here is seated with any more and whose time is not over: the clinic is to have them back. */
export const unnamedReservations = (state: DayState, nowMs: number): Pick<Reservation, 'id' | 'clinicId'>[] => {
  if (state.reservations.size === 0) return [];
  const named = new Set(blockedAt(state, Number.NEGATIVE_INFINITY).map(({ reservation }) => reservation?.id));
  return [...state.reservations.values()].filter(({ id, endsAtMs }) => endsAtMs > nowMs && !named.has(id));
};
