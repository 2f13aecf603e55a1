// `npm run rotate-master-key [-- --remote]`: puts a new master key before the one in use, watches the Worker bring every
// data key under it, and says which old key may go. Run again at any time, it goes on where things stand.
import { randomBytes } from 'node:crypto';
import { masterKeyId, masterKeysIn } from '../sealing/key-ring.ts';
import { queryRows } from './d1.ts';
import { dataFolder, localUrl } from './data-folder.ts';
import { localSecret, replaceLocalSecret, rereadSettings } from './dev-vars.ts';
import { keepSecrets, keptFile, keptSecret } from './kept-secrets.ts';
import { commandLine, portIn } from './options.ts';
import { askSecret, fail, paint, say } from './terminal.ts';
import { runWrangler } from './wrangler.ts';

const asked = commandLine({
  name: 'npm run rotate-master-key',
  does: 'Puts a new master key before the one in use, has every data key wrapped by it, and says which old key may go.',
  options: {
    remote: { says: 'in the deployment' },
    url: { takes: 'URL', says: 'on this machine: where it runs; unless told, where npm start runs it' },
    port: { takes: 'NUMBER', says: 'on this machine: the port that it runs on' },
    'persist-to': { takes: 'FOLDER', says: 'on this machine: the data folder that npm start was given' },
  },
});
const remote = asked.has('remote');
const persist = asked.text('persist-to');
const port = asked.text('port');
const place = [remote ? '--remote' : '--local', ...(persist === undefined ? [] : ['--persist-to', persist])];
const url = await localUrl({
  url: asked.text('url'),
  port: port === undefined ? undefined : portIn(port),
  folder: dataFolder(persist),
});
const name = 'MASTER_KEYS';
const watchEveryMs = remote ? 30_000 : 1_000;
const knownEverywhereMs = 60_000;
/** Looks without progress until this gives up, longer than the two minutes in which the job runs twice; the work goes on. */
const patience = remote ? 20 : 120;
/** So much of a key tells it from the others, and to nobody what it is: 36 of its 256 bits. */
const shownCharacters = 6;

const setting = remote ? await pasted() : localSecret(name);
const keys = masterKeysIn(setting) ?? fail(`${name} is not a list of keys of 32 bytes in base64.`);
const ids = await Promise.all(keys.map(masterKeyId));

const before = await counts();
const unknown = [...before.keys()].filter((id) => !ids.includes(id));
if (unknown.length > 0)
  fail(`Data keys are wrapped by ${unknown.join(', ')}, which ${name} does not hold. Add it first.`);

const isResumed = keys.length > 1;
const current = isResumed ? (ids[0] ?? '') : await added();
const wrapped = [...before.values()].reduce((sum, n) => sum + n, 0);
const toDo = wrapped - (before.get(current) ?? 0);
if (isResumed)
  say(`${name} holds ${keys.length} keys already, so no new one is made: for that, remove the old one first.`);
if (toDo === 0)
  say(wrapped === 0 ? 'No data key exists yet: there was nothing to wrap anew.' : 'Nothing was left to do.');
await rewrapped();

const entries = setting.split(',').map((entry) => entry.trim());
const places = entries.length + (isResumed ? 0 : 1);
const old = entries.map((entry, i) => ({
  place: i + 1 + (isResumed ? 0 : 1),
  start: entry.slice(0, shownCharacters),
  id: ids[i] ?? '',
}));
if (toDo > 0)
  say(`Every data key is wrapped by ${paint('bold', current)} now; each was opened again before it was stored.`);
say(`Of the ${places} entries of ${name}${remote ? '' : ' in .dev.vars'}, between commas, you may remove:`);
for (const { place, start, id } of old.filter((entry) => entry.id !== current))
  say(`  number ${place}, which begins with ${paint('bold', start)} (${id})`);
say('Then every backup that needs it is unreadable for good.');
say(
  paint(
    'dim',
    'Wait 15 minutes with that, so that no access token brings an older wrapping; a query a request is all it costs.',
  ),
);

/** A secret that was stored in Cloudflare cannot be read back, so it comes from where its copy is kept. */
async function pasted(): Promise<string> {
  const kept = keptSecret(name);
  if (kept !== null) return kept;
  const text = await askSecret(`The ${name} in use, from where you keep it: `);
  return text?.trim() || fail(`The ${name} in use is needed: to take it away would lose every patient’s words.`);
}

/** Stores a new key before those in use, and gives its id. */
async function added(): Promise<string> {
  const key = randomBytes(32);
  const id = await masterKeyId(Uint8Array.from(key));
  const fresh = key.toString('base64');
  const next = [fresh, setting].join(',');
  if (remote) {
    // Known everywhere before it wraps anywhere: a new version takes a moment to reach every place.
    await store([setting, fresh].join(','));
    say(paint('dim', 'Waiting until the new key is known everywhere …'));
    await new Promise((resolve) => setTimeout(resolve, knownEverywhereMs));
    await store(next);
    say(`Move the copy in ${keptFile} to where you keep such things: it cannot be read back.`);
  } else {
    replaceLocalSecret(name, next);
  }
  say(`A new master key wraps from now on: ${paint('bold', id)}`);
  return id;
}

/** Stores the secret. It is kept here before: what wraps keys and is known to nobody loses them. */
async function store(value: string): Promise<void> {
  const kept = keptSecret(name);
  keepSecrets({ [name]: value });
  const { code, out, err } = await runWrangler(['secret', 'put', name], value);
  if (code === 0) return;
  keepSecrets({ [name]: kept ?? setting });
  fail(`The secret could not be stored.\n${out}${err}`);
}

/** Waits until no data key is left under another master key. The Worker does the work, every minute. */
async function rewrapped(): Promise<void> {
  if (!remote && isResumed) rereadSettings();
  let [least, idle] = [Number.POSITIVE_INFINITY, 0];
  for (;;) {
    const found = await counts();
    const left = [...found].filter(([id]) => id !== current).reduce((sum, [, n]) => sum + n, 0);
    if (left === 0) return;
    idle = left < least ? 0 : idle + 1;
    least = Math.min(left, least);
    if (idle > patience)
      fail(`Nothing moves. Does the Worker have this ${name}, and does its cron run? Then run this again.`);
    say(paint('dim', `${left} data keys left …`));
    // Wrangler does not run cron triggers locally. A server that is not running yet finds its work when it starts.
    if (!remote) await ring();
    await new Promise((resolve) => setTimeout(resolve, watchEveryMs));
  }
}

async function ring(): Promise<void> {
  const answered = await fetch(`${url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent('* * * * *')}`).catch(
    () => null,
  );
  if (answered === null) fail(`No server answers at ${url}. Run npm start, and this command again: it goes on.`);
}

/** How many data keys each master key wraps. The keys themselves are not read. */
async function counts(): Promise<Map<string, number>> {
  const sql = 'select master_id as id, count(*) as n from data_keys where master_id is not null group by master_id';
  const rows = await queryRows(sql, place).catch((error: Error) => fail(error.message));
  return new Map(rows.map(({ id, n }) => [String(id), Number(n)]));
}
