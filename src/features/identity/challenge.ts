import { and, eq, gt, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { challenges } from '../../db/schema.ts';
import { sealedColumn } from '../../db/sealed-column.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import type { Settings } from '../../env.ts';
import { withdrawMessages } from '../../messages/withdraw.ts';
import { keyedHash, sameText } from './keyed-hash.ts';

const minute = 60_000;
const hour = 60 * minute;

type Kind = (typeof challenges.$inferSelect)['kind'];

/** How long each kind is good, and how often it may be tried. */
const limits = {
  register: { ttlMs: 10 * minute, tries: 5 },
  email: { ttlMs: 10 * minute, tries: 5 },
  phone: { ttlMs: 10 * minute, tries: 5 },
  reset: { ttlMs: 30 * minute, tries: 5 },
  second_factor: { ttlMs: 5 * minute, tries: 5 },
  passkey: { ttlMs: 5 * minute, tries: 1 },
} as const satisfies Record<Kind, { ttlMs: number; tries: number }>;

/** How many codes or links of a kind are sent to one address, or for one account, within an hour. */
const sentWithinAnHour = 5;

/** Seconds for which a challenge of a kind is good. */
export const challengeSeconds = (kind: Kind): number => limits[kind].ttlMs / 1000;

const messagePrefix = 'm_';

const payloadColumn = (settings: Settings) => sealedColumn(settings.dataKey, 'challenges.payload');
const subjectOf = (settings: Settings, kind: Kind, text: string) =>
  keyedHash(settings.dataKey, `challenge of ${kind}`, text);
const codeHashOf = (settings: Settings, id: string, code: string) =>
  keyedHash(settings.dataKey, 'challenge code', id, code);
// 256 random bits need no slow hash: nobody can guess one from its SHA-256.
const idOf = async (token: string): Promise<string> =>
  toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))));

/** Six digits, each as likely as any other. */
const sixDigits = (): string => {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  // 4294 million is the last multiple of a million below 2^32: what lies above would favour low codes.
  return random < 4_294_000_000 ? String(random % 1_000_000).padStart(6, '0') : sixDigits();
};

/** What a challenge is about. */
export interface About {
  readonly kind: Kind;
  readonly accountId: string | null;
  /** Whom it is sent to, or whose it is: what is counted, so that nobody gets too many. */
  readonly subject: string;
  readonly payload?: unknown;
}

/** A challenge as it goes out, and the statement that stores it. */
export interface Made {
  /** To be brought back: the secret itself, or, of a code, which challenge it answers. */
  readonly token: string;
  /** Six digits; only with `withCode`. */
  readonly code: string;
  /** The id of the message that tells it: with the challenge, what was not sent of it goes. */
  readonly messageId: string;
  /** When it is of no more use, ms. */
  readonly expiresAtMs: number;
  readonly statement: ReturnType<typeof insert>;
}

/** Makes a challenge; with a code, the token alone is worth nothing. */
export const makeChallenge = async (
  db: Database,
  settings: Settings,
  about: About,
  nowMs: number,
  withCode: 'with code' | 'token alone',
): Promise<Made> => {
  const token = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const id = await idOf(token);
  const code = sixDigits();
  const { ttlMs, tries } = limits[about.kind];
  const row = {
    id,
    kind: about.kind,
    accountId: about.accountId,
    subject: await subjectOf(settings, about.kind, about.subject),
    codeHash: withCode === 'with code' ? await codeHashOf(settings, id, code) : null,
    payload: about.payload === undefined ? null : await payloadColumn(settings).seal(id, JSON.stringify(about.payload)),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + ttlMs,
    triesLeft: tries,
  };
  const { expiresAtMs } = row;
  return { token, code, messageId: `${messagePrefix}${id}`, expiresAtMs, statement: insert(db, row) };
};

const insert = (db: Database, row: typeof challenges.$inferInsert) => db.insert(challenges).values(row);

