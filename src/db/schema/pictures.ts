import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

/** Pictures of people, in the bucket. A row is there before its file and goes after it, so that no file is unknown. */
export const pictures = sqliteTable(
  'pictures',
  {
    objectKey: text('object_key').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    mediaType: text('media_type', { enum: ['image/jpeg', 'image/png'] }).notNull(),
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When the file had arrived; `null` while it is on its way. */
    storedAtMs: integer('stored_at_ms'),
    /** From then on it is nobody's picture, and its file goes. */
    deletedAtMs: integer('deleted_at_ms'),
  },
  (t) => [
    uniqueIndex('pictures_of').on(t.accountId).where(sql`${t.storedAtMs} is not null and ${t.deletedAtMs} is null`),
    index('pictures_by_account').on(t.accountId),
    index('pictures_deleted').on(t.deletedAtMs).where(sql`${t.deletedAtMs} is not null`),
    index('pictures_unstored').on(t.createdAtMs).where(sql`${t.storedAtMs} is null`),
  ],
);
