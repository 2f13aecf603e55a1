// `npm run verify-audit -- audit.ndjson [more.ndjson] [--anchors anchor-2026-11-21.ndjson]`: checks an exported audit on
// this machine, trusting neither the database nor the Worker. Ends with 1 when something is wrong, with 2 when the files
// prove nothing.
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Seal } from '../domain/audit-chain.ts';
import { type AnchorFacts, anchorText, examineExport, headLine } from '../domain/audit-export.ts';
import { paint, say } from './terminal.ts';

const usage = 'npm run verify-audit -- audit.ndjson [more.ndjson …] [--anchors anchor.ndjson …]';
const sha256 = async (text: string): Promise<string> => createHash('sha256').update(text).digest('hex');

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  say(`Checks an exported audit on this machine, trusting neither the database nor the Worker.\n\n  ${usage}\n`);
  say('Ends with 1 when something is wrong, with 2 when the files prove nothing.');
  process.exit(0);
}
const { exports, anchors } = filesOf(args);
if (exports.length === 0) unusable(`Name the exported file: ${usage}`);
const heads: Seal[] = [];
for (const file of anchors) heads.push(...(await headsIn(file)));

const verdict = await examineExport(sha256, linesOf(exports), heads).catch((error: Error) => unusable(error.message));
for (const { stream, seq, fault } of verdict.findings) say(`${paint('red', fault)} ${stream} number ${seq}`);
if (verdict.fault !== null) unusable(`${verdict.fault}.`);
const compared = anchors.length === 0 ? 'no anchor' : `${heads.length} anchored heads`;
say(`${verdict.streams} streams, ${verdict.rows} rows, ${verdict.unsealed} of them not sealed yet, ${compared}.`);
if (anchors.length === 0)
  say(paint('dim', 'Without --anchors a chain that was computed anew cannot be told from the first.'));
if (verdict.findings.length > 0) {
  say(`${verdict.findings.length} things are wrong.`);
  process.exitCode = 1;
} else say('The audit is what was written.');

function filesOf(args: readonly string[]): { exports: string[]; anchors: string[] } {
  const files = { exports: [] as string[], anchors: [] as string[] };
  let into = files.exports;
  for (const arg of args) {
    if (arg === '--anchors') into = files.anchors;
    else if (arg.startsWith('--')) unusable(`There is no ${arg}: ${usage}`);
    else into.push(arg);
  }
  return files;
}

async function* linesOf(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files)
    yield* createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
}

/** The heads of an anchor's file, once they have the hashes that its first line gives. */
async function headsIn(file: string): Promise<Seal[]> {
  try {
    const [first = '', ...rest] = readFileSync(file, 'utf8').trimEnd().split('\n');
    const anchor = JSON.parse(first) as AnchorFacts & { digest: string; parts: { streams: number; sha256: string }[] };
    const found = rest.map((line) => JSON.parse(line) as Seal);
    let from = 0;
    for (const part of anchor.parts) {
      const text = found
        .slice(from, from + part.streams)
        .map(headLine)
        .join('');
      if ((await sha256(text)) !== part.sha256) unusable(`${file} is not what was anchored: its heads were changed.`);
      from += part.streams;
    }
    const whole = from === found.length && (await sha256(anchorText(anchor))) === anchor.digest;
    return whole ? found : unusable(`${file} is not what was anchored: its digest does not match.`);
  } catch {
    return unusable(`${file} cannot be read as an anchor.`);
  }
}

function unusable(sentence: string): never {
  console.error(paint('red', sentence));
  process.exit(2);
}
