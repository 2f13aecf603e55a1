// A built Daybook with its demo data, for browsers: what `npm start` gives, from the bundle that a deployment would get,
// on a free port and a folder of its own. Says where as JSON on standard output, and ends when its standard input does.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build, root } from '../../bench/server/build.ts';
import { migrationStatements } from '../../bench/server/practice.ts';
import { runSecrets } from '../../bench/server/secrets.ts';
import { WorkerServer } from '../../bench/server/worker-server.ts';
import { ensureAssets } from '../../src/cli/assets.ts';
import { seed } from '../../src/cli/seed.ts';
import { settingsAt } from './settings.ts';

const config = join(root, 'wrangler.toml');
const folder = mkdtempSync(join(tmpdir(), 'daybook-served-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** SQL statements of a text in which each ends a line with a semicolon. */
const statementsIn = (sql: string): string[] => sql.split(/;\n|;$/).filter((one) => one.trim() !== '');

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
};

/**
 * What no page can do: `POST /sql` runs statements, `POST /errors` gives what the Worker wrote as errors. For this machine,
 * while a run lasts.
 */
const backstage = (server: WorkerServer): Promise<string> => {
  const ask = async (request: IncomingMessage): Promise<unknown> => {
    if (request.url === '/errors') return server.errorLines;
    return server.query(...(JSON.parse(await text(request)) as string[]));
  };
  const door = createServer((request, response) => {
    ask(request).then(
      (answer) => response.end(JSON.stringify(answer ?? null)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  return new Promise((resolve) =>
    door.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(door.address() as AddressInfo).port}`)),
  );
};

ensureAssets();
const bundle = join(folder, 'bundle');
// A copy, because the files belong to this bundle, whatever is built meanwhile.
const assets = join(folder, 'assets');
cpSync(join(root, '.assets'), assets, { recursive: true });
const [port] = await Promise.all([freePort(), build(config, bundle)]);
// Passkeys belong to a name, and only that of this machine is trusted without TLS.
const url = `http://localhost:${port}`;
const bindings = { ...runSecrets().bindings, ...settingsAt(url) };
const server = await WorkerServer.start({
  ...{ config, bundle, bindings, port, assets, inspectorPort: null },
  storage: join(folder, 'storage'),
});
process.stdin.on('end', async () => {
  await server.stop();
  process.exit(0);
});
process.stdin.resume();
await server.query(...migrationStatements());
const execute = async (sql: string): Promise<void> => void (await server.query(...statementsIn(sql)));
await seed(url, execute, { all: false, emails: [], ahead: false });
console.log(JSON.stringify({ url, backstageUrl: await backstage(server) }));
