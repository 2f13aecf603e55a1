// `npm run rotate-keys [-- --remote --url https://your.daybook]`: a new key signs access tokens from now on. The ones
// before it verify until their tokens have run out; the next rotation takes them away. Nobody is signed out.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSigningKey, rotated, type VerifyingKey } from './signing-keys.ts';
import { fail, flag, paint, say } from './terminal.ts';
import { root, runWrangler } from './wrangler.ts';

/** Keys that a deployment takes at most. */
const maxKeys = 8;
const seenWithinMs = 120_000;

const args = process.argv.slice(2);
const remote = args.includes('--remote');
const file = join(root, '.dev.vars');
const line = /^JWT_KEYS='([^']*)'$/m;

const url =
  flag(args, 'url') ?? (remote ? fail('Say where it runs: npm run rotate-keys -- --remote --url https://…') : '');
const active = remote ? await published() : local();
const fresh = newSigningKey(Date.now());
const next = rotated(active, fresh, Date.now());
if (next.length > maxKeys) fail('There were too many rotations within the last minutes. Wait a quarter of an hour.');

if (remote) await store(JSON.stringify(next));
else
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(line, () => `JWT_KEYS='${JSON.stringify(next)}'`),
  );

say(`${paint('green', '✓')} Signs from now on: ${paint('bold', fresh.kid)}`);
for (const { kid } of next.slice(1)) say(`  Verifies still:    ${kid}`);
const kids = new Set(next.map(({ kid }) => kid));
for (const { kid } of active.filter((key) => !kids.has(key.kid))) say(`  Retired:           ${kid}`);
if (remote) await seen();

function local(): VerifyingKey[] {
  const found = existsSync(file) ? line.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  if (found === undefined) return fail('.dev.vars holds no JWT_KEYS. Run npm start once.');
  return JSON.parse(found) as VerifyingKey[];
}

/** A secret that was stored in Cloudflare cannot be read back, and need not be: what verifies is public. */
async function published(): Promise<VerifyingKey[]> {
  const response = await fetch(new URL('/.well-known/jwks.json', url)).catch((error: Error) => fail(error.message));
  const { keys } = (response.ok ? await response.json() : {}) as { keys?: VerifyingKey[] };
  if (keys === undefined || keys.length === 0) return fail(`${url} shows no keys; nothing was changed.`);
  return keys;
}

async function store(secret: string): Promise<void> {
  const { code, out, err } = await runWrangler(['secret', 'put', 'JWT_KEYS'], secret);
  if (code !== 0) fail(`The secret could not be stored; nothing was changed.\n${out}${err}`);
}

/** Waits until the deployment shows the new key. */
async function seen(): Promise<void> {
  const deadline = Date.now() + seenWithinMs;
  while (Date.now() < deadline) {
    if ((await published()).some(({ kid }) => kid === fresh.kid)) return say('The deployment shows it.');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  fail('The deployment does not show the new key yet. Look at its JWKS again in a minute, before rotating once more.');
}
