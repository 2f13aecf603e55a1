// `npm run deploy`: creates what is missing in the Cloudflare account, migrates the database, uploads the Worker.
// `npm run deploy -- --dry-run` builds and checks, and needs neither an account nor a network.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unstable_readConfig } from 'wrangler';
import { keepSecrets, keptFile } from './kept-secrets.ts';
import { commandLine } from './options.ts';
import { bucketsOf, type Config, queuesOf } from './resources.ts';
import { secrets } from './secrets.ts';
import { fail, paint, say } from './terminal.ts';
import { root, runWrangler } from './wrangler.ts';

const asked = commandLine({
  name: 'npm run deploy',
  does: 'Creates what is missing in the Cloudflare account, migrates the database, and uploads the Worker.',
  options: { 'dry-run': { says: 'builds and checks, and needs neither an account nor a network' } },
});
const configFile = join(root, 'wrangler.toml');
const config: Config = unstable_readConfig({ config: configFile });
const placeholderId = '00000000-0000-0000-0000-000000000000';

/** Runs wrangler and gives what it printed; ends here when it fails. */
const must = async (...command: string[]): Promise<string> => {
  const { code, out, err } = await runWrangler(command);
  if (code !== 0) fail(`wrangler ${command.slice(0, 3).join(' ')} failed.\n${out}${err}`);
  return out;
};

const step = (text: string): void => say(paint('dim', text));

if (asked.has('dry-run')) {
  step('Building …');
  say((await must('deploy', '--dry-run', '--outdir', 'dist')).trim());
  say('Nothing was deployed.');
  process.exit(0);
}

const who = await runWrangler(['whoami']);
if (who.code !== 0 || /not authenticated/i.test(who.out + who.err)) {
  fail('Sign in to Cloudflare first: npx wrangler login, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.');
}
await ensureDatabase();
await ensureQueues();
await ensureBuckets();
step('Applying migrations …');
await must('d1', 'migrations', 'apply', 'DB', '--remote');
step('Uploading …');
say((await uploadWithMissingSecrets()).trim());
say('Create the first administrator with: npm run create-admin -- --remote --email you@example.org');

/** Finds or creates the database and writes its id to wrangler.toml, where it then belongs into version control. */
async function ensureDatabase(): Promise<void> {
  const database = config.d1_databases.find(({ binding }) => binding === 'DB');
  if (database?.database_id !== placeholderId) return;
  const name = database.database_name ?? 'daybook';
  const idOf = async (): Promise<string | undefined> => {
    const list = JSON.parse(await must('d1', 'list', '--json')) as { uuid: string; name: string }[];
    return list.find((each) => each.name === name)?.uuid;
  };
  let id = await idOf();
  if (id === undefined) {
    step(`Creating the database ${name} …`);
    await must('d1', 'create', name);
    id = await idOf();
  }
  if (id === undefined) fail(`The database ${name} is not there after creating it.`);
  writeFileSync(configFile, readFileSync(configFile, 'utf8').replace(placeholderId, id));
  say(`Wrote the id of the database ${name} to wrangler.toml. Commit it.`);
}

async function ensureQueues(): Promise<void> {
  for (const name of queuesOf(config)) {
    if ((await runWrangler(['queues', 'info', name])).code === 0) continue;
    step(`Creating the queue ${name} …`);
    await must('queues', 'create', name);
  }
}

async function ensureBuckets(): Promise<void> {
  for (const { binding, name } of bucketsOf(config)) {
    if ((await runWrangler(['r2', 'bucket', 'info', name])).code === 0) continue;
    step(`Creating the bucket ${name} …`);
    await must('r2', 'bucket', 'create', name);
    if (binding !== 'AUDIT_ANCHORS') continue;
    say('To keep anyone, yourself included, from deleting anchors of the audit for six years:');
    say(`  npx wrangler r2 bucket lock add ${name} anchors "" --retention-days 2190`);
  }
}

/** Uploads the Worker, with fresh values for the secrets it has never had. Those it has are never touched. */
async function uploadWithMissingSecrets(): Promise<string> {
  const listed = await runWrangler(['secret', 'list', '--format', 'json']);
  // A Worker that was never deployed has no list.
  const present = listed.code === 0 ? (JSON.parse(listed.out) as { name: string }[]).map(({ name }) => name) : [];
  if (listed.code !== 0 && !/not found|does not exist|10007/i.test(listed.out + listed.err)) {
    // Guessing here could replace the key that patients' words are sealed with.
    fail(`The secrets of the Worker could not be listed; nothing was uploaded.\n${listed.out}${listed.err}`);
  }
  const missing = Object.entries(secrets).filter(([name]) => !present.includes(name));
  if (missing.length === 0) return must('deploy');
  const folder = mkdtempSync(join(tmpdir(), 'daybook-'));
  const file = join(folder, 'secrets.json');
  try {
    const values = Object.fromEntries(missing.map(([name, make]) => [name, make()]));
    // Cloudflare shows no secret again, and without MASTER_KEYS no backup can ever be read.
    keepSecrets(values);
    writeFileSync(file, JSON.stringify(values), { mode: 0o600 });
    const { code, out, err } = await runWrangler(['deploy', '--secrets-file', file]);
    if (code !== 0) throw new Error(`${out}${err}`);
    step(`Made and stored the secrets ${missing.map(([name]) => name).join(', ')}.`);
    say(`Move the copy in ${keptFile} to where you keep such things: without it, lost secrets are lost.`);
    return out;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return fail(`The upload failed.\n${error instanceof Error ? error.message : error}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
