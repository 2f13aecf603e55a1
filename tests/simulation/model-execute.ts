import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../../src/domain/access.ts';
import type { Limits, PersonalCommand } from '../../src/domain/doctor-day/command.ts';
import type { DayPlan } from '../../src/domain/doctor-day/plan.ts';
import type { Reply, RequestKey } from '../../src/domain/doctor-day/reply.ts';
import type { AppointmentView } from '../../src/domain/doctor-day/view.ts';
import type { DayKey } from '../../src/domain/ids.ts';
import type { Refusal, RefusalCode } from '../../src/domain/refusal.ts';
import type { Result } from '../../src/domain/result.ts';
import type { PlannedSlot, Priority } from '../../src/domain/schedule.ts';
import type { Operation } from './history.ts';
import {
  firstFree,
  freedByVisit,
  hasAll,
  holdsOf,
  isFree,
  isLive,
  isShownAs,
  kindsFor,
  kindsOf,
  obstacles,
  offeredAfter,
  type Paper,
  type Visit,
} from './model-state.ts';

type Told = Result<AppointmentView, Refusal>;
type About = Exclude<PersonalCommand, { type: 'hold' }>;

/** The refusals of a hold that never reached a day. */
const beforeOpening = new Set<RefusalCode>([
  'slot_not_found',
  'outside_booking_window',
  'mode_unavailable',
  'temporarily_unavailable',
]);

/** What somebody asked of an appointment: every way in which it can have gone, given the answer. */
export const executed = (paper: Paper, operation: Operation, day: DayKey, limits: Limits): Paper[] => {
  const [command] = operation.args as [PersonalCommand];
  if (!isPassing(operation)) return executedAtOnce(paper, operation, day, limits);
  // Out of reach for a moment: nothing happened, except that a move may have begun and been given up.
  return command.type === 'start_move' ? [paper, ...executedAtOnce(paper, operation, day, limits)] : [paper];
};

const isPassing = ({ answered, answer }: Operation): boolean => {
  if (!answered || (answer as Reply).kind !== 'answer') return false;
  const { result } = answer as Reply & { kind: 'answer' };
  return !result.ok && result.refusal.code === 'temporarily_unavailable';
};

const executedAtOnce = (paper: Paper, operation: Operation, day: DayKey, limits: Limits): Paper[] => {
  const [command, key] = operation.args as [PersonalCommand, RequestKey | null];
  const reply = operation.answered ? (operation.answer as Reply) : null;
  const told: Told | null = reply?.kind === 'answer' ? reply.result : null;
  const code = told !== null && !told.ok ? told.refusal.code : null;
  if (paper.plan === null) {
    if (command.type !== 'hold') return reply === null || reply.kind === 'unknown' ? [paper] : [];
    return reply === null || (code !== null && beforeOpening.has(code)) ? [paper] : [];
  }
  const name = key === null ? null : `${command.principal.id} ${key.key}`;
  const kept = name === null ? undefined : paper.answers[name];
  if (kept !== undefined) return isRepeat(kept, key as RequestKey, reply) ? [paper] : [];
  if (command.type !== 'hold' && paper.forwards[command.appointmentId] !== undefined) {
    const { to } = paper.forwards[command.appointmentId] as { to: DayKey };
    return reply === null || isDeepStrictEqual(reply, { kind: 'elsewhere', day: to }) ? [paper] : [];
  }
  if (reply !== null && told === null) return [];
  if (code === 'day_frozen' && command.type !== 'start_move') return paper.frozen !== null ? [paper] : [];
  const after =
    command.type === 'hold'
      ? held(paper, command, told, day, limits)
      : changed(paper, command, told, operation, day, limits);
  // "Try again in a moment" is never kept under a key.
  if (name === null || key === null || code === 'move_in_progress') return after;
  const unkept = reply === null ? after.filter((next) => next === paper) : [];
  const kepts = after.map((next) => {
    const inFlight = command.type === 'start_move' && next.moves !== paper.moves;
    const answer = inFlight ? null : told === null ? '?' : JSON.stringify(told);
    return { ...next, answers: { ...next.answers, [name]: { fingerprint: key.fingerprint, answer } } };
  });
  return [...kepts, ...unkept];
};

/** On its way here, and nobody can say for a moment whether it has arrived. */
export const isUnsettled = (paper: Paper, id: string, reply: Reply): boolean =>
  reply.kind === 'answer' &&
  !reply.result.ok &&
  reply.result.refusal.code === 'temporarily_unavailable' &&
  Object.values(paper.arrivals).some((visit) => visit.id === id);

const isRepeat = (kept: Paper['answers'][string], key: RequestKey, reply: Reply | null): boolean => {
  if (reply === null) return true;
  if (reply.kind !== 'answer') return false;
  const code = reply.result.ok ? null : reply.result.refusal.code;
  if (kept.fingerprint !== key.fingerprint) return code === 'idempotency_key_reused';
  if (kept.answer === null) return code === 'request_in_flight';
  return kept.answer === '?' || isDeepStrictEqual(JSON.parse(kept.answer), JSON.parse(JSON.stringify(reply.result)));
};

