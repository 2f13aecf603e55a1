// `npm run check`: everything that can be checked without running the application. CI runs it too.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from './options.ts';
import { paint, say } from './terminal.ts';
import { root, runWrangler } from './wrangler.ts';

commandLine({
  name: 'npm run check',
  does: 'Checks everything that can be checked without running the application.',
  options: {},
});

interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

const tool = (name: string, ...args: string[]): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', ...entry(name)), ...args], {
      cwd: root,
      env: { ...process.env, NODE_NO_WARNINGS: '1', NO_COLOR: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });

/** The script behind a tool of node_modules, so that no shell is needed to run it. */
const entry = (name: string): string[] => {
  const folders: Record<string, string> = { biome: '@biomejs/biome', tsc: 'typescript' };
  const folder = (folders[name] ?? name).split('/');
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules', ...folder, 'package.json'), 'utf8'));
  const script: string = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[name];
  return [...folder, script];
};

/** Generates into a copy of the migrations: a schema that they already describe adds nothing to it. */
const migrationsMatch = async (): Promise<Outcome> => {
  const copy = mkdtempSync(join(tmpdir(), 'daybook-migrations-'));
  try {
    cpSync(join(root, 'migrations'), copy, { recursive: true });
    const before = readdirSync(copy).length;
    const { ok, output } = await tool(
      'drizzle-kit',
      ...['generate', '--dialect', 'sqlite', '--schema', './src/db/schema.ts', '--out', copy],
    );
    const added = readdirSync(copy).length - before;
    return added === 0 ? { ok, output } : { ok: false, output: 'The schema has changed: run npm run db:generate.' };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
};

const typesMatch = async (): Promise<Outcome> => {
  const flags = ['--include-runtime=false', '--strict-vars=false'];
  const { code, out, err } = await runWrangler(['types', 'src/worker-env.d.ts', ...flags, '--check']);
  return { ok: code === 0, output: `${out}${err}\nRun npm run types.` };
};

const steps: Readonly<Record<string, () => Promise<Outcome>>> = {
  'format and lint': () => tool('biome', 'ci', '--colors=off', '.'),
  'types of the Worker and the tests': () => tool('tsc'),
  'types of the scripts of pages': () => tool('tsc', '-p', 'src/web/islands'),
  'types of the stories in a browser': () => tool('tsc', '-p', 'tests/e2e'),
  'types of the command line': () => tool('tsc', '-p', 'src/cli'),
  'types of the drill and the benchmark': () => tool('tsc', '-p', 'bench'),
  'generated types of the bindings': typesMatch,
  'unused code and dependencies': () => tool('knip'),
  'migrations match the schema': migrationsMatch,
  'import rules, rule book': () => tool('vitest', 'run', '--project', 'repository', 'tests/architecture.test.ts'),
};

let failed = 0;
for (const [name, run] of Object.entries(steps)) {
  const started = Date.now();
  const { ok, output } = await run();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  say(`${ok ? paint('green', '✓') : paint('red', '✗')} ${name} ${paint('dim', `${seconds} s`)}`);
  if (!ok) say(output.trim().replaceAll(/^/gm, '    '));
  failed += ok ? 0 : 1;
}
if (failed > 0) process.exit(1);
