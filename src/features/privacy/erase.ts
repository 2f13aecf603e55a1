import { and, eq, isNull, lte, type SQL, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { accounts, dependants, erasures } from '../../db/schema.ts';
import { leaveEveryLine } from '../../doctor-days/waitlist-leaving.ts';
import type { Identity, Role } from '../../domain/access.ts';
import { settingsOf } from '../../env.ts';
import { anonymousScopeOf } from '../../http/idempotency.ts';
import { describeError, report } from '../../http/log.ts';
import { dispatch, postMessage } from '../../messages/message.ts';
import { auditStatement } from '../audit/record.ts';
import { endAllSessions, endTokens } from '../identity/endings.ts';
import { cancelAppointmentsToCome } from './cancel-appointments.ts';
import { dependantErasure, guardianOf } from './erase-dependant.ts';
import { erasingStatements } from './pseudonym.ts';
import { subjectsOf } from './subjects.ts';

/** Whoever works on an erasure has this long before the next one may. */
const leaseMs = 60_000;
/** A hold that was on its way when the sessions ended reaches D1 within this. */
const lateMs = 120_000;
const sweptAtOnce = 20;

type Erasure = typeof erasures.$inferSelect;

/**
 * Erases a person: signs them out for good, cancels what they have booked, destroys their data key, and leaves an id
 * that is nobody's. The person could be half erased by a crash, but never half erased for long: every minute goes on
 * with what is left. A dependant is erased alone, and the guardian acts for them no more from the first moment on. Gives
 * whether everything that can be read is gone already.
 */
export const erase = async (env: Env, accountId: string, actor: Identity, nowMs: number): Promise<boolean> => {
  const db = database(env.DB);
  await begin(db, accountId, actor, nowMs);
  const [erasure] = await db.select().from(erasures).where(eq(erasures.accountId, accountId));
  if (erasure === undefined) throw new Error('an erasure that has begun is stored');
  return erasure.step === 'started' ? tried(env, erasure, nowMs) : true;
};

/** Goes on with erasures that are due. Every minute. */
export const sweepErasures = async (env: Env, nowMs: number): Promise<number> => {
  const due = await database(env.DB)
    .select()
    .from(erasures)
    .where(lte(erasures.dueAtMs, nowMs))
    .orderBy(erasures.dueAtMs)
    .limit(sweptAtOnce);
  for (const erasure of due) await tried(env, erasure, nowMs);
  return due.length;
};

/** From here on the account signs in no more, whatever happens to the rest. */
const begin = async (db: Database, accountId: string, actor: Identity, nowMs: number): Promise<void> => {
  const row = { accountId, actorId: actor.id, actorRole: actor.role, startedAtMs: nowMs };
  await db.batch([
    db
      .insert(erasures)
      .values({ ...row, step: 'started', dueAtMs: nowMs })
      .onConflictDoNothing(),
    db.update(accounts).set({ deactivatedAtMs: nowMs }).where(eq(accounts.id, accountId)),
    db
      .update(dependants)
      .set({ removedAtMs: nowMs })
      .where(and(eq(dependants.id, accountId), isNull(dependants.removedAtMs))),
  ]);
};

/** One turn at an erasure. What fails is tried again in a minute; two turns at once do the same twice, which is once. */
const tried = async (env: Env, erasure: Erasure, nowMs: number): Promise<boolean> => {
  const db = database(env.DB);
  const { accountId } = erasure;
  try {
    await db
      .update(erasures)
      .set({ dueAtMs: nowMs + leaseMs })
      .where(eq(erasures.accountId, accountId));
    const subjectIds = await subjectsOf(db, accountId);
    if (erasure.step === 'started') {
      const guardianId = await guardianOf(db, accountId);
      // A guardian stays signed in, with tokens that no longer name the dependant.
      if (guardianId === null) await endAllSessions(env, accountId, 'erased', actorOf(erasure));
      else await endTokens(env, guardianId);
      // First, so that nothing is offered to somebody who is going.
      await leaveEveryLine(env, subjectIds, nowMs);
      if (!(await cancelAppointmentsToCome(env, subjectIds, nowMs))) return false;
      if (guardianId === null) await shred(env, erasure, subjectIds, nowMs);
      else await shredded(db, erasure, dependantErasure(db, accountId, guardianId, actorOf(erasure), nowMs), nowMs);
    } else if (await cancelAppointmentsToCome(env, subjectIds, nowMs)) {
      await db
        .update(erasures)
        .set({ step: 'done', dueAtMs: null, doneAtMs: nowMs })
        .where(and(eq(erasures.accountId, accountId), eq(erasures.step, 'shredded')));
    }
    return true;
  } catch (error) {
    report('erasure_interrupted', { accountId, step: erasure.step, ...describeError(error) });
    return erasure.step !== 'started';
  }
};

/** The point of no return, in one transaction: after it nothing is left to read. */
const shred = async (env: Env, erasure: Erasure, subjectIds: readonly string[], nowMs: number): Promise<void> => {
  const db = database(env.DB);
  const { accountId } = erasure;
  const [account] = await db.select({ email: accounts.email }).from(accounts).where(eq(accounts.id, accountId));
  if (account === undefined) throw new Error('an account that is erased exists');
  const farewell = await postMessage(
    db,
    settingsOf(env).dataKey,
    {
      // Of nobody's account, so that it is not deleted with the person's messages before it is sent.
      accountId: null,
      kind: 'account_erased',
      channel: 'email',
      to: account.email,
      subject: 'Your Daybook account has been erased',
      text: 'Your Daybook account and what was written about you have been erased. Appointments to come were cancelled.',
    },
    nowMs,
  );
  const scopes = [accountId, await anonymousScopeOf('email', account.email)];
  const isDone = await shredded(
    db,
    erasure,
    [
      ...erasingStatements(db, accountId, subjectIds, scopes, nowMs),
      farewell.statement,
      auditStatement(db, {
        stream: `account:${accountId}`,
        actor: actorOf(erasure),
        action: 'account.erased',
        subjectId: accountId,
        data: { dependants: subjectIds.length - 1 },
        // Later than the end of the sessions, which reads the clock itself.
        atMs: Math.max(nowMs, Date.now()),
      }),
    ],
    nowMs,
  );
  if (isDone) await dispatch(env, farewell.id);
};

type Statement = Parameters<Database['batch']>[0][number];

/** Does it, once. `false` when another turn was faster. */
const shredded = async (
  db: Database,
  { accountId }: Erasure,
  statements: readonly Statement[],
  nowMs: number,
): Promise<boolean> => {
  try {
    await db.batch([
      guard(db, isStill('started', accountId)),
      ...statements,
      db
        .update(erasures)
        .set({ step: 'shredded', dueAtMs: nowMs + lateMs })
        .where(eq(erasures.accountId, accountId)),
    ]);
  } catch (error) {
    if (guardFailed(error)) return false;
    throw error;
  }
  return true;
};

const isStill = (step: Erasure['step'], accountId: string): SQL =>
  sql`exists (select 1 from ${erasures} where ${erasures.accountId} = ${accountId} and ${erasures.step} = ${step})`;

const actorOf = ({ actorId, actorRole }: Erasure): Identity => ({ id: actorId, role: actorRole as Role });
