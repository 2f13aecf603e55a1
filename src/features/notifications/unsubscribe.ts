import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, notificationPreferences } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import type { NotificationKind } from '../../domain/notifications/kinds.ts';
import type { Locale } from '../../domain/notifications/preferences.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { readUnsubscribeToken } from '../../notifications/unsubscribe.ts';
import { titleOf } from '../../notifications/words/render.ts';
import { audienceOf, endMailsOf } from './preferences.ts';

/** A link in a mail, followed: whose mails of what kind it ends, and what its page says. */
export interface Leaving {
  readonly account: Identity;
  readonly kind: NotificationKind;
  readonly locale: Locale;
  /** The title of such mails. */
  readonly title: string;
}

/** Tries that a change of preferences at the same moment costs. */
const tries = 3;

/** Where a link leads; refuses with `not_found` for a token that is not ours, or of somebody who is not there any more. */
export const leavingOf = async (db: Database, dataKey: string, token: string): Promise<Result<Leaving, Refusal>> => {
  const named = await readUnsubscribeToken(dataKey, token);
  if (named === null) return refused(refusal('not_found'));
  const [account] = await db
    .select({ id: accounts.id, role: accounts.role, locale: notificationPreferences.locale })
    .from(accounts)
    .leftJoin(notificationPreferences, eq(notificationPreferences.accountId, accounts.id))
    .where(and(eq(accounts.id, named.accountId), isNull(accounts.deactivatedAtMs)));
  if (account === undefined) return refused(refusal('not_found'));
  const { id, role } = account;
  const locale = account.locale ?? 'en';
  return ok({ account: { id, role }, kind: named.kind, locale, title: titleOf(named.kind, audienceOf(role), locale) });
};

/** Ends the mails that a link is about. Refuses with `version_conflict` when others change the same again and again. */
export const leave = async (
  db: Database,
  { account, kind }: Leaving,
  nowMs: number,
): Promise<Result<true, Refusal>> => {
  for (let tried = 1; ; tried += 1) {
    const ended = await endMailsOf(db, account, kind, nowMs);
    if (ended.ok) return ok(true);
    if (tried === tries) return ended;
  }
};
