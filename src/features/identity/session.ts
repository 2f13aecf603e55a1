import type { z } from '@hono/zod-openapi';
import type { Database } from '../../db/client.ts';
import type { Settings } from '../../env.ts';
import { accessTokenTtlSeconds, signAccessToken } from './access-token.ts';
import type { Account } from './account.ts';
import { factsOf } from './facts.ts';
import { startSession } from './refresh-token.ts';
import type { sessionSchema, userSchema } from './schema.ts';

/** An account as its owner sees it. */
export const userOf = (account: Account): z.input<typeof userSchema> => ({
  id: account.id,
  email: account.email,
  fullName: account.fullName,
  phone: account.phone,
  role: account.role,
  createdAt: new Date(account.createdAtMs).toISOString(),
});

/** The answer of signing in: the user, an access token made now, and the session's newest refresh token. */
export const sessionAnswer = async (
  db: Database,
  settings: Settings,
  account: Account,
  session: { readonly sessionId: string; readonly refreshToken: string },
  nowMs: number,
): Promise<z.input<typeof sessionSchema>> => ({
  user: userOf(account),
  accessToken: await signAccessToken(settings, (await factsOf(db, account.id)) ?? account, session.sessionId, nowMs),
  refreshToken: session.refreshToken,
  expiresIn: accessTokenTtlSeconds,
});

/** Opens a session for an account that has proved who it is. */
export const openSession = async (
  db: Database,
  settings: Settings,
  account: Account,
  nowMs: number,
): Promise<z.input<typeof sessionSchema>> => {
  const { statement, ...session } = await startSession(db, account.id, nowMs);
  await statement;
  return sessionAnswer(db, settings, account, session, nowMs);
};
