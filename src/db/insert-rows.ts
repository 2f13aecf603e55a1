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
  const columns = Object.entries(getTableColumns(table));
  const names = sql.join(
    columns.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  );
  const values = sql.join(
    columns.map(([key]) => sql.raw(`value ->> '$.${key}'`)),
    sql`, `,
  );
  return db.run(sql`insert into ${table} (${names}) select ${values} from json_each(${JSON.stringify(rows)})`);
};
