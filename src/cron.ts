import { database } from './db/client.ts';
import { anchorDay } from './features/audit/anchors.ts';
import { sealWaiting } from './features/audit/seal.ts';
import { sweepDocuments } from './features/doctors/documents.ts';
import { retirePastDays } from './features/doctors/search-upkeep.ts';
import { forgetOldChallenges } from './features/identity/challenge.ts';
import { retellEndings } from './features/identity/endings.ts';
import { forgetOldSessions } from './features/identity/refresh-token.ts';
import { sweepErasures } from './features/privacy/erase.ts';
import { rollIndex, sweepStaleDays } from './features/schedules/changes.ts';
import { forgetDeadLetters } from './features/system/dead-letters.ts';
import { forgetOldAnswers } from './http/idempotency.ts';
import { forgetOldMessages, sweepMessages } from './messages/consume.ts';
import { rewrapDataKeys } from './sealing/rewrap.ts';

/** Every minute: the audit is sealed, days that a schedule edit has not reached are told again, and search lets go of days that are over. */
export const runEveryMinute = async (env: Env, nowMs: number): Promise<void> => {
  await sealWaiting(env.DB);
  await sweepStaleDays(env, nowMs);
  await retirePastDays(database(env.DB), nowMs);
  await sweepDocuments(env, nowMs);
  await sweepMessages(env, nowMs);
  await retellEndings(env, nowMs);
  await sweepErasures(env, nowMs);
  await rewrapDataKeys(env);
};

/** Daily: the audit is anchored, the search index moves on by a day; answers and sessions past their use are forgotten. */
export const runDaily = async (env: Env, nowMs: number): Promise<void> => {
  const db = database(env.DB);
  await anchorDay(env, nowMs);
  await rollIndex(env, nowMs);
  await forgetOldAnswers(db, nowMs);
  await forgetOldSessions(db, nowMs);
  await forgetOldMessages(db, nowMs);
  await forgetOldChallenges(db, nowMs);
  await forgetDeadLetters(db, nowMs);
};
