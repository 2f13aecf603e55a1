import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type Mutant, mutants } from './mutants.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1500' },
    only: { type: 'string' },
    from: { type: 'string', default: '1' },
  },
});
const root = join(import.meta.dirname, '../..');
const atOnce = 2;

interface Caught {
  readonly seeds: number;
  readonly by: string;
}

/** Copies what a run needs, plants a bug, and runs seeds until one fails. `null`: none did. */
const hunt = async ({ file, from, to, name }: Mutant): Promise<Caught | null> => {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-mutant-'));
  try {
    for (const part of ['src', 'durable-objects', 'migrations', 'tests/simulation', 'tests/support', 'package.json']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const source = readFileSync(join(folder, file), 'utf8');
    if (source.split(from).length !== 2)
      throw new Error(`«${name}» fits ${file} ${source.split(from).length - 1} times`);
    writeFileSync(
      join(folder, file),
      source.replace(from, () => to),
    );
    const args = ['tests/simulation/main.ts', '--first', '--from', values.from, '--seeds', values.seeds];
    const ran = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 }).catch(
      (failed: { stdout: string; stderr: string }) => failed,
    );
    const found = /^seed (\d+): (.*)/m.exec(ran.stdout);
    if (found === null && !/ 0 failures/.test(ran.stdout)) throw new Error(`«${name}»: ${ran.stderr}`);
    return found && { seeds: Number(found[1]) - Number(values.from) + 1, by: found[2] as string };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const chosen = mutants.filter(({ name }) => values.only === undefined || name.includes(values.only));
const left = [...chosen];
let missed = 0;
const worker = async (): Promise<void> => {
  for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
    const caught = await hunt(mutant);
    if (caught === null) missed += 1;
    const seeds = caught === null ? 'MISSED' : `${caught.seeds} ${caught.seeds === 1 ? 'seed' : 'seeds'}`;
    console.log(`${mutant.name.padEnd(54)} ${seeds.padStart(10)}  ${(caught?.by ?? '').slice(0, 110)}`);
  }
};
await Promise.all(Array.from({ length: atOnce }, worker));
console.log(`${chosen.length - missed} of ${chosen.length} planted bugs caught`);
process.exitCode = missed === 0 ? 0 : 1;
