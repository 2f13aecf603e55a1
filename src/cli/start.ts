// `npm start`: everything a fresh clone needs to run on this machine, without an account and without a network.
import { createServer } from 'node:net';
import { ensureAssets } from './assets.ts';
import { executeSql } from './d1.ts';
import { claimFolder, dataFolder, releaseFolder } from './data-folder.ts';
import { credentials } from './demo-data.ts';
import { commandLine, portIn } from './options.ts';
import { requestLines } from './request-lines.ts';
import { ensureLocalSecrets } from './secrets.ts';
import { type Seeded, seed, whatIsThere } from './seed.ts';
import { fail, paint, say } from './terminal.ts';
import { runWrangler, wrangler } from './wrangler.ts';

const asked = commandLine({
  name: 'npm start',
  does: 'Runs Daybook on this machine, with demo data, until Ctrl-C.',
  options: {
    port: { takes: 'NUMBER', says: 'where it listens; 8787 unless told otherwise' },
    ip: { takes: 'ADDRESS', says: 'the address it listens on; localhost unless told otherwise' },
    'persist-to': { takes: 'FOLDER', says: 'where its data is; .wrangler/state unless told otherwise' },
    var: {
      takes: 'NAME:VALUE',
      says: 'a setting for this time, such as RATE_LIMITS:off; may be repeated',
      repeats: true,
    },
    'inspector-port': { takes: 'NUMBER', says: 'where debuggers connect' },
    'log-level': { takes: 'LEVEL', says: 'what wrangler says: debug, info, log, warn, error or none' },
  },
});
const port = portIn(asked.text('port') ?? '8787');
const host = asked.text('ip') ?? 'localhost';
const persist = asked.text('persist-to');
const folder = dataFolder(persist);
const local = ['--local', ...(persist === undefined ? [] : ['--persist-to', persist])];
const url = `http://${host === '0.0.0.0' || host === '*' ? 'localhost' : host}:${port}`;
const readyWithinMs = 60_000;
const minuteMs = 60_000;

await requireFreePort();
const other = await claimFolder(folder, url, Date.now());
if (other !== null)
  fail(
    `Daybook runs on this data already, at ${other.url} (process ${other.pid}). Stop it, or give this one data of its own: npm start -- --port ${port} --persist-to .wrangler/second`,
  );
process.on('exit', () => releaseFolder(folder));

try {
  ensureAssets();
} catch (error) {
  fail(`The files of the API reference are not there: ${(error as Error).message}. Run npm install.`);
}
const added = ensureLocalSecrets();
if (added.length > 0) say(paint('dim', `Wrote fresh local secrets to .dev.vars: ${added.join(', ')}`));

say(paint('dim', 'Applying migrations to the local database …'));
const migrated = await runWrangler(['d1', 'migrations', 'apply', 'DB', ...local]);
if (migrated.code !== 0) fail(`The migrations could not be applied.\n${migrated.out}${migrated.err}`);
const there = await whatIsThere(local, Date.now()).catch((error: Error) => fail(error.message));

say(paint('dim', 'Starting …'));
const server = wrangler(['dev', '--show-interactive-dev-session=false', '--var', `APP_URL:${url}`, ...passedOn()]);
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
const seeded = await seed(url, (sql) => executeSql(sql, local), there).catch((error: unknown) => {
  say(paint('yellow', `The demo data could not be written: ${error instanceof Error ? error.message : error}`));
  say(
    'Daybook goes on without it. To have it: stop, npm run reset, and npm start without the settings that forbid it.',
  );
  return null;
});
await tick('23 2 * * *');
setInterval(tick, minuteMs, '* * * * *');
setInterval(tick, 5 * minuteMs, '*/5 * * * *');
greet();
lines.show();

/** Passes the caller's options on, with the port always said, so that wrangler never chooses another one by itself. */
function passedOn(): string[] {
  const texts = (['ip', 'persist-to', 'inspector-port', 'log-level'] as const).flatMap((name) => {
    const text = asked.text(name);
    return text === undefined ? [] : [`--${name}`, text];
  });
  return ['--port', String(port), ...texts, ...asked.all('var').flatMap((setting) => ['--var', setting])];
}

async function requireFreePort(): Promise<void> {
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
  const told: Readonly<Record<Seeded, string>> = {
    written: 'Demo data is in place.',
    renewed: 'Kept the data of the last run, and booked ahead for the demo patients: what they had is over.',
    kept: 'Kept the data of the last run.',
  };
  if (seeded !== null) say(paint('dim', told[seeded]));
  say();
  say(`  ${paint('bold', 'Daybook')} runs at  ${paint('cyan', url)}`);
  say(`  API reference       ${paint('cyan', `${url}/api/v1/docs`)}`);
  say(`  Mail and SMS        ${paint('cyan', `${url}/dev/mailbox`)}`);
  say();
  const accounts = Object.values(credentials).filter(
    ({ email }) => seeded === 'written' || there.emails.includes(email),
  );
  for (const { role, email } of accounts) {
    say(`  demo ${role.padEnd(14)} ${email}   ${credentials.patient.password}`);
  }
  say();
  say(paint('dim', '  npm run demo plays a booking. Ctrl-C ends; npm run reset then forgets the data.'));
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
