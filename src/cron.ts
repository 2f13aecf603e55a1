import { database } from './db/client.ts';
import { retirePastDays } from './features/doctors/search-upkeep.ts';
import { retellEndings } from './features/identity/endings.ts';
import { forgetOldSessions } from './features/identity/refresh-token.ts';
import { rollIndex, sweepStaleDays } from './features/schedules/changes.ts';
import { forgetOldAnswers } from './http/idempotency.ts';
import { forgetOldMessages, sweepMessages } from './messages/consume.ts';

/** Every minute: days that a schedule edit has not reached are told again, and search lets go of days that are over. */
export const runEveryMinute = async (env: Env, nowMs: number): Promise<void> => {
  await sweepStaleDays(env, nowMs);
  await retirePastDays(database(env.DB), nowMs);
  await sweepMessages(env, nowMs);
  await retellEndings(env, nowMs);
};

/** Daily: the search index moves on by a day; answers and sessions past their use are forgotten. */
export const runDaily = async (env: Env, nowMs: number): Promise<void> => {
  const db = database(env.DB);
  await rollIndex(env, nowMs);
  await forgetOldAnswers(db, nowMs);
  await forgetOldSessions(db, nowMs);
  await forgetOldMessages(db, nowMs);
};
