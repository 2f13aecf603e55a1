import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runWrangler } from './wrangler.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * Runs SQL on the database. It travels in a file that only this user can read, never on a command line, where other
 * users of the machine would see it. Throws with what wrangler said.
 *
 * @param place `--local` or `--remote`, with wrangler's flags for it
 */
export const executeSql = async (sql: string, place: readonly string[]): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-'));
  try {
    const file = join(folder, 'statements.sql');
    writeFileSync(file, sql, { mode: 0o600 });
    await execute(['--file', file], place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Asks the database. The question may hold ids, never anything secret. */
export const queryRows = async (sql: string, place: readonly string[]): Promise<Row[]> => {
  const out = await execute(['--command', sql], place);
  const answer = JSON.parse(out.slice(out.indexOf('['))) as { results?: Row[] }[];
  return answer.flatMap(({ results }) => results ?? []);
};

const execute = async (what: readonly string[], place: readonly string[]): Promise<string> => {
  const { code, out, err } = await runWrangler(['d1', 'execute', 'DB', ...place, '--yes', '--json', ...what]);
  if (code !== 0) throw new Error(`The database refused.\n${out}${err}`);
  return out;
};
