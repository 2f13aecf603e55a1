import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './wrangler.ts';

/** Where the secrets of a deployment are kept that Cloudflare will not show again. Git ignores it. */
export const keptFile = '.secrets.production';
const file = join(root, keptFile);

/** Keeps secrets on this machine, for this user alone; what has the same name is replaced. Before they are stored. */
export const keepSecrets = (values: Readonly<Record<string, string>>): void => {
  const others = lines().filter((line) => !Object.keys(values).some((name) => line.startsWith(`${name}=`)));
  const all = [...others, ...Object.entries(values).map(([name, value]) => `${name}='${value}'`)];
  writeFileSync(file, `${all.join('\n')}\n`, { mode: 0o600 });
};

/** A secret that is kept on this machine; `null` when it is not. */
export const keptSecret = (name: string): string | null =>
  lines()
    .find((line) => line.startsWith(`${name}='`))
    ?.slice(name.length + 2, -1) ?? null;

const lines = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);
