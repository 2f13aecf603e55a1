// The process around workerd: starts Miniflare on a built bundle, says where it listens, runs SQL on its D1 when told,
// and ends with its parent. A process of its own, so that it can be killed, and its CPU time counted.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';

/** What the parent says first. */
export interface HostSettings {
  readonly config: string;
  readonly bundle: string;
  readonly storage: string;
  readonly bindings: Readonly<Record<string, string>>;
  readonly inspectorPort: number | null;
  /** Where it listens on the loopback interface; any free port, unless told. */
  readonly port?: number;
  /** The folder of the Worker's assets. Without them nothing stands between a measurement and the Worker. */
  readonly assets?: string;
}

/** What the parent asks later: SQL statements for one binding's D1, in one batch. */
export interface HostQuery {
  readonly number: number;
  readonly sql: readonly string[];
}

/** What the host says. */
export type HostWord =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'rows'; readonly number: number; readonly rows: Record<string, unknown>[][] }
  | { readonly kind: 'failed'; readonly number: number; readonly why: string }
  | { readonly kind: 'error_line'; readonly line: string };

const say = (word: HostWord): void => void process.send?.(word);

type Assets = NonNullable<V4WorkerOptions['assets']>;

const start = async (settings: HostSettings): Promise<Miniflare> => {
  // Wrangler looks for the secrets that the file requires, here or in a developer's files; the bindings below win.
  Object.assign(process.env, settings.bindings);
  const config = unstable_readConfig({ config: settings.config });
  const { workerOptions } = unstable_getMiniflareWorkerOptions(settings.config);
  const { assets, ...worker } = workerOptions;
  const modules = readdirSync(settings.bundle)
    .filter((file) => /\.(js|wasm)$/.test(file))
    .sort((a, b) => Number(b.endsWith('.js')) - Number(a.endsWith('.js')))
    .map((file) => ({
      type: file.endsWith('.js') ? ('ESModule' as const) : ('CompiledWasm' as const),
      path: join(settings.bundle, file),
    }));
  const options: V4WorkerOptions = {
    ...worker,
    ...(settings.assets === undefined ? {} : { assets: { ...(assets as Assets), directory: settings.assets } }),
    name: config.name ?? 'worker',
    rootPath: settings.bundle,
    modulesRoot: settings.bundle,
    modules,
    bindings: { ...config.vars, ...settings.bindings } as Record<string, string>,
    unsafeDirectSockets: [{ host: '127.0.0.1', port: settings.port ?? 0 }],
  };
  return new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      ...(settings.inspectorPort === null ? {} : { inspectorPort: settings.inspectorPort, inspectorHost: '127.0.0.1' }),
      resourcePersistencePath: settings.storage,
      handleStructuredLogs: ({ level, message }) => {
        if (level === 'error') say({ kind: 'error_line', line: message });
      },
      workers: [options],
    }),
  );
};

let server: Miniflare | undefined;

process.on('message', async (message: HostSettings | HostQuery) => {
  if ('config' in message) {
    server = await start(message);
    await server.ready;
    say({ kind: 'ready', url: (await server.unsafeGetDirectURL()).origin });
    return;
  }
  try {
    if (server === undefined) throw new Error('not started');
    const db = await server.getD1Database('DB');
    const results = await db.batch<Record<string, unknown>>(message.sql.map((sql) => db.prepare(sql)));
    say({ kind: 'rows', number: message.number, rows: results.map(({ results }) => results) });
  } catch (error) {
    say({ kind: 'failed', number: message.number, why: String(error) });
  }
});
process.on('disconnect', async () => {
  await server?.dispose();
  process.exit(0);
});
