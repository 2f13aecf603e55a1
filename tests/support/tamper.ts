import { env } from 'cloudflare:workers';

/** What somebody with the whole database in hand can do: statements that the audit's triggers would refuse. */
export const tamper = async (...statements: readonly string[]): Promise<void> => {
  const { results: guards } = await env.DB.prepare(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'",
  ).all<{ name: string; sql: string }>();
  await env.DB.batch(
    [...guards.map(({ name }) => `DROP TRIGGER ${name}`), ...statements, ...guards.map(({ sql }) => sql)].map((sql) =>
      env.DB.prepare(sql),
    ),
  );
};
