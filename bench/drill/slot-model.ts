import type { Call, Model } from '../../tests/simulation/linearizability.ts';
import type { Attempt } from './record.ts';

/** What was asked under one key, however often it was sent. Times are ms since the epoch. */
export interface SlotCall extends Call {
  readonly kind: Attempt['kind'];
  readonly patientId: string;
  readonly appointmentId: string | null;
  readonly status: number;
  readonly code: string | null;
  /** When the hold that was given runs out. */
  readonly expiresAtMs: number | null;
}

/** A seat that is taken. */
interface Seat {
  /** `null` when nobody was told the id. */
  readonly id: string | null;
  readonly patientId: string;
  readonly confirmed: boolean;
  /** Between these instants the hold runs out: one and the same when its patient was told. */
  readonly earliestEndMs: number;
  readonly latestEndMs: number;
}

export type SlotState = readonly Seat[];

/** How far the clocks of the drill and of workerd, on one machine, may seem apart. */
const clockMarginMs = 5;

/** A slot by the rules: seats, holds that run out, who may confirm and cancel what. Unanswered calls may do nothing. */
export const slotModel = (capacity: number, holdTtlMs: number): Model<SlotState, SlotCall> => ({
  initial: [],
  key: (state) =>
    state
      .map((seat) => JSON.stringify(seat))
      .sort()
      .join(),
  apply: (state, call) => afterExpiries(state, call).flatMap((seats) => step(seats, call, capacity, holdTtlMs)),
});

/** Every way in which holds may have run out by the moment of the call. */
const afterExpiries = (state: SlotState, { start, end }: SlotCall): SlotState[] => {
  let ways: Seat[][] = [[]];
  for (const seat of state) {
    const mayBeLive = seat.confirmed || seat.latestEndMs >= start - clockMarginMs;
    const mayBeOver = !seat.confirmed && seat.earliestEndMs <= end + clockMarginMs;
    ways = [...(mayBeLive ? ways.map((way) => [...way, seat]) : []), ...(mayBeOver ? ways : [])];
  }
  return ways;
};

const step = (seats: SlotState, call: SlotCall, capacity: number, holdTtlMs: number): SlotState[] => {
  const own = seats.some((seat) => seat.patientId === call.patientId);
  const full = seats.length >= capacity;
  const mine = seats.find((seat) => seat.id !== null && seat.id === call.appointmentId);
  const others = seats.filter((seat) => seat !== mine);
  switch (`${call.kind} ${call.required ? call.status : 'unanswered'} ${call.code ?? ''}`.trim()) {
    case 'hold 201': {
      const at = call.expiresAtMs ?? 0;
      const seat = { id: call.appointmentId, patientId: call.patientId, confirmed: false };
      return own || full ? [] : [[...seats, { ...seat, earliestEndMs: at, latestEndMs: at }]];
    }
    case 'hold 409 slot_full':
      return full && !own ? [seats] : [];
    case 'hold 409 already_booked':
      return own ? [seats] : [];
    case 'hold unanswered': {
      const earliestEndMs = call.start + holdTtlMs;
      const seat = { id: null, patientId: call.patientId, confirmed: false };
      return own || full ? [] : [[...seats, { ...seat, earliestEndMs, latestEndMs: Number.POSITIVE_INFINITY }]];
    }
    case 'confirm 200':
      return mine === undefined || mine.confirmed ? [] : [[...others, { ...mine, confirmed: true }]];
    case 'confirm 409 hold_expired':
      return mine === undefined ? [seats] : [];
    case 'confirm unanswered':
      return mine === undefined ? [] : [[...others, { ...mine, confirmed: true }]];
    case 'cancel 200':
      return mine === undefined ? [] : [others];
    case 'cancel 409 invalid_transition':
      return mine === undefined ? [seats] : [];
    case 'cancel unanswered':
      return mine === undefined ? [] : [others];
    default:
      return [];
  }
};
