import type { Principal } from '../../src/domain/access.ts';
import type { Appointment } from '../../src/domain/doctor-day/appointment.ts';
import type { DayPlan } from '../../src/domain/doctor-day/plan.ts';
import type { DayKey } from '../../src/domain/ids.ts';
import type { RefusalCode } from '../../src/domain/refusal.ts';
import type { DoctorSchedule, PlannedSlot } from '../../src/domain/schedule.ts';
import { bookingWindow } from '../../src/domain/zoned-time.ts';

/** An appointment as the model knows it. */
export type Visit = Pick<
  Appointment,
  | 'id'
  | 'patientId'
  | 'startsAtMs'
  | 'endsAtMs'
  | 'seat'
  | 'mode'
  | 'status'
  | 'expiresAtMs'
  | 'outsideSchedule'
  | 'version'
> & { readonly moving: string | null };

/** A move that starts on this day. */
export interface Move {
  readonly id: string;
  readonly phase: 'reserving' | 'departed' | 'over';
  readonly deadlineMs: number;
  readonly to: DayKey;
  readonly role: Principal['role'];
  /** Where the answer to the move is kept, if it came with a key. */
  readonly answerKey: string | null;
  /** The answer that its request got (JSON), `null` when it got none; and the event by which it was given. */
  readonly answer: string | null;
  readonly answeredBy: number;
}

/** The answer to a request with a key (JSON): `null` while in flight, `?` when nobody knows it. */
export interface KeptAnswer {
  readonly fingerprint: string;
  readonly answer: string | null;
}

/** A doctor-day as a person who reads the rules would keep it on paper. */
export interface Paper {
  readonly nowMs: number;
  readonly plan: DayPlan | null;
  readonly frozen: { readonly untilMs: number; readonly by: string } | null;
  /** The newest schedule that came before the day was open; it may be forgotten. */
  readonly offered: DoctorSchedule | null;
  readonly visits: Readonly<Record<string, Visit>>;
  readonly arrivals: Readonly<Record<string, Visit>>;
  readonly moves: Readonly<Record<string, Move>>;
  readonly forwards: Readonly<Record<string, { readonly to: DayKey; readonly version: number }>>;
  readonly answers: Readonly<Record<string, KeptAnswer>>;
}

export const blankPaper: Paper = {
  nowMs: Number.NEGATIVE_INFINITY,
  plan: null,
  frozen: null,
  offered: null,
  visits: {},
  arrivals: {},
  moves: {},
  forwards: {},
  answers: {},
};

/** Whatever tells two papers apart. */
export const keyOf = ({ plan, offered, ...rest }: Paper): string =>
  JSON.stringify([plan?.scheduleVersion, offered?.version, rest]);

export const isLive = ({ status }: Pick<Visit, 'status'>): boolean =>
  status === 'pending' || status === 'awaiting_approval' || status === 'confirmed';

const mayExpire = ({ status }: Visit): boolean => status === 'pending' || status === 'awaiting_approval';

/** The paper at a later moment: what has run out has expired. */
export const at = (paper: Paper, nowMs: number): Paper => {
  const due = Object.values(paper.visits).filter(
    (visit) => mayExpire(visit) && visit.expiresAtMs !== null && nowMs >= visit.expiresAtMs,
  );
  if (due.length === 0) return paper.nowMs === nowMs ? paper : { ...paper, nowMs };
  const expired = due.map((visit) => [visit.id, { ...visit, status: 'expired', version: visit.version + 1 }] as const);
  return { ...paper, nowMs, visits: { ...paper.visits, ...(Object.fromEntries(expired) as Paper['visits']) } };
};

/** The moments from `fromMs` to `toMs` at which something might read differently, the first included; `also` are some more. */
export const moments = (paper: Paper, fromMs: number, toMs: number, also: readonly number[]): number[] => {
  const firstMs = Math.max(paper.nowMs, fromMs);
  const turns = [
    ...also,
    ...Object.values(paper.visits).flatMap((visit) => [visit.expiresAtMs ?? 0, visit.startsAtMs]),
    ...Object.values(paper.moves).map((move) => move.deadlineMs),
    ...(paper.plan?.slots ?? []).map(({ startsAtMs }) => startsAtMs - noticeMs(paper) + 1),
  ];
  const later = turns.filter((ms) => ms > firstMs && ms <= toMs);
  return [firstMs, ...new Set(later)].sort((a, b) => a - b);
};

