import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The folder of the repository. */
export const root = join(import.meta.dirname, '..', '..');

const run = promisify(execFile);
const wrangler = join(root, 'node_modules', 'wrangler', 'bin', 'wrangler.js');

/**
 * Bundles a Worker exactly as a deployment would, into a folder.
 *
 * @param config the wrangler file
 * @param entry another entry module than the one the file names
 */
export const build = async (config: string, outdir: string, entry?: string): Promise<void> => {
  const entries = entry === undefined ? [] : [entry];
  const args = ['deploy', ...entries, '--dry-run', '--config', config, '--outdir', outdir];
  const env = { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' };
  await run(process.execPath, [wrangler, ...args], { cwd: root, env, maxBuffer: 1 << 24 });
};
