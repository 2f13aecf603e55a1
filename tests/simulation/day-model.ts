import { isDeepStrictEqual } from 'node:util';
import type { MoveOutcome, Peer, StoredAnswer } from '../../durable-objects/ports.ts';
import type { Appointment } from '../../src/domain/doctor-day/appointment.ts';
import type { Limits } from '../../src/domain/doctor-day/command.ts';
import { type DayPlan, planOf } from '../../src/domain/doctor-day/plan.ts';
import type { Reply } from '../../src/domain/doctor-day/reply.ts';
import type { SlotsView } from '../../src/domain/doctor-day/view.ts';
import { type DayKey, parseDayName } from '../../src/domain/ids.ts';
import type { DoctorSchedule, PlannedSlot } from '../../src/domain/schedule.ts';
import type { Operation } from './history.ts';
import type { Call, Model } from './linearizability.ts';
import { executed, isUnsettled } from './model-execute.ts';
import { paid } from './model-payment.ts';
import {
  at,
  blankPaper,
  firstFree,
  fits,
  freedByMove,
  freedByVisit,
  freeKeptSeats,
  freeSeats,
  hasAll,
  holdsOf,
  isFree,
  isLive,
  isOpen,
  isOpenForEmergencies,
  keyOf,
  kindsFor,
  kindsOf,
  moments,
  type Offers,
  obstacles,
  offeredAfter,
  offeredAfterEdit,
  type Paper,
  taken,
  type Visit,
  visitOf,
} from './model-state.ts';

/** An operation of one day as a call to be explained. */
export interface DayCall extends Call {
  readonly operation: Operation;
}

type SeatRequest = Parameters<Peer['reserveSeat']>[0];
type Seat = Awaited<ReturnType<Peer['reserveSeat']>>;

/** The calls of each day of a history. What an engine does by itself later is a call of its own that may happen. */
export const callsOf = (operations: readonly Operation[]): Map<string, DayCall[]> => {
  const calls = operations.flatMap((operation): DayCall[] => {
    const { startStep: start, endStep: end, answered: required } = operation;
    const call = { operation, start, end, required };
    if (!required && ['get', 'slots', 'reproject'].includes(operation.method)) return [];
    if (operation.method !== 'execute') return [call];
    const [command] = operation.args as [{ type: string; moveId: string }];
    if (command.type !== 'start_move') return [call];
    const ending = { ...operation, method: 'ending', args: [command.moveId], endMs: Number.POSITIVE_INFINITY };
    return [call, { operation: ending, start, end: required ? end : Number.POSITIVE_INFINITY, required: false }];
  });
  return Map.groupBy(calls, ({ operation }) => operation.day);
};

/** What a doctor-day is supposed to do, written from the rules and not from the code. */
export const dayModel = (name: string, limits: Limits, offers: Offers = new Map()): Model<Paper, DayCall> => {
  const day = parseDayName(name) as DayKey;
  return {
    initial: { ...blankPaper, offers },
    key: keyOf,
    apply: (paper, call) => {
      const { operation } = call;
      // A move whose request has been answered is decided.
      if (Object.values(paper.moves).some((move) => move.phase === 'reserving' && move.answeredBy < call.start))
        return [];
      // So is a seat that was given back before whoever asked for it was answered.
      if (Object.values(paper.arrivals).some(({ goneBy = call.start }) => goneBy < call.start)) return [];
      const times = Number.isFinite(operation.endMs)
        ? moments(paper, operation.startMs, operation.endMs, turnsOf(operation))
        : [Math.max(paper.nowMs, operation.startMs)];
      return times.flatMap((nowMs) => {
        const now = at(paper, nowMs);
        // What nobody heard of and what changed nothing need not have happened.
        return happened(now, operation, day, limits).filter((next) => call.required || next !== now);
      });
    },
  };
};

/** The moments at which what an operation brings along reads differently. */
const turnsOf = ({ method, args }: Operation): number[] => {
  if (method !== 'reserveSeat') return [];
  const { appointment } = args[0] as SeatRequest;
  return [appointment.expiresAtMs ?? 0, appointment.startsAtMs];
};