/** Everything that takes a seat: visits that live or took place, and seats kept for arrivals. */
export const taken = (paper: Paper, except: string | null): Visit[] => [
  ...Object.values(paper.visits).filter(
    (visit) => visit.id !== except && (isLive(visit) || visit.status === 'completed' || visit.status === 'no_show'),
  ),
  ...Object.values(paper.arrivals).filter((visit) => visit.id !== except),
];

type Span = Pick<Visit, 'startsAtMs' | 'endsAtMs'>;
const meets = (a: Span, b: Span): boolean => a.startsAtMs < b.endsAtMs && b.startsAtMs < a.endsAtMs;
const isOf = (visit: Visit, slot: Span): boolean =>
  visit.startsAtMs === slot.startsAtMs && visit.endsAtMs === slot.endsAtMs;

/** Free seats of a slot. */
export const freeSeats = (slot: PlannedSlot, visits: readonly Visit[]): number => {
  const near = visits.filter((visit) => meets(visit, slot));
  return near.every((visit) => isOf(visit, slot)) ? Math.max(0, slot.capacity - near.length) : 0;
};

/** Whether a time of the day may be booked. */
export const isOpen = (paper: Paper, plan: DayPlan, day: DayKey, startsAtMs: number): boolean => {
  const { from, to } = bookingWindow(plan, paper.nowMs);
  return day.date >= from && day.date <= to && startsAtMs >= paper.nowMs + noticeMs(paper);
};

const noticeMs = (paper: Paper): number => (paper.plan?.minimumNoticeMinutes ?? 0) * 60_000;

/** What stands in the way of a seat: every reason that a refusal could give. None: there is a seat. */
export const obstacles = (
  paper: Paper,
  day: DayKey,
  patientId: string,
  startsAtMs: number,
  except: string | null,
): { readonly why: ReadonlySet<RefusalCode>; readonly slot: PlannedSlot | undefined } => {
  const why = new Set<RefusalCode>();
  const plan = paper.plan as DayPlan;
  const slot = plan.slots.find((candidate) => candidate.startsAtMs === startsAtMs);
  const others = taken(paper, except);
  if (paper.frozen !== null) why.add('day_frozen');
  if (!plan.bookable || slot === undefined) why.add('slot_not_found');
  if (!isOpen(paper, plan, day, startsAtMs)) why.add('outside_booking_window');
  if (slot !== undefined) {
    if (others.some((other) => other.patientId === patientId && meets(other, slot))) why.add('already_booked');
    if (freeSeats(slot, others) === 0) why.add('slot_full');
  }
  return { why, slot };
};

/** Live holds of a patient, those included that are on their way here. */
export const holdsOf = (paper: Paper, patientId: string): number =>
  [...Object.values(paper.visits), ...Object.values(paper.arrivals)].filter(
    (visit) => visit.patientId === patientId && visit.status === 'pending',
  ).length;

/** Whether a seat of a slot is there and free. */
export const isFree = (paper: Paper, slot: PlannedSlot, seat: number, except: string | null): boolean =>
  seat >= 1 &&
  seat <= slot.capacity &&
  !taken(paper, except).some((visit) => visit.startsAtMs === slot.startsAtMs && visit.seat === seat);

/** The first free seat of a slot. */
export const firstFree = (paper: Paper, slot: PlannedSlot, except: string | null): number => {
  let seat = 1;
  while (!isFree(paper, slot, seat, except) && seat < slot.capacity) seat += 1;
  return seat;
};

/** Whether the plan still offers what a visit takes. */
export const fits = (plan: DayPlan, visit: Visit): boolean =>
  plan.slots.some((slot) => isOf(visit, slot) && visit.mode === slot.mode && visit.seat <= slot.capacity);

/** A visit from an appointment as it travels between days. */
export const visitOf = (appointment: Appointment): Visit => {
  const { id, patientId, startsAtMs, endsAtMs, seat, mode, status, expiresAtMs, outsideSchedule, version } =
    appointment;
  return {
    id,
    patientId,
    startsAtMs,
    endsAtMs,
    seat,
    mode,
    status,
    expiresAtMs,
    outsideSchedule,
    version,
    moving: null,
  };
};
