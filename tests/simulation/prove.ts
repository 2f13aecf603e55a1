import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandLine } from '../../src/cli/options.ts';
import { type Mutant, mutants } from './mutants.ts';

const asked = commandLine({
  name: 'npm run simulate:mutants',
  does: 'Plants one bug after the other in a copy of the booking code, and shows that the simulation finds each.',
  options: {
    seeds: { takes: 'NUMBER', says: 'how many are tried for each; 3000 unless told' },
    from: { takes: 'NUMBER', says: 'the first of them; 1 unless told' },
    only: { takes: 'WORDS', says: 'only bugs whose name has these words' },
  },
});
const values = { seeds: asked.text('seeds') ?? '3000', from: asked.text('from') ?? '1', only: asked.text('only') };
const root = join(import.meta.dirname, '../..');
const atOnce = 2;

interface Caught {
  readonly seeds: number;
  readonly by: string;
}

/** Changes the one place in the booking code that reads like this. */
const plant = (folder: string, from: string, to: string, name: string): void => {
  const files = ['src/domain', 'durable-objects', 'src/doctor-days']
    .flatMap((part) => readdirSync(join(folder, part), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const places = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(from)
      .slice(1)
      .map(() => file),
  );
  const [file] = places;
  if (file === undefined || places.length > 1) throw new Error(`«${name}» fits ${places.length} places`);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(from, () => to),
  );
};

/** Copies what a run needs, plants a bug, and runs seeds until one fails. `null`: none did. */
const hunt = async ({ name, also, ...first }: Mutant): Promise<Caught | null> => {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-mutant-'));
  try {
    for (const part of ['src', 'durable-objects', 'migrations', 'tests/simulation', 'tests/support', 'package.json']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const { from, to } of [first, ...(also === undefined ? [] : [also])]) plant(folder, from, to, name);
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
