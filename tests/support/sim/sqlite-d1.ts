import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

const folder = join(import.meta.dirname, '../../../migrations');
const migrations = readdirSync(folder)
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');

/**
 * What the migrations come to, as an empty database: tables, indexes, triggers. Without the places, names and the like
 * that they bring, and without what they made and changed again: thousands of little worlds begin as a copy of this.
 */
const empty = ((): Uint8Array => {
  const [whole, made] = [new DatabaseSync(':memory:'), new DatabaseSync(':memory:')];
  whole.exec(migrations);
  const schema = whole
    .prepare(
      "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'trigger', type <> 'table'",
    )
    .all();
  // Hundreds of empty tables and indexes are a page each.
  made.exec('PRAGMA page_size = 512');
  for (const { sql } of schema) made.exec(`${sql}`);
  const image = made.serialize();
  for (const database of [whole, made]) database.close();
  return image;
})();

/** D1 takes no more in one statement. */
const maxBindings = 100;

/** A call to D1 before it starts, or after it has taken effect and before its answer arrives. */
export interface D1Call {
  readonly when: 'before' | 'after';
  /** The statements of the call: one, or those of a batch. */
  readonly queries: readonly string[];
}

/**
 * D1 on node:sqlite, made from `migrations/`: as much of `D1Database` as the projection and drizzle use. Foreign keys
 * are on, a batch is atomic, and errors read as D1's do.
 */
export class SqliteD1 {
  /** Sees each call twice, and fails it by throwing or rejecting: `after` makes a call that landed and was not heard. */
  intercept: ((call: D1Call) => void | Promise<void>) | null = null;
  readonly #database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
  readonly #statements = new Map<string, StatementSync>();

  constructor() {
    this.#database.deserialize(empty);
  }

  /** The binding to hand to the code under test. */
  get binding(): D1Database {
    return this as unknown as D1Database;
  }

  prepare(query: string): SqliteD1Statement {
    return new SqliteD1Statement(this, query, []);
  }

  async batch(statements: readonly SqliteD1Statement[]): Promise<D1Answer[]> {
    return this.call(
      statements.map(({ query }) => query),
      () => this.#atomically(() => statements.map((statement) => statement.answer())),
    );
  }

  /** Rows of a query, for assertions. No call of `intercept`. */
  rows<T = Record<string, unknown>>(query: string, ...bindings: SQLInputValue[]): T[] {
    return this.run(query, bindings) as T[];
  }

  /** Runs SQL that the audit's triggers refuse: what somebody with the database in hand can do, or its loss. */
  force(sql: string): void {
    const guards = this.rows<{ name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'",
    );
    for (const { name } of guards) this.#database.exec(`DROP TRIGGER ${name}`);
    this.#database.exec(sql);
    for (const guard of guards) this.#database.exec(guard.sql);
  }

  /** Runs a call with its interceptions. */
  async call<T>(queries: readonly string[], work: () => T): Promise<T> {
    await this.intercept?.({ when: 'before', queries });
    const value = work();
    await this.intercept?.({ when: 'after', queries });
    return value;
  }

  /** Runs one statement at once, as D1 would run it. */
  run(query: string, bindings: readonly SQLInputValue[], asArrays = false): unknown[] {
    if (bindings.length > maxBindings) throw new Error('D1_ERROR: too many SQL variables: SQLITE_ERROR');
    try {
      const statement = this.#prepared(query, asArrays);
      return asArrays ? statement.all(...bindings) : statement.all(...bindings).map((row) => ({ ...row }));
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`D1_ERROR: ${message}: ${/constraint/.test(message) ? 'SQLITE_CONSTRAINT' : 'SQLITE_ERROR'}`);
    }
  }

  /** Parsing a statement costs more than most of them: each is parsed once. */
  #prepared(query: string, asArrays: boolean): StatementSync {
    const key = `${asArrays} ${query}`;
    let statement = this.#statements.get(key);
    if (statement === undefined) {
      statement = this.#database.prepare(query);
      statement.setReturnArrays(asArrays);
      this.#statements.set(key, statement);
    }
    return statement;
  }

  #atomically<T>(work: () => T): T {
    this.#database.exec('BEGIN');
    try {
      const value = work();
      this.#database.exec('COMMIT');
      return value;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

interface D1Answer {
  readonly success: true;
  readonly results: unknown[];
  readonly meta: Record<string, never>;
}

class SqliteD1Statement {
  readonly query: string;
  readonly #d1: SqliteD1;
  readonly #bindings: readonly SQLInputValue[];

  constructor(d1: SqliteD1, query: string, bindings: readonly SQLInputValue[]) {
    this.#d1 = d1;
    this.query = query;
    this.#bindings = bindings;
  }

  bind(...values: unknown[]): SqliteD1Statement {
    if (values.includes(undefined)) throw new Error("D1_TYPE_ERROR: Type 'undefined' not supported for value");
    const bindings = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    return new SqliteD1Statement(this.#d1, this.query, bindings as SQLInputValue[]);
  }

  answer(): D1Answer {
    return { success: true, results: this.#d1.run(this.query, this.#bindings), meta: {} };
  }

  all(): Promise<D1Answer> {
    return this.#d1.call([this.query], () => this.answer());
  }

  run(): Promise<D1Answer> {
    return this.all();
  }

  async first<T>(column?: string): Promise<T | null> {
    const row = (await this.all()).results[0] as Record<string, T> | undefined;
    if (row === undefined) return null;
    return column === undefined ? (row as T) : (row[column] ?? null);
  }

  raw(): Promise<unknown[]> {
    return this.#d1.call([this.query], () => this.#d1.run(this.query, this.#bindings, true));
  }
}
