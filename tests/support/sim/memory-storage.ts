import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { DayStorage } from '../../../durable-objects/ports.ts';

type Binding = string | number | null;

/**
 * The disk of one doctor-day, on node:sqlite. It outlives every engine that runs on it: to crash an engine, drop it and
 * load a new one on the same storage. Each statement outside `transactionSync` is a commit of its own, which is
 * stricter than a Durable Object, where the statements between two awaits commit together.
 */
export class MemoryStorage implements DayStorage {
  /** When the one alarm rings, ms since the epoch; `null` when none is armed. A test loses an alarm by setting `null`. */
  alarmAtMs: number | null = null;
  /** Transactions committed so far. */
  commits = 0;
  /** Runs before each statement: what it throws, the statement throws. */
  beforeExec: ((query: string, bindings: readonly Binding[]) => void) | null = null;
  #database = new DatabaseSync(':memory:');
  #prepared = new Map<string, StatementSync>();
  #depth = 0;

  readonly sql = { exec: (query: string, ...bindings: Binding[]) => this.#exec(query, bindings) };

  transactionSync<T>(closure: () => T): T {
    const name = `t${this.#depth}`;
    this.#database.exec(`SAVEPOINT ${name}`);
    this.#depth += 1;
    try {
      const value = closure();
      this.#database.exec(`RELEASE ${name}`);
      if (this.#depth === 1) this.commits += 1;
      return value;
    } catch (error) {
      this.#database.exec(`ROLLBACK TO ${name}`);
      this.#database.exec(`RELEASE ${name}`);
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  async getAlarm(): Promise<number | null> {
    return this.alarmAtMs;
  }

  async setAlarm(atMs: number): Promise<void> {
    this.alarmAtMs = atMs;
  }

  async deleteAll(): Promise<void> {
    this.#prepared.clear();
    this.#database.close();
    this.#database = new DatabaseSync(':memory:');
    this.alarmAtMs = null;
  }

  /** Whether nothing is stored: no table and no alarm. */
  isEmpty(): boolean {
    return this.alarmAtMs === null && this.#exec('SELECT name FROM sqlite_master', []).toArray().length === 0;
  }

  /** This storage for one engine only: once `isAlive` says no, every use of it throws. */
  whileAlive(isAlive: () => boolean): DayStorage {
    const checked = (): this => {
      if (!isAlive()) throw new Error('a crashed engine uses its storage');
      return this;
    };
    return {
      sql: { exec: (query, ...bindings) => checked().sql.exec(query, ...bindings) },
      transactionSync: (closure) => checked().transactionSync(closure),
      getAlarm: async () => checked().getAlarm(),
      setAlarm: async (atMs) => checked().setAlarm(atMs),
      deleteAll: async () => checked().deleteAll(),
    };
  }

  #exec(query: string, bindings: readonly Binding[]): { toArray(): Record<string, unknown>[] } {
    this.beforeExec?.(query, bindings);
    // `prepare` takes the first of several statements only, `exec` takes them all but no bindings.
    if (/;\s*\S/.test(query)) {
      this.#database.exec(query);
      return { toArray: () => [] };
    }
    let statement = this.#prepared.get(query);
    if (statement === undefined) {
      statement = this.#database.prepare(query);
      this.#prepared.set(query, statement);
    }
    const rows = statement.all(...bindings).map((row) => ({ ...row }));
    return { toArray: () => rows };
  }
}