const held = (
  paper: Paper,
  command: PersonalCommand & { type: 'hold' },
  told: Told | null,
  day: DayKey,
  limits: Limits,
): Paper[] => {
  const { patientId, priority = 'routine' } = command;
  const obstacle = obstacles(paper, day, patientId, command.startsAtMs, null, priority);
  const why = new Set(obstacle.why);
  if (holdsOf(paper, patientId) >= limits.maxHoldsPerDay) why.add('too_many_holds');
  const { slot } = obstacle;
  if (why.size > 0 || slot === undefined)
    return told === null || (!told.ok && why.has(told.refusal.code)) ? [paper] : [];
  const visit: Visit = {
    id: command.appointmentId,
    patientId,
    ...seatOf(paper, slot, told, null, priority),
    ...agreedTerms(paper.plan as DayPlan, priority),
    status: 'pending',
    expiresAtMs: told?.ok ? told.value.expiresAtMs : paper.nowMs + limits.holdTtlMs,
    outsideSchedule: false,
    version: 1,
    moving: null,
    kinds: [],
  };
  if ((visit.expiresAtMs ?? 0) < paper.nowMs + limits.holdTtlMs) return [];
  return withKinds(paper, slot, told, (kinds) => agreed(paper, { ...visit, kinds }, told, slot, null));
};

/** A seat with what its slot requires, each way in which that can have been got; or nothing, for the clinic had none. */
const withKinds = (
  paper: Paper,
  slot: PlannedSlot,
  told: Told | null,
  seated: (kinds: readonly string[]) => Paper[],
): Paper[] => {
  const { kinds, asks } = kindsFor(paper, slot);
  if (told !== null && !told.ok) return asks && told.refusal.code === 'resource_unavailable' ? [paper] : [];
  if (told === null) return [...kinds.flatMap(seated), ...(asks ? [paper] : [])];
  const got = kindsOf(told.value);
  return hasAll(slot, got) ? seated(got) : [];
};

/** On what terms a hold is made. */
const agreedTerms = ({ fee, paymentRequired }: DayPlan, priority: Priority) => ({
  priority,
  owed: paymentRequired === true && fee.amount > 0,
  fee: `${fee.amount} ${fee.currency}`,
  payment: null,
  extended: false,
});

const seatOf = (paper: Paper, slot: PlannedSlot, told: Told | null, except: string | null, priority: Priority) => ({
  startsAtMs: slot.startsAtMs,
  endsAtMs: slot.endsAtMs,
  mode: slot.mode,
  seat: told?.ok ? told.value.seat : firstFree(paper, slot, except, priority),
});

/** The paper with a visit written on it, if that is what the answer says. */
const agreed = (
  paper: Paper,
  visit: Visit,
  told: Told | null,
  slot: PlannedSlot | null,
  except: string | null,
): Paper[] => {
  if (slot !== null && !isFree(paper, slot, visit.seat, except, visit.priority)) return [];
  if (told !== null && !(told.ok && isShownAs(visit, told.value))) return [];
  return [{ ...paper, visits: { ...paper.visits, [visit.id]: visit } }];
};

/** What a principal may do, written down a second time. */
const isAllowed = ({ id, role }: Principal, type: About['type'], visit: Visit, day: DayKey): boolean => {
  const patient = role === 'patient' && id === visit.patientId;
  const staff = role === 'admin' || (role === 'doctor' && id === day.doctorId);
  switch (type) {
    case 'describe':
      return patient;
    case 'confirm':
    case 'extend':
    case 'cancel':
    case 'reschedule':
    case 'start_move':
      return patient || staff;
    default:
      return staff;
  }
};

