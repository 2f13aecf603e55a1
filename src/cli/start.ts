// `npm start`: everything a fresh clone needs to run on this machine, without an account and without a network.
import { createServer } from 'node:net';
import { credentials } from './demo-data.ts';
import { requestLines } from './request-lines.ts';
import { ensureLocalSecrets } from './secrets.ts';
import { seed } from './seed.ts';
import { fail, flag, paint, say } from './terminal.ts';
import { runWrangler, wrangler } from './wrangler.ts';

const args = process.argv.slice(2);
const port = Number(flag(args, 'port') ?? 8787);
const host = flag(args, 'ip') ?? 'localhost';
const persist = flag(args, 'persist-to');
const local = ['--local', ...(persist === undefined ? [] : ['--persist-to', persist])];
const url = `http://${host === '0.0.0.0' || host === '*' ? 'localhost' : host}:${port}`;
const readyWithinMs = 60_000;
const minuteMs = 60_000;

await requireFreePort();

const added = ensureLocalSecrets();
if (added.length > 0) say(paint('dim', `Wrote fresh local secrets to .dev.vars: ${added.join(', ')}`));

say(paint('dim', 'Applying migrations to the local database …'));
const migrated = await runWrangler(['d1', 'migrations', 'apply', 'DB', ...local]);
if (migrated.code !== 0) fail(`The migrations could not be applied.\n${migrated.out}${migrated.err}`);

say(paint('dim', 'Starting …'));
const server = wrangler(['dev', '--show-interactive-dev-session=false', '--var', `APP_URL:${url}`, ...withPort(args)]);
const lines = requestLines(server);
let stopping = false;

// However this process ends, the server ends with it.
process.on('exit', () => server.kill('SIGTERM'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
server.on('exit', (code) => {
  if (stopping) process.exit(0);
  lines.flush();
  fail(`The server ended (code ${code}).`);
});

await ready();
const seeded = await seed(url, local).catch((error: unknown) => {
  lines.flush();
  return fail(`The demo data could not be written: ${error instanceof Error ? error.message : error}`);
});
await tick('23 2 * * *');
setInterval(tick, minuteMs, '* * * * *');
setInterval(tick, 5 * minuteMs, '*/5 * * * *');
greet();
lines.show();

/** Passes the caller's flags on, with the port always said, so that wrangler never chooses another one by itself. */
function withPort(given: readonly string[]): string[] {
  return flag(given, 'port') === undefined ? [...given, '--port', String(port)] : [...given];
}

async function requireFreePort(): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) fail('--port takes a number from 1 to 65535.');
  const probe = createServer();
  const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    probe.once('error', resolve);
    probe.listen(port, host === '*' ? undefined : host, () => probe.close(() => resolve(null)));
  });
  if (error === null) return;
  if (error.code !== 'EADDRINUSE') fail(`Cannot listen on ${host}:${port}: ${error.message}`);
  fail(`Port ${port} is in use. Stop what uses it, or choose another: npm start -- --port 9000`);
}

async function ready(): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline) {
    const answered = await fetch(`${url}/health`).catch(() => null);
    if (answered?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  lines.flush();
  server.kill('SIGTERM');
  fail(`The server did not answer within ${readyWithinMs / 1000} seconds.`);
}

/** Wrangler does not run cron triggers locally, so what they ring for is rung from here. */
async function tick(cron: string): Promise<void> {
  await fetch(`${url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`).catch(() => undefined);
}

function greet(): void {
  say(seeded ? paint('dim', 'Demo data is in place.') : paint('dim', 'Kept the data of the last run.'));
  say();
  say(`  ${paint('bold', 'Daybook')} runs at  ${paint('cyan', url)}`);
  say(`  API reference       ${paint('cyan', `${url}/api/v1/docs`)}`);
  say(`  Mail and SMS        ${paint('cyan', `${url}/dev/mailbox`)}`);
  say();
  for (const { role, email } of Object.values(credentials)) {
    say(`  demo ${role.padEnd(14)} ${email}   ${credentials.patient.password}`);
  }
  say();
  say(paint('dim', '  npm run demo plays a booking. npm run reset starts afresh. Ctrl-C ends.'));
  say();
}

function stop(): void {
  if (stopping) return;
  stopping = true;
  server.kill('SIGINT');
  setTimeout(() => {
    server.kill('SIGKILL');
    process.exit(0);
  }, 5_000).unref();
}
