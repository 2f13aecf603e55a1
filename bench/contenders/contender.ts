import type { Day } from '../load/task.ts';

/** The days that every contender offers, in slots and seats of its own. */
export interface Offer {
  /** One day after the other, each of 32 slots for 32: for holds that all succeed. */
  readonly fill: readonly Day[];
  /** A day of 32 slots for four: for holds that are given back. */
  readonly hot: readonly Day[];
  /** 64 days of 32 slots for one. */
  readonly many: readonly Day[];
  /** 64 days of 32 slots for four, on as many dates as there are rounds: for bookings that stay. */
  readonly journeys: readonly Day[];
  /** Days of one slot for one: for stampedes, one each. */
  readonly single: readonly Day[];
}

/** A server that takes part. */
export interface Contender {
  readonly name: string;
  readonly url: string;
  readonly offer: Offer;
  pids(): number[];
  /** How many slots have more live appointments than seats, by the contender's own storage, once it is quiet. */
  overbooked(): Promise<number>;
  stop(): Promise<void>;
}

/** How many days of each kind are offered. */
export interface Extent {
  readonly fill: number;
  readonly single: number;
  readonly journeys: number;
}

/** The shape of every kind of day. `days` are doctors times dates. */
export const kinds = {
  fill: { slots: 32, capacity: 32, doctors: 1 },
  hot: { slots: 32, capacity: 4, doctors: 1 },
  many: { slots: 32, capacity: 1, doctors: 64 },
  journeys: { slots: 32, capacity: 4, doctors: 64 },
  single: { slots: 1, capacity: 1, doctors: 1 },
} as const;

export type Kind = keyof typeof kinds;

/** How many dates of a kind a contender offers. */
export const datesOf = (kind: Kind, extent: Extent): number => (kind === 'hot' || kind === 'many' ? 1 : extent[kind]);

/** The n-th date from the day after tomorrow, `YYYY-MM-DD`. */
export const dateAhead = (n: number): string => new Date(Date.now() + (n + 2) * 86_400_000).toISOString().slice(0, 10);