const happened = (paper: Paper, operation: Operation, day: DayKey, limits: Limits): Paper[] => {
  const { args, answered, answer } = operation;
  const only = (holds: boolean): Paper[] => (holds || !answered ? [paper] : []);
  switch (operation.method) {
    case 'execute':
      return executed(paper, operation, day, limits);
    case 'opening':
      return paper.plan === null ? [{ ...paper, plan: planOf(args[0] as DoctorSchedule, day.date) }] : [];
    case 'refreshing':
      return paper.plan === null ? [] : [applied(paper, newest(args[0] as DoctorSchedule, paper.offered), day)];
    case 'lapsing':
      return paper.frozen === null || paper.nowMs < paper.frozen.untilMs ? [] : [{ ...paper, frozen: null }];
    case 'recordPayment':
      return paid(paper, operation, limits);
    case 'slots':
      return only(paper.plan === null || isOffer(paper, paper.plan, day, answer as SlotsView));
    case 'get':
      return only(isShown(paper, args[0] as string, answer as Reply));
    case 'applySchedule':
      return [applied(paper, args[0] as DoctorSchedule, day)];
    case 'freeze':
      return frozen(paper, args as [number, string], answered ? (answer as { ok: boolean }).ok : null);
    case 'thaw':
      return [paper.frozen?.by === args[0] ? { ...paper, frozen: null } : paper];
    case 'reserveSeat':
      return reserved(paper, operation, day, limits);
    case 'releaseSeat':
      return [released(paper, args[0] as string)];
    case 'arrive':
      return [arrived(paper, args[0] as string, visitOf(args[1] as never), args[2] as StoredAnswer[])];
    case 'forward':
      return [forwarded(paper, args[0] as string, args[1] as DayKey, args[2] as number)];
    case 'outcomeOf':
      return told(paper, args[0] as string, answered ? (answer as MoveOutcome).kind : null);
    case 'learning':
      return learned(paper, args[0] as string, args[1] as MoveOutcome);
    case 'ending':
      return ended(paper, args[0] as string);
    default:
      return [paper];
  }
};

const isOffer = (paper: Paper, plan: DayPlan, day: DayKey, offered: SlotsView): boolean => {
  const closed = !plan.bookable || paper.frozen !== null;
  const blocked = taken(paper, null);
  return isDeepStrictEqual(
    offered.slots.map(({ startsAtMs, remaining, emergencyRemaining }) => [startsAtMs, remaining, emergencyRemaining]),
    plan.slots.map((slot) => [
      slot.startsAtMs,
      closed || !isOpen(paper, plan, day, slot.startsAtMs) ? 0 : freeSeats(slot, blocked),
      closed || !isOpenForEmergencies(paper, plan, day, slot.startsAtMs) ? 0 : freeKeptSeats(slot, blocked),
    ]),
  );
};

const isShown = (paper: Paper, id: string, reply: Reply): boolean => {
  if (isUnsettled(paper, id, reply)) return true;
  const visit = paper.visits[id];
  if (visit === undefined) {
    const forward = paper.forwards[id];
    return forward === undefined
      ? reply.kind === 'unknown'
      : isDeepStrictEqual(reply, { kind: 'elsewhere', day: forward.to });
  }
  if (reply.kind !== 'answer' || !reply.result.ok) return false;
  const { status, seat, startsAtMs, version } = reply.result.value;
  // A read shows an expiry before it is written down.
  const isPaid = (reply.result.value.payment?.id ?? null) === visit.payment;
  const isVersion = version === visit.version || (status === 'expired' && version === visit.version - 1);
  return isPaid && isVersion && status === visit.status && seat === visit.seat && startsAtMs === visit.startsAtMs;
};

const applied = (paper: Paper, schedule: DoctorSchedule, day: DayKey): Paper => {
  if (paper.plan === null) return { ...paper, offered: newest(schedule, paper.offered) };
  if (schedule.version <= paper.plan.scheduleVersion) return paper;
  const plan = planOf(schedule, day.date);
  const visits = Object.values(paper.visits).map((visit): [string, Visit] => {
    const outsideSchedule = isLive(visit) ? !fits(plan, visit) : visit.outsideSchedule;
    if (outsideSchedule === visit.outsideSchedule) return [visit.id, visit];
    return [visit.id, { ...visit, outsideSchedule, version: visit.version + 1 }];
  });
  return offeredAfterEdit({ ...paper, plan, visits: Object.fromEntries(visits) }, schedule.version);
};

const frozen = (paper: Paper, [untilMs, by]: [number, string], done: boolean | null): Paper[] => {
  if (paper.plan === null) return [];
  const stands = Object.values(paper.visits).some(isLive) || Object.keys(paper.arrivals).length > 0;
  if (stands) return done === true ? [] : [paper];
  if (done === false || (paper.frozen !== null && paper.frozen.by !== by)) return [];
  return [{ ...paper, frozen: { untilMs, by } }];
};

const newest = (a: DoctorSchedule, b: DoctorSchedule | null): DoctorSchedule =>
  b !== null && b.version > a.version ? b : a;

