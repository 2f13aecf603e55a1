// `npm run import-interactions -- FILE [--set NAME] [--remote]`: brings a set of interactions into the database, beside
// the one that comes with Daybook. It counts all at once, when its last row is there; until then the one before counts.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Columns, columnsOf, type InteractionRow, rowOf } from '../domain/interaction-rows.ts';
import { executeSql, queryRows } from './d1.ts';
import { deletionSql, insertionSql, switchSql } from './interaction-sql.ts';
import { commandLine } from './options.ts';
import { fail, paint, say } from './terminal.ts';

const asked = commandLine({
  name: 'npm run import-interactions',
  does: 'Imports interactions of medicines, here or (--remote) into the deployment, from a CSV with the columns a,b,severity,text and, if you have it, source. A set that was imported before under the same name is replaced.',
  options: {
    set: { takes: 'NAME', says: 'what the set is called; imported unless told otherwise' },
    remote: { says: 'into the deployment' },
    check: { says: 'looks at the file only' },
    'persist-to': { takes: 'FOLDER', says: 'on this machine: the data folder that npm start was given' },
  },
  operands: 'FILE',
});
/** Faults that are shown, and rows that one run of wrangler takes. */
const maxFaults = 20;
const rowsAtOnce = 50_000;

const [file, second] = asked.operands;
if (file === undefined || second !== undefined) fail('Name one file: npm run import-interactions -- FILE');
const set = asked.text('set') ?? 'imported';
if (!/^[a-z0-9-]{1,40}$/.test(set)) fail('The name of a set has small letters, digits and hyphens, at most 40.');
const place = [asked.has('remote') ? '--remote' : '--local'];
const persist = asked.text('persist-to');
if (persist !== undefined) place.push('--persist-to', persist);

const { rows, version } = await examined().catch((error: Error) => fail(`${file} cannot be read: ${error.message}`));
if (asked.has('check')) {
  say(`${rows} interactions, and no fault; nothing was written.`);
} else {
  await imported().catch((error: Error) => fail(error.message));
}

/** Looks at every line before anything is written. The version is made of the content: the same file is the same version. */
async function examined(): Promise<{ rows: number; version: string }> {
  const faults: string[] = [];
  const hash = createHash('sha256');
  let count = 0;
  for await (const { number, row } of lines(hash)) {
    if (typeof row !== 'string') count += 1;
    else if (faults.length < maxFaults) faults.push(`line ${number}: ${row}`);
    else if (faults.length === maxFaults) faults.push('and more');
  }
  if (faults.length > 0) fail(`${file} was not imported:\n${faults.join('\n')}`);
  if (count === 0) fail(`${file} holds no interactions.`);
  return { rows: count, version: `${set}:${hash.digest('hex').slice(0, 16)}` };
}

async function imported(): Promise<void> {
  const [before] = await queryRows(`SELECT version FROM interaction_sets WHERE name = '${set}'`, place);
  if (before?.version === version) return say(`This file is what the set ${set} holds already; nothing was changed.`);
  const begunMs = Date.now();
  let part: InteractionRow[] = [];
  let written = 0;
  const flush = async (): Promise<void> => {
    await executeSql(insertionSql(part, version), place);
    written += part.length;
    part = [];
    say(paint('dim', `  ${written} of ${rows}`));
  };
  for await (const { row } of lines()) {
    if (typeof row !== 'string') part.push(row);
    if (part.length === rowsAtOnce) await flush();
  }
  if (part.length > 0) await flush();
  await executeSql(switchSql(set, version, Date.now()), place);
  say(`${paint('green', '✓')} ${set}: ${rows} interactions count from now on (${Date.now() - begunMs} ms).`);
  const old = await queryRows(
    `SELECT version, count(*) AS n FROM drug_interactions WHERE (version GLOB '${set}:*' OR version = '${before?.version ?? ''}') AND version <> '${version}' GROUP BY version`,
    place,
  );
  for (const { version: gone, n } of old) await executeSql(deletionSql(String(gone), Number(n)), place);
}

/** The lines of the file, each with its number and what it says; the first names the columns. */
async function* lines(
  hash?: ReturnType<typeof createHash>,
): AsyncGenerator<{ readonly number: number; readonly row: InteractionRow | string }> {
  let columns: Columns | undefined;
  let number = 0;
  const input = createReadStream(file as string, 'utf8');
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    hash?.update(`${line}\n`);
    if (columns === undefined) {
      const read = columnsOf(line);
      if (typeof read === 'string') fail(`${file} was not imported:\nline 1: ${read}`);
      columns = read;
    } else if (line.trim() !== '') yield { number, row: rowOf(line, columns) };
  }
}