const changed = (
  paper: Paper,
  command: About,
  told: Told | null,
  operation: Operation,
  day: DayKey,
  limits: Limits,
): Paper[] => {
  const visit = paper.visits[command.appointmentId];
  const refusing = (...codes: RefusalCode[]): Paper[] =>
    told === null || (!told.ok && codes.includes(told.refusal.code)) ? [paper] : [];
  if (visit === undefined || !isAllowed(command.principal, command.type, visit, day)) return refusing('not_found');
  if (command.type === 'start_move' && command.principal.role === 'doctor' && command.to.doctorId !== day.doctorId) {
    return refusing('forbidden');
  }
  if (visit.moving !== null) return refusing('move_in_progress');
  const byPatient = command.principal.role === 'patient';
  const begun = paper.nowMs >= visit.startsAtMs;
  const call = 'call' in command && command.call !== 'unknown' ? command.call : null;
  const isIn = begun || (call?.doctorId === day.doctorId && call.startsAtMs === visit.startsAtMs);
  const become = (change: Partial<Visit>): Paper[] =>
    agreed(paper, { ...visit, ...change, version: visit.version + 1 }, told, null, null);
  /** The seat is free, and may be offered to who waits for it. */
  const leave = (change: Partial<Visit>): Paper[] =>
    become(change).map((next) => offeredAfter(next, freedByVisit(visit)));
  const { approvalRequired } = paper.plan as DayPlan;
  const approvalBy = (startsAtMs: number): number =>
    told?.ok && told.value.expiresAtMs !== null
      ? told.value.expiresAtMs
      : Math.min(paper.nowMs + limits.approvalTtlMs, startsAtMs);
  switch (command.type) {
    case 'confirm':
      if (visit.status === 'expired') return refusing('hold_expired');
      if (visit.status !== 'pending') return refusing('invalid_transition');
      if (approvalRequired && byPatient && begun) return refusing('invalid_transition');
      if (byPatient && visit.owed && visit.payment === null) return refusing('payment_required');
      return approvalRequired && byPatient
        ? become({ status: 'awaiting_approval', expiresAtMs: approvalBy(visit.startsAtMs) })
        : become({ status: 'confirmed', expiresAtMs: null });
    case 'extend':
      if (visit.status === 'expired') return refusing('hold_expired');
      if (visit.status !== 'pending') return refusing('invalid_transition');
      return visit.extended ? refusing('already_extended') : extended(paper, visit, told, limits, become);
    case 'accept':
    case 'reject':
      if (visit.status !== 'awaiting_approval') return refusing('invalid_transition');
      if (command.type === 'reject') return leave({ status: 'rejected', expiresAtMs: null });
      return become({ status: 'confirmed', expiresAtMs: null });
    case 'cancel':
      if (!isLive(visit) || (visit.status === 'confirmed' && byPatient && isIn)) return refusing('invalid_transition');
      return leave({ status: 'cancelled', expiresAtMs: null });
    case 'complete':
      if (visit.status !== 'confirmed') return refusing('invalid_transition');
      if (!isIn) return refusing('too_early');
      return become({ status: 'completed' });
    case 'mark_no_show':
      if (visit.status !== 'confirmed') return refusing('invalid_transition');
      return begun ? become({ status: 'no_show' }) : refusing('too_early');
    case 'describe':
      return isLive(visit) ? become({}) : refusing('invalid_transition');
    default:
  }
  if (!isLive(visit) || (byPatient && isIn)) return refusing('invalid_transition');
  if (command.type === 'start_move') return started(paper, command, visit, told, operation, limits);
  if (visit.startsAtMs === command.startsAtMs && !visit.outsideSchedule) return refusing('same_slot');
  const { why, slot } = obstacles(paper, day, visit.patientId, command.startsAtMs, visit.id, visit.priority);
  if (why.size > 0 || slot === undefined) return refusing(...why);
  const anew = visit.status === 'confirmed' && approvalRequired && byPatient;
  const waits = visit.status === 'awaiting_approval';
  const asked = anew || (waits && approvalRequired);
  if (asked && paper.nowMs >= slot.startsAtMs) return refusing('outside_booking_window');
  const moved: Visit = {
    ...visit,
    ...seatOf(paper, slot, told, visit.id, visit.priority),
    outsideSchedule: false,
    version: visit.version + 1,
    ...(asked ? { status: 'awaiting_approval', expiresAtMs: approvalBy(slot.startsAtMs) } : {}),
    // Nobody is left to answer.
    ...(waits && !approvalRequired ? { status: 'confirmed', expiresAtMs: null } : {}),
  };
  const after = withKinds(paper, slot, told, (kinds) => agreed(paper, { ...moved, kinds }, told, slot, visit.id));
  const stays = visit.startsAtMs === slot.startsAtMs;
  return stays ? after : after.map((next) => (next === paper ? next : offeredAfter(next, freedByVisit(visit))));
};

/** More time to pay in, never past the start; the moment of the decision lies between this one and the answer. */
const extended = (
  paper: Paper,
  visit: Visit,
  told: Told | null,
  limits: Limits,
  become: (change: Partial<Visit>) => Paper[],
): Paper[] => {
  const before = visit.expiresAtMs ?? 0;
  const atLeast = Math.max(before, Math.min(paper.nowMs + limits.paymentTtlMs, visit.startsAtMs));
  const expiresAtMs = told?.ok ? (told.value.expiresAtMs ?? 0) : atLeast;
  if (expiresAtMs < atLeast || expiresAtMs > Math.max(before, visit.startsAtMs)) return [];
  return become({ extended: true, expiresAtMs });
};

/** A move to another day begins; how it ends is another call. */
const started = (
  paper: Paper,
  command: PersonalCommand & { type: 'start_move' },
  visit: Visit,
  told: Told | null,
  operation: Operation,
  limits: Limits,
): Paper[] => {
  if (told?.ok && (told.value.startsAtMs !== command.startsAtMs || told.value.id !== visit.id)) return [];
  const visits = { ...paper.visits, [visit.id]: { ...visit, moving: command.moveId } };
  const move = {
    id: visit.id,
    phase: 'reserving' as const,
    deadlineMs: paper.nowMs + limits.moveTtlMs,
    to: command.to,
    role: command.principal.role,
    answerKey: command.key === null ? null : `${command.principal.id} ${command.key}`,
    answer: told === null ? null : JSON.stringify(told),
    answeredBy: operation.answered ? operation.endStep : Number.POSITIVE_INFINITY,
  };
  return [{ ...paper, visits, moves: { ...paper.moves, [command.moveId]: move } }];
};
