import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { guard, guardFailed } from '../db/guard.ts';
import { messages } from '../db/schema.ts';
import { report } from '../http/log.ts';
import { type Settlement, settled, settlingStatements } from './settling.ts';

/**
 * What Twilio signs (its "Security" page): the address it was told to post to, and the form's fields in order, each name
 * and value one after the other; HMAC-SHA-1 by the account's token, base64.
 */
export const isSignedByTwilio = async (
  authToken: string,
  url: string,
  form: URLSearchParams,
  signature: string,
): Promise<boolean> => {
  const mac = bytesOf(signature);
  if (mac === null) return false;
  const utf8 = new TextEncoder();
  const names = [...new Set(form.keys())].sort();
  const fields = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => `${name}${value}`));
  const algorithm = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', utf8.encode(authToken), algorithm, false, ['verify']);
  return crypto.subtle.verify('HMAC', key, mac, utf8.encode(url + fields.join('')));
};

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
};

/**
 * Records what Twilio says became of a message. `false` when there is no such SMS. What it says twice, too late, or of
 * a copy that is not the one we know changes nothing; that a copy arrived counts whichever it was.
 */
export const noteSmsStatus = async (
  env: Env,
  db: Database,
  id: string,
  { sid, status }: { readonly sid: string; readonly status: string },
  nowMs: number,
): Promise<boolean> => {
  const [message] = await db
    .select({ kind: messages.kind, receipt: messages.receipt, attempts: messages.attempts })
    .from(messages)
    .where(and(eq(messages.id, id), eq(messages.channel, 'sms')));
  if (message === undefined) return false;
  const arrived = status === 'delivered';
  const lost = (status === 'undelivered' || status === 'failed') && (message.receipt ?? sid) === sid;
  if (!arrived && !lost) return true;
  const outcome = arrived ? ('delivered' as const) : ('given_up' as const);
  const settlement: Settlement = {
    ...{ messageId: id, channel: 'sms', outcome, reason: arrived ? null : 'undelivered', atMs: nowMs },
  };
  try {
    await db.batch([
      guard(
        db,
        sql`exists (select 1 from messages where id = ${id} and delivered_at_ms is null
          and (${arrived} or failed_at_ms is null))`,
      ),
      db
        .update(messages)
        .set({
          // Twilio may be faster than our own record of its yes, which this then stands for.
          ...{ sentAtMs: sql`coalesce(${messages.sentAtMs}, ${nowMs})`, dueAtMs: null, content: null, receipt: sid },
          ...(arrived
            ? { deliveredAtMs: nowMs, failedAtMs: null, failure: null }
            : { failedAtMs: nowMs, failure: 'undelivered' }),
        })
        .where(eq(messages.id, id)),
      ...settlingStatements(db, settlement),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return true;
  }
  if (lost) report('message_given_up', { id, channel: 'sms', ...message, why: 'undelivered' });
  await settled(env, settlement);
  return true;
};
