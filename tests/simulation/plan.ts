import type { Limits } from '../../src/domain/doctor-day/command.ts';
import { accountId, type DayKey } from '../../src/domain/ids.ts';
import { addDays, type LocalDate } from '../../src/domain/local-date.ts';
import { startOfDayMs } from '../../src/domain/zoned-time.ts';
import { drawFaults, type FaultPlan } from './faults.ts';
import { type LineDeed, withLine } from './line-plan.ts';
import { Random } from './random.ts';
import { type SimRooms, withRooms } from './rooms-plan.ts';
import { withTerms } from './terms-plan.ts';

/** What somebody does. */
export type Deed =
  | 'hold'
  | 'confirm'
  | 'extend'
  | 'pay'
  | 'cancel'
  | 'move'
  | 'accept'
  | 'reject'
  | 'complete'
  | 'mark_no_show'
  | 'describe'
  | 'read'
  | 'browse'
  | 'edit'
  | 'freeze'
  | 'thaw'
  | 'reproject'
  | 'sweep_stale'
  | 'evict';

/** One deed of a run. The numbers choose among what there is when it happens, so that any part of a plan still runs. */
export interface Action {
  readonly atMs: number;
  readonly deed: Deed | LineDeed;
  readonly who: number;
  /** Which appointment. */
  readonly which: number;
  readonly day: number;
  readonly slot: number;
  /** Sent again with the same Idempotency-Key, this long after, ms. */
  readonly again: readonly number[];
  readonly keyed: boolean;
  /** Of a hold: as an emergency. */
  readonly emergency?: boolean;
  readonly seed: number;
}

/** A doctor of a run. */
export interface SimDoctor {
  readonly id: string;
  readonly timeZone: string;
  readonly approvalRequired: boolean;
  /** Where the run has payments. */
  readonly paymentRequired?: boolean;
  /** Where it has emergencies. */
  readonly emergencySeats?: number;
  readonly minimumNoticeMinutes: number;
  readonly start: string;
  readonly end: string;
  readonly slotMinutes: number;
  readonly capacity: number;
  /** The kinds of rooms and devices that a seat needs at first, where the run has a clinic. */
  readonly requires?: readonly string[];
}

/** All that makes a run: the same plan is the same run. */
export interface Plan {
  readonly seed: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly limits: Limits & { readonly retentionMs: number };
  readonly doctors: readonly SimDoctor[];
  readonly patients: readonly string[];
  readonly days: readonly DayKey[];
  /** The clinic whose rooms its doctors share. */
  readonly rooms?: SimRooms;
  readonly faults: FaultPlan;
  readonly actions: readonly Action[];
  /** Whether the run goes on until the days are long past. */
  readonly growsOld: boolean;
}

/** Zones with the date of a clock change that the run takes place around, or an ordinary date. */
const places: readonly (readonly [timeZone: string, date: string])[] = [
  ['Asia/Dhaka', '2027-02-10'],
  ['Asia/Dhaka', '2027-12-31'],
  ['Europe/Berlin', '2027-03-28'],
  ['Europe/Berlin', '2027-10-31'],
  ['America/New_York', '2027-03-14'],
  ['America/New_York', '2027-11-07'],
  ['Australia/Lord_Howe', '2027-04-04'],
  ['Africa/Cairo', '2027-04-30'],
];

