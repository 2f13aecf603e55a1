import { database } from './db/client.ts';
import { rollIndex, sweepStaleDays } from './features/schedules/changes.ts';
import { forgetOldAnswers } from './http/idempotency.ts';

/** Every minute: days that a schedule edit has not reached are told again. */
export const runEveryMinute = (env: Env, nowMs: number): Promise<void> => sweepStaleDays(env, nowMs);

/** Daily: the search index moves on by a day, answers past their use are forgotten. */
export const runDaily = async (env: Env, nowMs: number): Promise<void> => {
  await rollIndex(env, nowMs);
  await forgetOldAnswers(database(env.DB), nowMs);
};
