import type { Principal } from '../../src/domain/access.ts';
import type { Appointment } from '../../src/domain/doctor-day/appointment.ts';
import type { DayPlan } from '../../src/domain/doctor-day/plan.ts';
import type { AppointmentView } from '../../src/domain/doctor-day/view.ts';
import type { DayKey } from '../../src/domain/ids.ts';
import type { RefusalCode } from '../../src/domain/refusal.ts';
import type { DoctorSchedule, PlannedSlot, Priority } from '../../src/domain/schedule.ts';
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
> & {
  readonly moving: string | null;
  /** It began as an offer to who waited for it. */
  readonly isOffer?: boolean;
  readonly priority: Priority;
  /** Whether its patient must pay, what, and the payment that was taken. */
  readonly owed: boolean;
  readonly fee: string;
  readonly payment: string | null;
  readonly extended: boolean;
  /** What of the clinic's is held with it. */
  readonly kinds: readonly string[];
  /** Of a seat kept for an arrival: the event by which it must be given back, for nobody was told that it is kept. */
  readonly goneBy?: number;
};

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
  /** How often a move gave back the seat that was kept for it. */
  readonly givenBack: Readonly<Record<string, number>>;
  /** What the day offers when a seat becomes free, by whose it was: who it is to go to, others check. */
  readonly offers: Offers;
}

/** Offers by what freed their seat. */
export type Offers = ReadonlyMap<string, Visit>;

/** An appointment that left its seat, as it was before. */
export const freedByVisit = ({ id, version }: Pick<Visit, 'id' | 'version'>): string => `${id} v${version}`;

/** A move that gave back the seat that was kept for it, for the first time or again. */
export const freedByMove = (moveId: string, times: number): string => `${moveId} for the ${times}. time`;

/** The offer, from 1, of a seat that a schedule of some version has added. */
export const addedBy = (scheduleVersion: number, nth: number): string => `schedule ${scheduleVersion}, seat ${nth}`;

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
  givenBack: {},
  offers: new Map(),
};

/** Whatever tells two papers apart. */
export const keyOf = ({ plan, offered, offers: _, ...rest }: Paper): string =>
  JSON.stringify([plan?.scheduleVersion, offered?.version, rest]);

export const isLive = ({ status }: Pick<Visit, 'status'>): boolean =>
  status === 'pending' || status === 'awaiting_approval' || status === 'confirmed';

const mayExpire = ({ status }: Visit): boolean => status === 'pending' || status === 'awaiting_approval';

/** The paper at a later moment: what has run out has expired, and what was offered then perhaps as well. */
export const at = (paper: Paper, nowMs: number): Paper => {
  const due = Object.values(paper.visits)
    .filter((visit) => mayExpire(visit) && visit.expiresAtMs !== null && nowMs >= visit.expiresAtMs)
    .sort((a, b) => (a.expiresAtMs ?? 0) - (b.expiresAtMs ?? 0));
  if (due.length === 0) return paper.nowMs === nowMs ? paper : { ...paper, nowMs };
  const expired = due.map((visit) => [visit.id, { ...visit, status: 'expired', version: visit.version + 1 }] as const);
  const visits = { ...paper.visits, ...(Object.fromEntries(expired) as Paper['visits']) };
  const swept: Paper = { ...paper, nowMs, visits };
  return at(
    due.reduce((next, visit) => offeredAfter(next, freedByVisit(visit)), swept),
    nowMs,
  );
};

/** The paper with what the day made of a seat that somebody left in the same breath. */
export const offeredAfter = (paper: Paper, freed: string): Paper => {
  const offer = paper.offers.get(freed);
  return offer === undefined ? paper : { ...paper, visits: { ...paper.visits, [offer.id]: offer } };
};

/** The paper with what the day made of the seats that a schedule has added. */
export const offeredAfterEdit = (paper: Paper, scheduleVersion: number): Paper => {
  let next = paper;
  for (let n = 1; paper.offers.has(addedBy(scheduleVersion, n)); n += 1) {
    next = offeredAfter(next, addedBy(scheduleVersion, n));
  }
  return next;
};

