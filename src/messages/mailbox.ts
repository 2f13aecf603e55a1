import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { messages } from '../db/schema.ts';
import { type Content, contentColumn } from './message.ts';

const shown = 100;

/** A message as the mailbox of a developer's machine shows it. */
export interface Kept extends Content {
  readonly id: string;
  readonly channel: 'email' | 'sms' | 'push';
  readonly kind: string;
  readonly accountId: string | null;
  /** When it was made, RFC 3339. */
  readonly at: string;
  readonly state: 'delivered' | 'sent' | 'given up' | 'waiting';
}

/** The newest messages whose content is still there, or the one with an id. */
export const keptMessages = async (db: Database, dataKey: string, id?: string): Promise<Kept[]> => {
  const rows = await db
    .select()
    .from(messages)
    .where(id === undefined ? undefined : and(eq(messages.id, id), isNotNull(messages.content)))
    // As they came, whatever clock they were made by.
    .orderBy(sql`rowid desc`)
    .limit(shown);
  const column = contentColumn(dataKey);
  return Promise.all(
    rows
      .flatMap((row) => (row.content === null ? [] : [{ ...row, content: row.content }]))
      .map(async (row) => ({
        id: row.id,
        channel: row.channel,
        kind: row.kind,
        accountId: row.accountId,
        at: new Date(row.createdAtMs).toISOString(),
        state: stateOf(row),
        ...(JSON.parse(await column.open(row.id, row.content)) as Content),
      })),
  );
};

const stateOf = (row: typeof messages.$inferSelect): Kept['state'] => {
  if (row.deliveredAtMs !== null) return 'delivered';
  if (row.failedAtMs !== null) return 'given up';
  return row.sentAtMs === null ? 'waiting' : 'sent';
};
