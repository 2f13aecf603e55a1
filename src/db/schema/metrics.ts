import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** How many events of each kind doctor-days have had: counted as they land, each once, in the transaction that lands them. */
export const eventCounts = sqliteTable('event_counts', {
  action: text('action').primaryKey(),
  n: integer('n').notNull(),
});