const reserved = (paper: Paper, operation: Operation, day: DayKey, limits: Limits): Paper[] => {
  const request = operation.args[0] as SeatRequest;
  const answer = operation.answered ? (operation.answer as Seat) : null;
  const code = answer === null || answer.ok ? null : answer.refusal.code;
  if (code === 'temporarily_unavailable') return [paper];
  if (paper.plan === null) return code === null ? [] : [paper];
  if (paper.arrivals[request.moveId] !== undefined) return code === null ? [paper] : [];
  const { appointment, startsAtMs } = request;
  const priority = appointment.priority ?? 'routine';
  const obstacle = obstacles(paper, day, appointment.patientId, startsAtMs, null, priority);
  const why = new Set(obstacle.why);
  const runsOut = appointment.status === 'pending' || appointment.status === 'awaiting_approval';
  if (appointment.status === 'expired' || (runsOut && paper.nowMs >= (appointment.expiresAtMs ?? 0))) {
    why.add('hold_expired');
  }
  if (!isLive(appointment) || (request.by.role === 'patient' && paper.nowMs >= appointment.startsAtMs)) {
    why.add('invalid_transition');
  }
  const isPaidFirst = paper.plan.paymentRequired === true && paper.plan.fee.amount > 0;
  if (isPaidFirst && isUnpaidGuest(request, day, paper.plan.fee)) why.add('payment_required');
  if (appointment.status === 'pending' && holdsOf(paper, appointment.patientId) >= limits.maxHoldsPerDay) {
    why.add('too_many_holds');
  }
  const { slot } = obstacle;
  // It may have been kept, and given back before the answer was made.
  if (code === 'move_failed') {
    return [paper, ...(why.size > 0 || slot === undefined ? [] : keptInVain(paper, request, slot, operation.endStep))];
  }
  if (why.size === 0 && slot !== undefined && kindsFor(paper, slot).asks) why.add('resource_unavailable');
  if (code !== null) return why.has(code) ? [paper] : [];
  why.delete('resource_unavailable');
  if (why.size > 0 || answer === null || !answer.ok) return [];
  if (slot !== undefined && !hasAll(slot, kindsOf(answer.value.appointment))) return [];
  if (!isRightly(answer.value.appointment, request, paper, day, limits)) return [];
  const arriving = visitOf(answer.value.appointment);
  if (arriving.owed !== isPaidFirst || arriving.payment !== (appointment.payment?.id ?? null)) return [];
  if (slot !== undefined && !isFree(paper, slot, arriving.seat, null, priority)) return [];
  return [{ ...paper, arrivals: { ...paper.arrivals, [request.moveId]: visitOf(answer.value.appointment) } }];
};

/** A seat that nobody was told of: it is given back by the event that brings the answer. */
const keptInVain = (paper: Paper, { moveId, appointment }: SeatRequest, slot: PlannedSlot, goneBy: number): Paper[] =>
  kindsFor(paper, slot).kinds.map((kinds) => {
    const { startsAtMs, endsAtMs, mode } = slot;
    const seat = firstFree(paper, slot, null, appointment.priority);
    const visit = { ...visitOf(appointment), startsAtMs, endsAtMs, mode, seat, kinds, goneBy };
    return { ...paper, arrivals: { ...paper.arrivals, [moveId]: visit } };
  });

/** A patient comes from another doctor with what was agreed there, and has paid nobody, or less than it costs here. */
const isUnpaidGuest = ({ appointment, by, from }: SeatRequest, day: DayKey, fee: DoctorSchedule['fee']): boolean => {
  if (from.doctorId === day.doctorId || by.role !== 'patient' || appointment.status === 'pending') return false;
  const { payment } = appointment;
  return !payment || payment.currency !== fee.currency || payment.amountMinor < fee.amount;
};

/** Whether what arrives waits for this doctor exactly when this doctor is to be asked, and for how long. */
const isRightly = (
  { status, expiresAtMs, startsAtMs }: Appointment,
  { appointment: before, by, from }: SeatRequest,
  { plan, nowMs }: Paper,
  day: DayKey,
  limits: Limits,
): boolean => {
  const approves = plan?.approvalRequired === true;
  // The moment of the decision lies between this one and the answer.
  const isFresh =
    expiresAtMs !== null &&
    expiresAtMs <= startsAtMs &&
    expiresAtMs >= Math.min(nowMs + limits.approvalTtlMs, startsAtMs);
  if (before.status === 'pending') return status === 'pending' && expiresAtMs === before.expiresAtMs;
  if (before.status === 'awaiting_approval' && approves) {
    const kept = Math.min(before.expiresAtMs ?? 0, startsAtMs);
    return status === 'awaiting_approval' && (from.doctorId === day.doctorId ? expiresAtMs === kept : isFresh);
  }
  const asks = before.status === 'confirmed' && approves && by.role === 'patient';
  return asks ? status === 'awaiting_approval' && isFresh : status === 'confirmed' && expiresAtMs === null;
};

const without = (paper: Paper, moveId: string): Paper => {
  const { [moveId]: _, ...arrivals } = paper.arrivals;
  return { ...paper, arrivals };
};

