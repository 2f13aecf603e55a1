// `npm run boot`: builds the Worker as it is deployed, boots the built bundle and asks it a few things.
// A dry run of a deployment finds neither code that throws while it loads nor settings that are missing; this does.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from './options.ts';
import { requestLines } from './request-lines.ts';
import { secrets } from './secrets.ts';
import { fail, paint, say } from './terminal.ts';
import { root, runWrangler, wrangler } from './wrangler.ts';

commandLine({
  name: 'npm run boot',
  does: 'Builds the Worker as it is deployed, boots the built bundle and asks it a few things.',
  options: {},
});

const outdir = join(root, 'dist');
const scratch = mkdtempSync(join(tmpdir(), 'daybook-boot-'));
const bootWithinMs = 60_000;

const built = await runWrangler(['deploy', '--dry-run', '--outdir', outdir]);
if (built.code !== 0) fail(`The Worker does not build.\n${built.out}${built.err}`);
say(`${paint('green', '✓')} built: ${/Total Upload: .*/.exec(built.out)?.[0] ?? 'dist'}`);

const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const variables = {
  ENVIRONMENT: 'production',
  ...Object.fromEntries(Object.entries(secrets).map(([k, v]) => [k, v()])),
};
const envFile = join(scratch, 'boot.env');
writeFileSync(
  envFile,
  Object.entries(variables)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join(''),
  { mode: 0o600 },
);
const state = ['--persist-to', join(scratch, 'state')];
const migrated = await runWrangler(['d1', 'migrations', 'apply', 'DB', '--local', ...state]);
if (migrated.code !== 0) fail(`The migrations do not apply.\n${migrated.out}${migrated.err}`);

const server = wrangler([
  ...['dev', join(outdir, 'worker.js'), '--no-bundle', '--ip', '127.0.0.1', '--port', String(port)],
  ...['--env-file', envFile, '--show-interactive-dev-session=false', ...state],
]);
const lines = requestLines(server);
let wrong = 0;
try {
  await answering();
  await expect('/', 200, (body) => body.includes('/api/v1/docs') && !body.includes('/dev/mailbox'));
  await expect('/health', 200, (body) => JSON.parse(body).status === 'ok');
  await expect('/health/ready', 200, (body) => JSON.parse(body).status === 'ok');
  await expect('/api/v1', 200, (body) => JSON.parse(body).name === 'Daybook');
  await expect('/api/v1/openapi.json', 200, (body) => JSON.parse(body).openapi === '3.1.0');
  await expect('/api/v1/docs', 200, (body) => body.includes('/reference/reference.js'));
  await expect('/reference/swagger-ui-bundle.js', 200, (body) => body.length > 1_000_000);
  await expect('/api/v1/doctors', 200, (body) => JSON.parse(body).items.length === 0);
  await expect('/api/v1/nothing-here', 404, (body) => JSON.parse(body).code === 'not_found');
} finally {
  server.kill('SIGINT');
  await Promise.race([once(server, 'exit'), new Promise((resolve) => setTimeout(resolve, 5_000))]);
  server.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
}
if (wrong > 0) {
  lines.flush();
  fail(`${wrong} of the answers are wrong.`);
}
process.exit(0);

async function expect(path: string, status: number, isRight: (body: string) => boolean): Promise<void> {
  const response = await fetch(url + path);
  const body = await response.text();
  const right = response.status === status && isRight(body);
  if (!right) wrong += 1;
  say(`${right ? paint('green', '✓') : paint('red', '✗')} GET ${path} ${response.status}`);
}

async function answering(): Promise<void> {
  const deadline = Date.now() + bootWithinMs;
  while (Date.now() < deadline && server.exitCode === null) {
    if ((await fetch(`${url}/health`).catch(() => null)) !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  lines.flush();
  throw new Error('The built Worker does not boot.');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
