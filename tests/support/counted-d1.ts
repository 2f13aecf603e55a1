import { env } from 'cloudflare:workers';

/** One question to D1: the SQL of its statements, one of them or a batch. */
export type Ask = readonly string[];

const sends = ['all', 'first', 'raw', 'run'] as const;

/**
 * D1 for one caller, with a list of what that caller asked it, in order. What queues, alarms and the requests of other
 * tests ask at the same time goes by the binding itself, and is not in it.
 */
export const countedD1 = (): { readonly db: D1Database; readonly asks: Ask[] } => {
  const asks: Ask[] = [];
  const texts = new WeakMap<D1PreparedStatement, string>();
  const noted = (statement: D1PreparedStatement, sql: string): D1PreparedStatement => {
    texts.set(statement, sql);
    const bind = statement.bind.bind(statement);
    statement.bind = (...values) => noted(bind(...values), sql);
    for (const name of sends) {
      const plain = (statement[name] as (...of: unknown[]) => unknown).bind(statement);
      Object.assign(statement, {
        [name]: (...of: unknown[]) => {
          asks.push([sql]);
          return plain(...of);
        },
      });
    }
    return statement;
  };
  const db = {
    prepare: (sql: string) => noted(env.DB.prepare(sql), sql),
    batch: (statements: D1PreparedStatement[]) => {
      asks.push(statements.map((statement) => texts.get(statement) ?? ''));
      return env.DB.batch(statements);
    },
  } as D1Database;
  return { db, asks };
};
