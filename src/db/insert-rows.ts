import { getTableColumns, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Database } from './client.ts';

/**
 * A statement that inserts any number of rows with one bound parameter: D1 takes at most 100 in a statement. Every
 * column is written, and takes its value as JSON gives it (so no column with a mode of its own, such as booleans).
 */
export const insertRows = <Table extends SQLiteTable>(
  db: Database,
  table: Table,
  rows: readonly Required<Table['$inferInsert']>[],
) => {
  const values = sql.join(
    Object.keys(getTableColumns(table)).map((key) => sql.raw(`value ->> '$.${key}'`)),
    sql`, `,
  );
  // Not `db.run`: drizzle cannot put a raw statement with parameters into a batch.
  return db.insert(table).select(sql`select ${values} from json_each(${JSON.stringify(rows)})`);
};
