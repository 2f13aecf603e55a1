import { and, eq, isNull, lt } from 'drizzle-orm';
import type { Context, MiddlewareHandler } from 'hono';
import { type Database, database } from '../db/client.ts';
import { idempotencyRecords } from '../db/schema.ts';
import { refusal } from '../domain/refusal.ts';
import type { AppEnv } from './context.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { problemAnswer, RefusalException } from './problem.ts';
import { open, type RequestSecrets, requestSecrets, type StoredAnswer, seal } from './sealed-answer.ts';

/** After this the request that claimed a key has crashed: no request lives so long. */
const claimTtlMs = 60_000;
const keptMs = 48 * 3_600_000;
/** Headers that belong to the answer; all others belong to the occasion. */
const keptHeaders = ['content-type', 'location', 'etag'];
const shownOnce = 'This was done, and its answer held a secret that is shown once.';
/** Refused before anything was decided: the same key may be used again once the request is put right. */
const undecided = new Set([400, 401, 413, 415]);

/**
 * Gives a mutation that D1 decides the same answer however often it is sent with one Idempotency-Key
 * (draft-ietf-httpapi-idempotency-key-header). Put it after authentication: the key counts per principal.
 * Refuses with `idempotency_key_reused` when the key came with another request before, and with `request_in_flight`
 * while the first one is not answered. Without the header it does nothing.
 */
export const idempotent: MiddlewareHandler<AppEnv> = (c, next) => once(c, next, async () => c.get('principal').id);

/**
 * As {@link idempotent}, for requests of nobody yet. The key then counts per value of one field of the body (the
 * e-mail address, the refresh token): strangers who chose the same key never meet, and a key is no oracle.
 */
export const idempotentBy = (field: string): MiddlewareHandler<AppEnv> => {
  return (c, next) => once(c, next, (body) => anonymousScope(field, body));
};

/**
 * For requests that hold a secret which is good once, or is asked for what must not be kept: a repeat does nothing twice by
 * itself. The key has to be one, and is not looked at further: a kept answer would give its tokens, and say whose they
 * are, long after the session has ended and its owner was erased.
 */
export const keptNowhere: MiddlewareHandler<AppEnv> = async (c, next) => {
  idempotencyKeyOf(c);
  await next();
};

/**
 * As {@link idempotent}, where the answer shows a secret this once. A repeat changes nothing, and is refused with
 * `idempotency_key_reused` instead of being given the secret again; whoever missed it has another one made.
 */
export const idempotentShownOnce: MiddlewareHandler<AppEnv> = (c, next) =>
  once(
    c,
    next,
    async () => c.get('principal').id,
    () => problemAnswer(refusal('idempotency_key_reused', shownOnce), c.get('requestId')),
  );

/** Deletes answers that are older than 48 hours, and gives their number. A daily job. */
export const forgetOldAnswers = async (db: Database, nowMs: number): Promise<number> => {
  const { meta } = await db.delete(idempotencyRecords).where(lt(idempotencyRecords.createdAtMs, nowMs - keptMs));
  return meta.changes;
};

const once = async (
  c: Context<AppEnv>,
  next: () => Promise<void>,
  scopeOf: (body: ArrayBuffer) => Promise<string>,
  instead?: () => Response,
): Promise<Response | undefined> => {
  const key = idempotencyKeyOf(c);
  if (key === null) {
    await next();
    return undefined;
  }
  const body = await c.req.arrayBuffer();
  const principal = await scopeOf(body);
  const { pathname, search } = new URL(c.req.url);
  const secrets = await requestSecrets(
    c.get('settings').dataKey,
    [principal, key, c.req.method, pathname + search],
    body,
  );
  const db = database(c.env.DB);
  const claim: Claim = { principal, key, fingerprint: secrets.fingerprint, createdAtMs: Date.now() };
  const given = await claimOrFind(db, claim, secrets);
  if (given !== null) return new Response(given.body === '' ? null : given.body, given);
  await next();
  if (c.res.status >= 500 || undecided.has(c.res.status)) await release(db, claim);
  else {
    const kept = instead !== undefined && c.res.ok ? instead() : c.res;
    await keep(db, claim, await seal(secrets.sealingKey, await answerOf(kept)));
  }
  return undefined;
};

interface Claim {
  readonly principal: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly createdAtMs: number;
}

/** Claims a key (`null`), or finds the answer it has. One transaction: of two requests at once, one claims. */
const claimOrFind = async (db: Database, claim: Claim, secrets: RequestSecrets): Promise<StoredAnswer | null> => {
  const [claimed, [found]] = await db.batch([
    db
      .insert(idempotencyRecords)
      .values(claim)
      .onConflictDoUpdate({
        target: [idempotencyRecords.principal, idempotencyRecords.key],
        set: { createdAtMs: claim.createdAtMs },
        setWhere: and(
          isNull(idempotencyRecords.answer),
          eq(idempotencyRecords.fingerprint, claim.fingerprint),
          lt(idempotencyRecords.createdAtMs, claim.createdAtMs - claimTtlMs),
        ),
      })
      .returning({ key: idempotencyRecords.key }),
    db
      .select({ fingerprint: idempotencyRecords.fingerprint, answer: idempotencyRecords.answer })
      .from(idempotencyRecords)
      .where(and(eq(idempotencyRecords.principal, claim.principal), eq(idempotencyRecords.key, claim.key))),
  ]);
  if (claimed.length > 0) return null;
  if (found?.fingerprint !== claim.fingerprint) throw new RefusalException(refusal('idempotency_key_reused'));
  const answer = found.answer === null ? null : await open(secrets.sealingKey, found.answer);
  if (answer === null) throw new RefusalException(refusal('request_in_flight'));
  return answer;
};

/** The row of a claim, unless another request has taken it over meanwhile. */
const mine = (claim: Claim) =>
  and(
    eq(idempotencyRecords.principal, claim.principal),
    eq(idempotencyRecords.key, claim.key),
    eq(idempotencyRecords.createdAtMs, claim.createdAtMs),
    isNull(idempotencyRecords.answer),
  );

const release = (db: Database, claim: Claim) => db.delete(idempotencyRecords).where(mine(claim));

const keep = (db: Database, claim: Claim, answer: string) =>
  db.update(idempotencyRecords).set({ answer }).where(mine(claim));

const answerOf = async (response: Response): Promise<StoredAnswer> => ({
  status: response.status,
  headers: Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  ),
  body: await response.clone().text(),
});

const anonymousScope = (field: string, body: ArrayBuffer): Promise<string> => {
  const value = read(body)?.[field];
  // Nothing but a string is turned into one: a body chooses what its own values do when they are converted.
  return anonymousScopeOf(field, typeof value === 'string' ? value : '');
};

/** The scope of the keys of requests of nobody yet, by the field they count by and its value. */
export const anonymousScopeOf = async (field: string, value: string): Promise<string> => {
  const text = value.trim().toLowerCase();
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify([field, text])));
  return `anonymous:${Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
};

const read = (body: ArrayBuffer): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};
