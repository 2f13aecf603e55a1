import { and, inArray, isNull, type SQL } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { messages } from '../db/schema.ts';

/**
 * The statement that takes back messages which have not been sent: nothing of what they would say is left. For the batch
 * in which what they tell becomes worthless.
 *
 * @param ids a subquery that names them
 */
export const withdrawMessages = (db: Database, ids: SQL) =>
  db
    .update(messages)
    .set({ content: null, dueAtMs: null })
    .where(and(inArray(messages.id, ids), isNull(messages.sentAtMs)));
