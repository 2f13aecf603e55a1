import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from './terminal.ts';
import { root } from './wrangler.ts';

const file = join(root, '.dev.vars');

/** A secret of this machine. Ends the process when `npm start` has not made it yet. */
export const localSecret = (name: string): string => {
  const found = existsSync(file) ? line(name).exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return found ?? fail(`.dev.vars holds no ${name}. Run npm start once.`);
};

/** Replaces a secret of this machine, and has a server that runs read it. */
export const replaceLocalSecret = (name: string, value: string): void => {
  const text = readFileSync(file, 'utf8').replace(line(name), () => `${name}='${value}'`);
  writeFileSync(file, text, { mode: 0o600 });
  rereadSettings();
};

/** Wrangler reads .dev.vars anew when its configuration changes, and not before. */
export const rereadSettings = (): void => utimesSync(join(root, 'wrangler.toml'), new Date(), new Date());

const line = (name: string): RegExp => new RegExp(`^${name}='([^']*)'$`, 'm');