/**
 * The condition that neither a subject nor an account has been given as many challenges of a kind within the hour as it
 * may. For a `guard` in the batch that stores one more, so that many at once are no more than that.
 */
export const withinRation = async (
  settings: Settings,
  { kind, subject, accountId }: About,
  nowMs: number,
): Promise<SQL> => {
  const isFew = (whose: SQL) =>
    sql`(select count(*) from ${challenges} where ${whose} and ${challenges.kind} = ${kind}
      and ${challenges.createdAtMs} > ${nowMs - hour}) < ${sentWithinAnHour}`;
  const ofSubject = isFew(eq(challenges.subject, await subjectOf(settings, kind, subject)));
  return accountId === null ? ofSubject : sql`${ofSubject} and ${isFew(eq(challenges.accountId, accountId))}`;
};

/** A challenge that was met. */
export interface Met {
  readonly id: string;
  readonly accountId: string | null;
  /** What was sealed with it; the caller knows its shape by the kind. */
  readonly payload: unknown;
}

const good = (id: string, kind: Kind, nowMs: number) =>
  and(eq(challenges.id, id), eq(challenges.kind, kind), isNull(challenges.usedAtMs), gt(challenges.expiresAtMs, nowMs));

/**
 * Tries a challenge: one try is gone before its answer is compared, so that many at once are no more than its tries.
 * `null` for anything but one that is good: unknown, used, run out, out of tries, of another kind or account, or with
 * another code. What is met is not used yet: see {@link useChallenge}.
 *
 * @param of whose it must be, where that is known
 */
export const tryChallenge = async (
  db: Database,
  settings: Settings,
  given: { readonly kind: Kind; readonly token: string; readonly code?: string; readonly of?: string },
  nowMs: number,
): Promise<Met | null> => {
  const [row] = await db
    .update(challenges)
    .set({ triesLeft: sql`${challenges.triesLeft} - 1` })
    .where(and(good(await idOf(given.token), given.kind, nowMs), gt(challenges.triesLeft, 0)))
    .returning();
  if (row === undefined || (given.of !== undefined && row.accountId !== given.of)) return null;
  if (row.codeHash !== null) {
    if (!sameText(row.codeHash, await codeHashOf(settings, row.id, given.code ?? ''))) return null;
  }
  const payload = row.payload === null ? null : JSON.parse(await payloadColumn(settings).open(row.id, row.payload));
  return { id: row.id, accountId: row.accountId, payload };
};

/** Uses a challenge up. `true` for one caller only, however many met it at once. */
export const useChallenge = async (db: Database, met: Met, nowMs: number): Promise<boolean> => {
  const [used] = await db.batch([
    db
      .update(challenges)
      .set({ usedAtMs: nowMs })
      .where(and(eq(challenges.id, met.id), isNull(challenges.usedAtMs)))
      .returning({ id: challenges.id }),
    withdrawMessages(db, sql`(select ${messagePrefix + met.id})`),
  ]);
  return used.length > 0;
};

/**
 * Makes every other open challenge of a kind of an account worthless, and takes back what was not sent of them. For the
 * batch of what it is about.
 */
export const voidChallenges = (db: Database, kind: Kind, accountId: string, nowMs: number) => {
  const open = and(eq(challenges.accountId, accountId), eq(challenges.kind, kind), isNull(challenges.usedAtMs));
  return [
    withdrawMessages(db, sql`(select ${messagePrefix} || ${challenges.id} from ${challenges} where ${open})`),
    db.update(challenges).set({ usedAtMs: nowMs }).where(open),
  ] as const;
};

/** Deletes challenges that ran out over a day ago, and gives their number. A weekly job. */
export const forgetOldChallenges = async (db: Database, nowMs: number): Promise<number> => {
  const { meta } = await db.delete(challenges).where(lt(challenges.expiresAtMs, nowMs - 24 * hour));
  return meta.changes;
};
