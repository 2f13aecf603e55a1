import { linearize } from '../../tests/simulation/linearizability.ts';
import type { Attempt, Record } from './record.ts';
import { type SlotCall, slotModel } from './slot-model.ts';

/** What the checker says of a drill's history, slot by slot: linearizability is a matter of each object alone. */
export interface Explained {
  readonly slots: number;
  readonly calls: number;
  /** Slots whose history no order of its calls explains. */
  readonly unexplained: readonly string[];
  /** Slots on which the search was given up. */
  readonly undecided: readonly string[];
}

/** Whether the history of every slot could have happened one call at a time. */
export const explain = (record: Record, capacities: ReadonlyMap<string, number>, holdTtlMs: number): Explained => {
  const unexplained: string[] = [];
  const undecided: string[] = [];
  let count = 0;
  for (const [slotId, attempts] of Map.groupBy(record.attempts, (attempt) => attempt.slotId)) {
    const calls = [...Map.groupBy(attempts, ({ key }) => key).values()].map(callOf);
    count += calls.length;
    const verdict = linearize(slotModel(capacities.get(slotId) ?? 0, holdTtlMs), calls);
    if (verdict.ok === 'unknown') undecided.push(`${slotId}: too many calls at once to decide`);
    if (verdict.ok === false) {
      const next = verdict.stuck.map((call) => `${call.kind} ${call.status} ${call.code ?? ''}`).join(', ');
      unexplained.push(`${slotId}: after ${verdict.reached.length} of ${calls.length} calls, none of: ${next}`);
    }
  }
  return { slots: capacities.size, calls: count, unexplained, undecided };
};

/**
 * All that was sent under one key is one call: it is decided once, after it was first sent and before it was first
 * answered.
 */
const callOf = (attempts: readonly Attempt[]): SlotCall => {
  const [first] = attempts;
  if (first === undefined) throw new Error('a key was sent at least once');
  const answers = attempts.filter(({ answer }) => answer !== null && answer.body?.code !== 'request_in_flight');
  const answered = answers.length > 0 ? answers.reduce((a, b) => (b.endMs < a.endMs ? b : a)) : null;
  const { status = 0, body = null } = answered?.answer ?? {};
  const held = first.kind === 'hold' && status === 201;
  return {
    start: performance.timeOrigin + Math.min(...attempts.map(({ startMs }) => startMs)),
    end: performance.timeOrigin + (answered?.endMs ?? Number.POSITIVE_INFINITY),
    required: answered !== null,
    kind: first.kind,
    patientId: first.patientId,
    appointmentId: held ? body.id : first.appointmentId,
    status,
    code: body?.code ?? null,
    expiresAtMs: held ? Date.parse(body.expiresAt) : null,
  };
};
