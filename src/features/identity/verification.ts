import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { accounts } from '../../db/schema.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { invariant, ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { dispatch, postMessage } from '../../messages/message.ts';
import { auditStatement } from '../audit/record.ts';
import { type Account, accountOf } from './account.ts';
import {
  challengeSeconds,
  type Met,
  makeChallenge,
  tryChallenge,
  useChallenge,
  voidChallenges,
  withinRation,
} from './challenge.ts';
import { endTokens } from './endings.ts';
import { waits } from './login.ts';
import { codeMail, codeSms } from './notices.ts';

/** What is to be verified: the account's own e-mail address, or a phone number that it will have then. */
export type Verifiable = { readonly channel: 'email' } | { readonly channel: 'phone'; readonly phone: string };

const hourMs = 3_600_000;

/**
 * Sends a code of six digits, good for ten minutes and five tries; an earlier one is worth nothing then. Refuses with
 * `rate_limited` after five within an hour, for the account or for the number, and with `sms_not_sent`. Whether a number is another account's is
 * told only to who proves to have it.
 */
export const sendCode = async (
  c: Context<AppEnv>,
  what: Verifiable,
  nowMs: number,
): Promise<Result<{ verificationToken: string; expiresIn: number }, Refusal>> => {
  const db = database(c.env.DB);
  const settings = c.get('settings');
  const account = await accountOf(db, c.get('principal').id);
  if (account === null) return refused(refusal('unauthenticated'));
  const { channel: kind } = what;
  // A code that nobody can be sent would prove nothing, were it ever read somewhere else.
  if (kind === 'phone' && settings.delivery.sms.transport === 'none') return refused(refusal('sms_not_sent'));
  const to = kind === 'email' ? account.email : what.phone;
  const about = { kind, accountId: account.id, subject: to, payload: { to } };
  const made = await makeChallenge(db, settings, about, nowMs, 'with code');
  const message = kind === 'email' ? codeMail(to, account.id, made) : codeSms(to, account.id, made);
  const told = await postMessage(db, settings.dataKey, message, nowMs, made.messageId);
  const ration = guard(db, await withinRation(settings, about, nowMs));
  try {
    await db.batch([ration, ...voidChallenges(db, kind, account.id, nowMs), made.statement, told.statement]);
  } catch (error) {
    if (guardFailed(error)) return refused(waits(hourMs));
    throw error;
  }
  await dispatch(c.env, told.id);
  return ok({ verificationToken: made.token, expiresIn: challengeSeconds(kind) });
};

/**
 * Verifies what a code was sent to. Refuses with `wrong_code` for anything but the right code of the account's newest
 * one, and with `phone_taken`. A token refreshed afterwards says that the address is verified.
 */
export const confirmCode = async (
  c: Context<AppEnv>,
  given: { readonly channel: 'email' | 'phone'; readonly verificationToken: string; readonly code: string },
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const db = database(c.env.DB);
  const { id } = c.get('principal');
  const { channel: kind, verificationToken: token, code } = given;
  const met = await tryChallenge(db, c.get('settings'), { kind, token, code, of: id }, nowMs);
  const account = met === null ? null : await accountOf(db, id);
  if (met === null || account === null) return refused(refusal('wrong_code'));
  const { to } = sentTo(met);
  if (kind === 'email' && account.email !== to) return refused(refusal('wrong_code'));
  if (!(await useChallenge(db, met, nowMs))) return refused(refusal('wrong_code'));
  return verified(c, account, kind, to, nowMs);
};

const verified = async (
  c: Context<AppEnv>,
  account: Account,
  kind: 'email' | 'phone',
  to: string,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const db = database(c.env.DB);
  const set = kind === 'email' ? { emailVerifiedAtMs: nowMs } : { phone: to, phoneVerifiedAtMs: nowMs };
  const entry = { stream: `account:${account.id}`, actor: account, action: `${kind}.verified`, subjectId: account.id };
  try {
    await db.batch([
      db.update(accounts).set(set).where(eq(accounts.id, account.id)),
      auditStatement(db, { ...entry, data: {}, atMs: nowMs }),
    ]);
  } catch (error) {
    if (violatedUnique(error) !== 'accounts.phone') throw error;
    return refused(refusal('phone_taken'));
  }
  await endTokens(c.env, account.id);
  return ok(null);
};

const sentTo = ({ payload }: Met): { readonly to: string } => {
  invariant(typeof payload === 'object' && payload !== null && 'to' in payload, 'a code was sent to something');
  return payload as { to: string };
};

/** The statement that an account's owner has proved to read mail to its address, if nobody had before. */
export const emailProved = (db: ReturnType<typeof database>, accountId: string, nowMs: number) =>
  db
    .update(accounts)
    .set({ emailVerifiedAtMs: sql`${nowMs}` })
    .where(and(eq(accounts.id, accountId), isNull(accounts.emailVerifiedAtMs)));
