import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import * as schema from './schema.ts';

/** The relational database: drizzle over the D1 binding. */
export type Database = DrizzleD1Database<typeof schema>;

const opened = new WeakMap<D1Database, Database>();

/** The database behind a binding, opened once: it holds no connection, but reading the schema takes as long as a hold. */
export const database = (d1: D1Database): Database => {
  const db = opened.get(d1) ?? drizzle(d1, { schema });
  opened.set(d1, db);
  return db;
};
