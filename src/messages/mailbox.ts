import { and, desc, eq, isNotNull } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { messages } from '../db/schema.ts';
import { type Content, contentColumn } from './message.ts';

const shown = 100;

/** A message as the mailbox of a developer's machine shows it. */
export interface Kept extends Content {
  readonly id: string;
  readonly channel: 'email' | 'sms';
  readonly kind: string;
  readonly accountId: string | null;
  /** When it was made, RFC 3339. */
  readonly at: string;
  readonly state: 'sent' | 'given up' | 'waiting';
}

/** The newest messages whose content is still there, or the one with an id. */
export const keptMessages = async (db: Database, dataKey: string, id?: string): Promise<Kept[]> => {
  const rows = await db
    .select()
    .from(messages)
    .where(id === undefined ? undefined : and(eq(messages.id, id), isNotNull(messages.content)))
    .orderBy(desc(messages.createdAtMs), desc(messages.id))
    .limit(shown);
  const column = contentColumn(dataKey);
  return Promise.all(
    rows
      .flatMap((row) => (row.content === null ? [] : [{ ...row, content: row.content }]))
      .map(async ({ id: rowId, channel, kind, accountId, createdAtMs, sentAtMs, failedAtMs, content }) => ({
        id: rowId,
        channel,
        kind,
        accountId,
        at: new Date(createdAtMs).toISOString(),
        state:
          sentAtMs !== null ? ('sent' as const) : failedAtMs !== null ? ('given up' as const) : ('waiting' as const),
        ...(JSON.parse(await column.open(rowId, content)) as Content),
      })),
  );
};
