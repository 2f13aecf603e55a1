// `npm run rotate-keys [-- --remote --url https://your.daybook]`: a new key signs access tokens from now on. The ones
// before it verify until their tokens have run out; the next rotation takes them away. Nobody is signed out.
import { dataFolder, localUrl } from './data-folder.ts';
import { localSecret, replaceLocalSecret } from './dev-vars.ts';
import { commandLine, portIn } from './options.ts';
import { newSigningKey, rotated, type VerifyingKey } from './signing-keys.ts';
import { fail, paint, say } from './terminal.ts';
import { runWrangler } from './wrangler.ts';

const asked = commandLine({
  name: 'npm run rotate-keys',
  does: 'Puts a new key before those that sign access tokens, here or (--remote) in the deployment. Nobody is signed out.',
  options: {
    remote: { says: 'in the deployment, with --url' },
    url: { takes: 'URL', says: 'where it runs; on this machine, where npm start runs it, unless told' },
    port: { takes: 'NUMBER', says: 'on this machine: the port that it runs on' },
    'persist-to': { takes: 'FOLDER', says: 'on this machine: the data folder that npm start was given' },
  },
});
/** Keys that a deployment takes at most. */
const maxKeys = 8;
const remote = asked.has('remote');
if (remote && asked.text('url') === undefined)
  fail('Say where it runs: npm run rotate-keys -- --remote --url https://…');
const port = asked.text('port');
const url = await localUrl({
  url: asked.text('url'),
  port: port === undefined ? undefined : portIn(port),
  folder: dataFolder(asked.text('persist-to')),
});
const seenWithinMs = remote ? 120_000 : 20_000;
const active = remote ? await published() : (JSON.parse(localSecret('JWT_KEYS')) as VerifyingKey[]);
const fresh = newSigningKey(Date.now());
const next = rotated(active, fresh, Date.now());
if (next.length > maxKeys) fail('There were too many rotations within the last minutes. Wait a quarter of an hour.');

if (remote) await store(JSON.stringify(next));
else replaceLocalSecret('JWT_KEYS', JSON.stringify(next));

say(`${paint('green', '✓')} Signs from now on: ${paint('bold', fresh.kid)}`);
for (const { kid } of next.slice(1)) say(`  Verifies still:    ${kid}`);
const kids = new Set(next.map(({ kid }) => kid));
for (const { kid } of active.filter((key) => !kids.has(key.kid))) say(`  Retired:           ${kid}`);
await seen();

/** A secret that was stored in Cloudflare cannot be read back, and need not be: what verifies is public. */
async function published(): Promise<VerifyingKey[]> {
  const keys = await shown();
  if (keys === null || keys.length === 0) return fail(`${url} shows no keys; nothing was changed.`);
  return keys;
}

/** The keys that the server shows; `null` when none answers. */
async function shown(): Promise<VerifyingKey[] | null> {
  const response = await fetch(new URL('/.well-known/jwks.json', url)).catch(() => null);
  const { keys } = (response?.ok ? await response.json() : {}) as { keys?: VerifyingKey[] };
  return keys ?? null;
}

async function store(secret: string): Promise<void> {
  const { code, out, err } = await runWrangler(['secret', 'put', 'JWT_KEYS'], secret);
  if (code !== 0) fail(`The secret could not be stored; nothing was changed.\n${out}${err}`);
}

/** Waits until the server shows the new key, and says what it saw. */
async function seen(): Promise<void> {
  const deadline = Date.now() + seenWithinMs;
  let last = await shown();
  while (Date.now() < deadline && (remote || last !== null) && !last?.some(({ kid }) => kid === fresh.kid)) {
    await new Promise((resolve) => setTimeout(resolve, remote ? 2_000 : 500));
    last = (await shown()) ?? last;
  }
  if (last?.some(({ kid }) => kid === fresh.kid)) return say(`${url} shows it in its JWKS: it signs there.`);
  if (last === null && !remote) return say(`No server answers at ${url}; the next npm start signs with it.`);
  const advice = remote ? 'Look at its JWKS again in a minute, before rotating once more.' : 'Start npm start anew.';
  fail(`${url} does not show the new key yet. ${advice}`);
}