/** The moments from `fromMs` to `toMs` at which something might read differently, the first included; `also` are some more. */
export const moments = (paper: Paper, fromMs: number, toMs: number, also: readonly number[]): number[] => {
  const firstMs = Math.max(paper.nowMs, fromMs);
  const turns = [
    ...also,
    ...Object.values(paper.visits).flatMap((visit) => [visit.expiresAtMs ?? 0, visit.startsAtMs]),
    ...[...paper.offers.values()].map((offer) => offer.expiresAtMs ?? 0),
    ...Object.values(paper.moves).map((move) => move.deadlineMs),
    ...(paper.plan?.slots ?? []).map(({ startsAtMs }) => startsAtMs - noticeMs(paper) + 1),
    ...(paper.plan?.slots ?? []).flatMap((slot) => ((slot.emergencySeats ?? 0) > 0 ? [slot.startsAtMs] : [])),
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

/** Free seats of a slot for anybody: emergencies that have a seat of their own take none of these. */
export const freeSeats = (slot: PlannedSlot, visits: readonly Visit[]): number => {
  const near = visits.filter((visit) => meets(visit, slot));
  if (!near.every((visit) => isOf(visit, slot))) return 0;
  return Math.max(0, slot.capacity - near.filter((visit) => !isKept(slot, visit)).length);
};

/** Whether a visit has a seat beyond a slot's capacity, as emergencies may: it takes none of the others. */
export const isKept = (slot: PlannedSlot, { priority, seat }: Pick<Appointment, 'priority' | 'seat'>): boolean =>
  priority === 'emergency' && seat > slot.capacity;

/** Free seats among those that are kept for emergencies. */
export const freeKeptSeats = (slot: PlannedSlot, visits: readonly Visit[]): number => {
  const near = visits.filter((visit) => meets(visit, slot));
  if (!near.every((visit) => isOf(visit, slot))) return 0;
  const kept = Array.from({ length: slot.emergencySeats ?? 0 }, (_, i) => slot.capacity + 1 + i);
  return kept.filter((seat) => !near.some((visit) => visit.seat === seat)).length;
};

/** Whether a time of the day may be booked. */
export const isOpen = (paper: Paper, plan: DayPlan, day: DayKey, startsAtMs: number): boolean => {
  const { from, to } = bookingWindow(plan, paper.nowMs);
  return day.date >= from && day.date <= to && startsAtMs >= paper.nowMs + noticeMs(paper);
};

/** Whether an emergency may still come, whatever the notice. */
export const isOpenForEmergencies = (paper: Paper, plan: DayPlan, day: DayKey, startsAtMs: number): boolean => {
  const { from, to } = bookingWindow(plan, paper.nowMs);
  return day.date >= from && day.date <= to && startsAtMs > paper.nowMs;
};

const noticeMs = (paper: Paper): number => (paper.plan?.minimumNoticeMinutes ?? 0) * 60_000;

/** What stands in the way of a seat: every reason that a refusal could give. None: there is a seat. */
export const obstacles = (
  paper: Paper,
  day: DayKey,
  patientId: string,
  startsAtMs: number,
  except: string | null,
  priority: Priority = 'routine',
): { readonly why: ReadonlySet<RefusalCode>; readonly slot: PlannedSlot | undefined } => {
  const why = new Set<RefusalCode>();
  const plan = paper.plan as DayPlan;
  const slot = plan.slots.find((candidate) => candidate.startsAtMs === startsAtMs);
  const others = taken(paper, except);
  if (paper.frozen !== null) why.add('day_frozen');
  if (!plan.bookable || slot === undefined) why.add('slot_not_found');
  const isUrgent = priority === 'emergency';
  const open = isOpen(paper, plan, day, startsAtMs);
  const kept = isUrgent && isOpenForEmergencies(paper, plan, day, startsAtMs) ? (slot?.emergencySeats ?? 0) : 0;
  if (!open && kept === 0) why.add('outside_booking_window');
  if (slot !== undefined) {
    const second = ({ id, priority: other, ...one }: Visit) =>
      id !== except &&
      other === 'emergency' &&
      one.patientId === patientId &&
      isLive(one) &&
      one.startsAtMs > paper.nowMs;
    if (isUrgent && others.some(second)) why.add('too_many_emergencies');
    if (others.some((other) => other.patientId === patientId && meets(other, slot))) why.add('already_booked');
    const ordinary = open ? freeSeats(slot, others) : 0;
    if (ordinary + (kept === 0 ? 0 : freeKeptSeats(slot, others)) === 0) why.add('slot_full');
  }
  return { why, slot };
};

/** Live holds of a patient, those included that are on their way here. */
export const holdsOf = (paper: Paper, patientId: string): number =>
  [...Object.values(paper.visits), ...Object.values(paper.arrivals)].filter(
    (visit) => visit.patientId === patientId && visit.status === 'pending' && !visit.isOffer,
  ).length;

/** Whether a seat of a slot is there and free: one that is kept only for an emergency, and only while no other is. */
export const isFree = (
  paper: Paper,
  slot: PlannedSlot,
  seat: number,
  except: string | null,
  priority: Priority = 'routine',
): boolean =>
  seat >= 1 &&
  seat <= slot.capacity + (priority === 'emergency' ? (slot.emergencySeats ?? 0) : 0) &&
  isRightKind(paper, slot, seat, except) &&
  !taken(paper, except).some((visit) => visit.startsAtMs === slot.startsAtMs && visit.seat === seat);

const isRightKind = (paper: Paper, slot: PlannedSlot, seat: number, except: string | null): boolean => {
  const byAnybody = slot.startsAtMs >= paper.nowMs + noticeMs(paper) && freeSeats(slot, taken(paper, except)) > 0;
  return byAnybody === seat <= slot.capacity;
};

/** The first free seat of a slot. */
export const firstFree = (
  paper: Paper,
  slot: PlannedSlot,
  except: string | null,
  priority: Priority = 'routine',
): number => {
  const last = slot.capacity + (slot.emergencySeats ?? 0);
  let seat = 1;
  while (!isFree(paper, slot, seat, except, priority) && seat < last) seat += 1;
  return seat;
};

/** Whether some kinds are all that a slot requires. */
export const hasAll = ({ requires = [] }: PlannedSlot, kinds: readonly string[]): boolean =>
  requires.every((kind) => kinds.includes(kind));

/**
 * The kinds with which a seat of a slot may be taken: what others in the slot have is shared, or else the clinic is
 * asked. Nothing tells whether it has some left.
 */
export const kindsFor = (
  paper: Paper,
  slot: PlannedSlot,
): { readonly kinds: readonly string[][]; readonly asks: boolean } => {
  if ((slot.requires ?? []).length === 0) return { kinds: [[]], asks: false };
  const shared = taken(paper, null).filter((visit) => isOf(visit, slot) && hasAll(slot, visit.kinds));
  const asks = shared.length === 0;
  return { kinds: asks ? [[...(slot.requires ?? [])]] : shared.map(({ kinds }) => [...kinds]), asks };
};

/** Whether the plan still offers what a visit takes. */
export const fits = (plan: DayPlan, visit: Visit): boolean =>
  plan.slots.some(
    (slot) =>
      isOf(visit, slot) &&
      visit.mode === slot.mode &&
      hasAll(slot, visit.kinds) &&
      visit.seat <= slot.capacity + (visit.priority === 'emergency' ? (slot.emergencySeats ?? 0) : 0),
  );

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
    ...termsOf(appointment),
    kinds: kindsOf(appointment),
    isOffer: Boolean(appointment.offer),
  };
};

/** The kinds that are held with an appointment. */
export const kindsOf = ({ reservation }: Pick<Appointment, 'reservation'>): string[] =>
  (reservation?.resources ?? []).map(({ kind }) => kind);

type Terms = Pick<Appointment, 'priority' | 'paymentRequired' | 'fee' | 'payment' | 'extendedAtMs'>;

/** What an appointment says of its urgency and of money. */
const termsOf = ({ priority, paymentRequired, fee, payment, extendedAtMs }: Terms) => ({
  priority: priority ?? ('routine' as const),
  owed: paymentRequired ?? false,
  fee: `${fee.amount} ${fee.currency}`,
  payment: payment?.id ?? null,
  extended: (extendedAtMs ?? null) !== null,
});

/** Whether an answer shows a visit as it is on paper. */
export const isShownAs = (visit: Visit, view: AppointmentView): boolean => {
  const members = [
    'id',
    'patientId',
    'startsAtMs',
    'endsAtMs',
    'seat',
    'mode',
    'status',
    'expiresAtMs',
    'version',
  ] as const;
  const terms = termsOf(view);
  const names = Object.keys(terms) as (keyof typeof terms)[];
  return members.every((one) => visit[one] === view[one]) && names.every((one) => visit[one] === terms[one]);
};
