import { isDeepStrictEqual } from 'node:util';
import type { Payment } from '../../src/domain/doctor-day/appointment.ts';
import type { Limits } from '../../src/domain/doctor-day/command.ts';
import type { DayPlan } from '../../src/domain/doctor-day/plan.ts';
import type { Reply } from '../../src/domain/doctor-day/reply.ts';
import type { RefusalCode } from '../../src/domain/refusal.ts';
import type { Operation } from './history.ts';
import { isUnsettled } from './model-execute.ts';
import { isLive, isShownAs, type Paper, type Visit } from './model-state.ts';

/** Somebody says that an appointment was paid: how that can have gone, given the answer. */
export const paid = (paper: Paper, operation: Operation, limits: Limits): Paper[] => {
  const [id, payment] = operation.args as [string, Omit<Payment, 'atMs'>];
  const reply = operation.answered ? (operation.answer as Reply) : null;
  if (reply !== null && isUnsettled(paper, id, reply)) return [paper];
  if (paper.plan === null) return reply === null || reply.kind === 'unknown' ? [paper] : [];
  const forward = paper.forwards[id];
  if (forward !== undefined) {
    return reply === null || isDeepStrictEqual(reply, { kind: 'elsewhere', day: forward.to }) ? [paper] : [];
  }
  if (reply !== null && reply.kind !== 'answer') return [];
  const told = reply?.result ?? null;
  const refusing = (code: RefusalCode): Paper[] =>
    told === null || (!told.ok && told.refusal.code === code) ? [paper] : [];
  const becomes = (visit: Visit): Paper[] =>
    told === null || (told.ok && isShownAs(visit, told.value))
      ? [{ ...paper, visits: { ...paper.visits, [id]: visit } }]
      : [];
  const visit = paper.visits[id];
  if (visit === undefined) return refusing('not_found');
  if (visit.payment === payment.id) return told === null || told.ok ? [paper] : [];
  if (visit.payment !== null) return refusing('already_paid');
  if (!isLive(visit)) return refusing(visit.status === 'expired' ? 'hold_expired' : 'invalid_transition');
  if (visit.moving !== null) return refusing('move_in_progress');
  if (visit.fee !== `${payment.amountMinor} ${payment.currency}`) return refusing('wrong_amount');
  if (visit.status !== 'pending') return becomes({ ...visit, payment: payment.id, version: visit.version + 1 });
  const both = { ...visit, payment: payment.id, version: visit.version + 2 };
  if (!(paper.plan as DayPlan).approvalRequired) return becomes({ ...both, status: 'confirmed', expiresAtMs: null });
  if (paper.nowMs >= visit.startsAtMs) return refusing('invalid_transition');
  const byMs = Math.min(paper.nowMs + limits.approvalTtlMs, visit.startsAtMs);
  const expiresAtMs = told?.ok ? told.value.expiresAtMs : byMs;
  if ((expiresAtMs ?? 0) < byMs || (expiresAtMs ?? 0) > visit.startsAtMs) return [];
  return becomes({ ...both, status: 'awaiting_approval', expiresAtMs });
};
