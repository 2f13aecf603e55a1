import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { and, eq } from 'drizzle-orm';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { passkeys } from '../../db/schema.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { auditStatement } from '../audit/record.ts';
import { accountOf } from './account.ts';
import { confirmedOwner } from './confirm-password.ts';
import { createdPasskey, creationOptions, type Passkey } from './passkeys.ts';
import { changed } from './second-factor.ts';

/** A passkey as its owner sees it. */
export const passkeyAnswer = ({ id, name, backedUp, createdAtMs, lastUsedAtMs }: Passkey) => ({
  id,
  name,
  backedUp,
  createdAt: new Date(createdAtMs).toISOString(),
  lastUsedAt: lastUsedAtMs === null ? null : new Date(lastUsedAtMs).toISOString(),
});

/** Begins with a passkey: the password again, then the options for the browser. */
export const beginPasskey = async (c: Context<AppEnv>, password: string, nowMs: number) => {
  const owner = await confirmedOwner(c, password);
  return owner.ok ? creationOptions(c, owner.value, nowMs) : owner;
};

/** Adds a passkey that the browser made; its owner is told by mail. Refuses with `passkey_refused`. */
export const addPasskey = async (
  c: Context<AppEnv>,
  given: { readonly name: string; readonly response: unknown },
  nowMs: number,
): Promise<Result<Passkey, Refusal>> => {
  const db = database(c.env.DB);
  const response = given.response as RegistrationResponseJSON;
  const created = await createdPasskey(c, { name: given.name, response }, nowMs);
  const account = created.ok ? await accountOf(db, created.value.accountId) : null;
  if (!created.ok || account === null) return refused(refusal('passkey_refused'));
  const passkey = created.value;
  try {
    const insert = db.insert(passkeys).values({ ...passkey, transports: [...passkey.transports] });
    await changed(c, account, 'passkey.added', `The passkey “${passkey.name}” was added.`, [insert], nowMs);
  } catch (error) {
    // A credential belongs to one account: who brings another's gets no word of whose it is.
    if (violatedUnique(error) !== 'passkeys.id') throw error;
    return refused(refusal('passkey_refused'));
  }
  return ok(passkey);
};

const own = (c: Context<AppEnv>, id: string) => and(eq(passkeys.id, id), eq(passkeys.accountId, c.get('principal').id));

/** Renames one of my passkeys; `null` when I have no such passkey. */
export const renamePasskey = async (
  c: Context<AppEnv>,
  id: string,
  name: string,
  nowMs: number,
): Promise<Passkey | null> => {
  const db = database(c.env.DB);
  const principal = c.get('principal');
  const [known] = await db.select({ id: passkeys.id }).from(passkeys).where(own(c, id));
  if (known === undefined) return null;
  const [[renamed]] = await db.batch([
    db.update(passkeys).set({ name }).where(own(c, id)).returning(),
    auditStatement(db, {
      stream: `account:${principal.id}`,
      actor: principal,
      action: 'passkey.renamed',
      subjectId: principal.id,
      data: {},
      atMs: nowMs,
    }),
  ]);
  return renamed ?? null;
};

/** Removes one of my passkeys. Refuses with `not_found` when I have no such passkey, and as `confirmedOwner` does. */
export const removePasskey = async (
  c: Context<AppEnv>,
  id: string,
  password: string,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const db = database(c.env.DB);
  const [passkey] = await db.select().from(passkeys).where(own(c, id));
  if (passkey === undefined) return refused(refusal('not_found'));
  const owner = await confirmedOwner(c, password);
  if (!owner.ok) return owner;
  const told = `The passkey “${passkey.name}” was removed.`;
  await changed(c, owner.value, 'passkey.removed', told, [db.delete(passkeys).where(own(c, id))], nowMs);
  return ok(null);
};
