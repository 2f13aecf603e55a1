import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import * as schema from './schema.ts';

/** The relational database: drizzle over the D1 binding. */
export type Database = DrizzleD1Database<typeof schema>;

/** Opens the database. Cheap: it holds no connection. */
export const database = (d1: D1Database): Database => drizzle(d1, { schema });
