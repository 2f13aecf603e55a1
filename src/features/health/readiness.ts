import { doctorDays } from '../../doctor-days/client.ts';
import type { DayMessage } from '../../doctor-days/queue.ts';

type State = 'ok' | 'failing';

interface Readiness {
  readonly status: State;
  readonly parts: { readonly database: State; readonly doctorDays: State; readonly queue: State };
  /** RFC 3339 in UTC. */
  readonly checkedAt: string;
}

const freshMs = 10_000;
const patienceMs = 3_000;

let last: { readonly atMs: number; readonly readiness: Readiness } | undefined;
let checkingSinceMs: number | undefined;

/**
 * Asks every part that a request may need. Anyone may call this, so each isolate asks at most once in ten seconds and
 * gives the last answer meanwhile.
 */
export const readiness = async (env: Env, nowMs: number): Promise<Readiness> => {
  if (last !== undefined && (isFresh(last.atMs, nowMs) || isFresh(checkingSinceMs, nowMs))) return last.readiness;
  checkingSinceMs = nowMs;
  const [database, days, queue] = await Promise.all([
    stateOf(() => env.DB.prepare('select 1').first()),
    stateOf(() => doctorDays(env).ready()),
    stateOf(() => env.DAY_QUEUE.send({ kind: 'probe' } satisfies DayMessage)),
  ]);
  const parts = { database, doctorDays: days, queue };
  const status = Object.values(parts).every((state) => state === 'ok') ? 'ok' : 'failing';
  last = { atMs: nowMs, readiness: { status, parts, checkedAt: new Date(nowMs).toISOString() } };
  checkingSinceMs = undefined;
  return last.readiness;
};

const isFresh = (sinceMs: number | undefined, nowMs: number): boolean =>
  sinceMs !== undefined && nowMs >= sinceMs && nowMs - sinceMs < freshMs;

/** A part that throws or takes longer than three seconds is failing. */
const stateOf = async (ask: () => Promise<unknown>): Promise<State> => {
  const tooLate = new Promise<State>((resolve) => setTimeout(resolve, patienceMs, 'failing'));
  const answered = async (): Promise<State> => {
    await ask();
    return 'ok';
  };
  return Promise.race([answered().catch((): State => 'failing'), tooLate]);
};
