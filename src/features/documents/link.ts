import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, dependants } from '../../db/schema.ts';
import { type Principal, principalOf } from '../../domain/access.ts';
import { keyedHash, sameText } from '../identity/keyed-hash.ts';

/** How long a link is good: for a browser to begin with it, not for keeping. */
const linkMs = 5 * 60_000;

/** What a link is for: one document, one account. */
interface Linked {
  readonly documentId: string;
  readonly accountId: string;
}

/** A link's token, and until when it is good. It is signed and kept nowhere; the policy is asked again when it is used. */
export const linkToken = async (
  dataKey: string,
  { documentId, accountId }: Linked,
  nowMs: number,
): Promise<{ readonly token: string; readonly expiresAtMs: number }> => {
  const expiresAtMs = nowMs + linkMs;
  const said = [documentId.slice(2), accountId.slice(2), expiresAtMs.toString(36)].join('.');
  return { token: `${said}.${await signed(dataKey, said)}`, expiresAtMs };
};

const signed = (dataKey: string, said: string): Promise<string> => keyedHash(dataKey, 'document link', said);

/** What a token is for; `null` for one that is not ours or not good any more. At the instant it says it ends. */
export const readLink = async (dataKey: string, token: string, nowMs: number): Promise<Linked | null> => {
  const [, said, document, account, expires, mac] =
    /^(([\w-]{16})\.([\w-]{16})\.([0-9a-z]{6,9}))\.([\w-]{43})$/.exec(token) ?? [];
  if (said === undefined || mac === undefined || expires === undefined) return null;
  if (!sameText(mac, await signed(dataKey, said))) return null;
  return Number.parseInt(expires, 36) > nowMs ? { documentId: `d_${document}`, accountId: `u_${account}` } : null;
};

/** Who an account is now, as far as documents go; `null` for one that is not active. */
export const holderOf = async (db: Database, accountId: string): Promise<Principal | null> => {
  const [[account], children] = await db.batch([
    db
      .select({ role: accounts.role })
      .from(accounts)
      .where(and(eq(accounts.id, accountId), isNull(accounts.deactivatedAtMs))),
    db
      .select({ id: dependants.id })
      .from(dependants)
      .where(and(eq(dependants.guardianId, accountId), isNull(dependants.removedAtMs))),
  ]);
  if (account === undefined) return null;
  return principalOf({ id: accountId, role: account.role, dependantIds: children.map(({ id }) => id) });
};