/** The seat that was kept is free, and may be offered to who waits for it. */
const released = (paper: Paper, moveId: string): Paper => {
  if (paper.arrivals[moveId] === undefined) return paper;
  const times = (paper.givenBack[moveId] ?? 0) + 1;
  const givenBack = { ...paper.givenBack, [moveId]: times };
  return offeredAfter({ ...without(paper, moveId), givenBack }, freedByMove(moveId, times));
};

const arrived = (paper: Paper, moveId: string, visit: Visit, answers: readonly StoredAnswer[]): Paper => {
  const kept = { ...paper.answers };
  for (const { principal, key, fingerprint, answer } of answers) {
    const name = `${principal} ${key}`;
    if (kept[name] === undefined || kept[name].answer === null) kept[name] = { fingerprint, answer };
  }
  if (paper.arrivals[moveId] === undefined) return { ...paper, answers: kept };
  const { [visit.id]: _, ...forwards } = paper.forwards;
  const outsideSchedule = paper.plan !== null && !fits(paper.plan, visit);
  const visits = { ...paper.visits, [visit.id]: { ...visit, outsideSchedule } };
  return { ...without(paper, moveId), visits, forwards, answers: kept };
};

const forwarded = (paper: Paper, id: string, to: DayKey, version: number): Paper => {
  const known = Math.max(paper.forwards[id]?.version ?? 0, paper.visits[id]?.version ?? 0);
  return paper.plan === null || version <= known
    ? paper
    : { ...paper, forwards: { ...paper.forwards, [id]: { to, version } } };
};

const told = (paper: Paper, moveId: string, kind: MoveOutcome['kind'] | null): Paper[] => {
  const move = paper.moves[moveId];
  if (move?.phase === 'departed') return kind === 'undecided' ? [] : [paper];
  if (move?.phase === 'reserving') {
    if (paper.nowMs < move.deadlineMs) return kind === 'undecided' || kind === null ? [paper] : [];
    return kind === 'abandoned' || kind === null ? abandoned(paper, moveId) : [];
  }
  return kind === 'abandoned' || kind === null ? [paper] : [];
};

const learned = (paper: Paper, moveId: string, outcome: MoveOutcome): Paper[] => {
  if (paper.arrivals[moveId] === undefined || outcome.kind === 'undecided') return [];
  if (outcome.kind === 'abandoned') return [released(paper, moveId)];
  return [arrived(paper, moveId, visitOf(outcome.appointment), outcome.answers)];
};

/** A move that was started is decided one way or the other, and as its request was told. */
const ended = (paper: Paper, moveId: string): Paper[] => {
  const move = paper.moves[moveId];
  if (move?.phase !== 'reserving') return [];
  const said = move.answer === null ? null : (JSON.parse(move.answer) as { ok: boolean }).ok;
  return [...(said === false ? [] : departed(paper, moveId)), ...(said === true ? [] : abandoned(paper, moveId))];
};

const departed = (paper: Paper, moveId: string): Paper[] => {
  const move = paper.moves[moveId];
  const visit = move && paper.visits[move.id];
  if (move === undefined || visit === undefined || !isLive(visit)) return [];
  if (move.role === 'patient' && paper.nowMs >= visit.startsAtMs) return [];
  const { [move.id]: _, ...visits } = paper.visits;
  const forwards = { ...paper.forwards, [move.id]: { to: move.to, version: visit.version + 2 } };
  return decided(offeredAfter({ ...paper, visits, forwards }, freedByVisit(visit)), moveId, 'departed');
};

const abandoned = (paper: Paper, moveId: string): Paper[] => {
  const move = paper.moves[moveId];
  const visit = move && paper.visits[move.id];
  if (move === undefined || visit === undefined) return [];
  const visits = { ...paper.visits, [move.id]: { ...visit, moving: null } };
  return decided({ ...paper, visits }, moveId, 'over');
};

/** The request that started the move has its answer from now on, unless it is to be asked again in a moment. */
const decided = (paper: Paper, moveId: string, phase: 'departed' | 'over'): Paper[] => {
  const move = paper.moves[moveId];
  if (move === undefined) return [];
  const { [moveId]: __, ...otherMoves } = paper.moves;
  // A move that was given up leaves nothing to tell it from one that never began.
  const next = { ...paper, moves: phase === 'over' ? otherMoves : { ...otherMoves, [moveId]: { ...move, phase } } };
  const kept = move.answerKey === null ? undefined : paper.answers[move.answerKey];
  if (move.answerKey === null || kept === undefined) return [next];
  const { [move.answerKey]: _, ...others } = paper.answers;
  const dropped = { ...next, answers: others };
  if (/"(temporarily_unavailable|day_frozen|move_in_progress)"/.test(move.answer ?? '')) return [dropped];
  const stored = { ...next, answers: { ...others, [move.answerKey]: { ...kept, answer: move.answer ?? '?' } } };
  return move.answer === null && phase === 'over' ? [stored, dropped] : [stored];
};
