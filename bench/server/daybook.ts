import { join } from 'node:path';
import { build, root } from './build.ts';
import { migrationStatements } from './practice.ts';
import type { RunSecrets } from './secrets.ts';
import { WorkerServer } from './worker-server.ts';

const config = join(root, 'wrangler.toml');

/** Builds Daybook as a deployment would. */
export const buildDaybook = (outdir: string): Promise<void> => build(config, outdir);

/** What a deployment refuses and a measurement needs: one address asks as much as a city would. */
const unlimited = { ENVIRONMENT: 'development', RATE_LIMITS: 'off' };

/**
 * Starts the built Daybook on a folder of storage, with the settings of a deployment except its rate limits; on an empty
 * one it applies the migrations first.
 *
 * @param settings overrides the variables of wrangler.toml
 */
export const startDaybook = async (
  place: { readonly bundle: string; readonly storage: string; readonly secrets: RunSecrets },
  settings: Readonly<Record<string, string>> = {},
  inspectorPort: number | null = null,
): Promise<WorkerServer> => {
  const { bundle, storage, secrets } = place;
  const bindings = { ...secrets.bindings, ...unlimited, ...settings };
  const server = await WorkerServer.start({ config, bundle, storage, bindings, inspectorPort });
  const [tables = []] = await server.query("select name from sqlite_master where name = 'appointments'");
  if (tables.length === 0) await server.query(...migrationStatements());
  return server;
};