const characters: readonly Readonly<Record<Exclude<Deed, 'extend' | 'pay'>, number>>[] = [
  // Everything.
  {
    hold: 24,
    confirm: 16,
    cancel: 8,
    move: 16,
    accept: 5,
    reject: 2,
    complete: 2,
    mark_no_show: 1,
    describe: 2,
    read: 6,
    browse: 10,
    edit: 3,
    freeze: 1,
    thaw: 1,
    reproject: 1,
    sweep_stale: 2,
    evict: 2,
  },
  // Booking only.
  {
    hold: 40,
    confirm: 25,
    cancel: 12,
    move: 0,
    accept: 3,
    reject: 1,
    complete: 0,
    mark_no_show: 0,
    describe: 0,
    read: 8,
    browse: 16,
    edit: 0,
    freeze: 0,
    thaw: 0,
    reproject: 0,
    sweep_stale: 0,
    evict: 3,
  },
  // A few appointments that are moved, edited under and cancelled all the time.
  {
    hold: 8,
    confirm: 8,
    cancel: 14,
    move: 50,
    accept: 3,
    reject: 0,
    complete: 0,
    mark_no_show: 0,
    describe: 6,
    read: 4,
    browse: 3,
    edit: 12,
    freeze: 1,
    thaw: 1,
    reproject: 0,
    sweep_stale: 3,
    evict: 2,
  },
  // Moves above all.
  {
    hold: 14,
    confirm: 10,
    cancel: 4,
    move: 50,
    accept: 3,
    reject: 1,
    complete: 1,
    mark_no_show: 0,
    describe: 2,
    read: 8,
    browse: 6,
    edit: 2,
    freeze: 1,
    thaw: 1,
    reproject: 1,
    sweep_stale: 1,
    evict: 2,
  },
];

/** Draws the plan of a seed. */
export const drawPlan = (seed: number): Plan => withTerms(withLine(withRooms(drawAllElse(seed))));

const drawAllElse = (seed: number): Plan => {
  const random = new Random(seed).fork('plan');
  const [timeZone, date] = random.pick(places);
  const first = date as LocalDate;
  const durationMs = random.pick([30_000, 120_000, 300_000]);
  const doctors = Array.from({ length: random.between(1, 2) }, (): SimDoctor => {
    const slotMinutes = random.pick([30, 60]);
    return {
      id: accountId(random.bytes(12)),
      timeZone,
      approvalRequired: random.chance(0.3),
      minimumNoticeMinutes: random.pick([0, 0, 30]),
      start: random.pick(['00:00', '01:00', '01:30']),
      end: random.pick(['03:00', '04:00', '04:30']),
      slotMinutes,
      capacity: random.pick([1, 1, 1, 2, 3]),
    };
  });
  const days = doctors.flatMap(({ id }) =>
    Array.from({ length: random.pick([1, 2, 2, 3]) }, (_, i): DayKey => ({ doctorId: id, date: addDays(first, i) })),
  );
  const beforeMs = random.pick([30, 150, 300, 600]) * 60_000;
  return {
    seed,
    startMs: startOfDayMs(first, timeZone) + 2 * 3_600_000 - beforeMs,
    durationMs,
    limits: {
      holdTtlMs: random.pick([20_000, 120_000, 600_000, 600_000]),
      approvalTtlMs: random.pick([60_000, 3_600_000]),
      paymentTtlMs: 300_000,
      offerTtlMs: 60_000,
      maxHoldsPerDay: random.pick([1, 2, 3]),
      moveTtlMs: 30_000,
      retentionMs: 86_400_000,
    },
    doctors,
    patients: Array.from({ length: random.between(2, 6) }, () => accountId(random.bytes(12))),
    days,
    faults: drawFaults(random, durationMs),
    actions: drawActions(random, durationMs),
    growsOld: random.chance(0.25),
  };
};

const drawActions = (random: Random, durationMs: number): Action[] => {
  const character = random.pick(characters);
  const actions = Array.from({ length: random.between(10, 90) }, (): Action => {
    const again = random.chance(0.15) ? [random.pick([0, 20, 500, 20_000])] : [];
    return {
      atMs: random.int(durationMs),
      deed: random.weighted(character),
      who: random.int(1_000),
      which: random.int(1_000),
      day: random.int(1_000),
      slot: random.int(1_000),
      again,
      keyed: again.length > 0 || random.chance(0.6),
      seed: random.int(2 ** 31),
    };
  });
  // Some come at the same instant, as a crowd does.
  const crowded = random.chance(0.4);
  return actions
    .map((action) => (crowded ? { ...action, atMs: action.atMs - (action.atMs % 20_000) } : action))
    .sort((a, b) => a.atMs - b.atMs);
};
