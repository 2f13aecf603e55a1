// `npm run create-admin -- --email you@example.org [--name "Your Name"] [--remote]`: the only way to an administrator.
import { randomBytes } from 'node:crypto';
import { passwordFault } from '../features/identity/password-parameters.ts';
import { emailSchema, fullNameSchema } from '../features/identity/schema.ts';
import { newAdmin } from './admin-account.ts';
import { executeSql, queryRows } from './d1.ts';
import { commandLine } from './options.ts';
import { ask, askSecret, fail, paint, say } from './terminal.ts';

const asked = commandLine({
  name: 'npm run create-admin',
  does: 'Makes an administrator, here or (--remote) in the deployment. Asks for what it is not told.',
  options: {
    email: { takes: 'ADDRESS', says: 'the e-mail address to sign in with' },
    name: { takes: '"NAME"', says: 'the full name; Administrator unless told' },
    remote: { says: 'in the deployment' },
    'persist-to': { takes: 'FOLDER', says: 'on this machine: the data folder that npm start was given' },
  },
});
const usage = 'npm run create-admin -- --email you@example.org [--name "Your Name"] [--remote]';
const place = [asked.has('remote') ? '--remote' : '--local'];
const persist = asked.text('persist-to');
if (persist !== undefined) place.push('--persist-to', persist);

const email = emailSchema.safeParse(asked.text('email') ?? (await ask('E-mail: ')) ?? '');
if (!email.success) fail(`An e-mail address is needed: ${usage}`);
const fullName = fullNameSchema.safeParse(asked.text('name') ?? 'Administrator');
if (!fullName.success) fail('--name takes a line of up to 120 characters.');

const typed = (await askSecret('Password (leave it empty to have one made): ')) ?? '';
/** 144 bits; the prefix satisfies the rules for new passwords whatever the rest turns out to be. */
const password = typed === '' ? `Db1-${randomBytes(18).toString('base64url')}` : typed;
const fault = passwordFault(password);
if (fault !== null) fail(`The password ${fault}.`);

const { id, sql } = await newAdmin({ email: email.data, fullName: fullName.data, password }, Date.now());
const created = await executeSql(sql, place)
  .then(() => queryRows(`select id from accounts where id = '${id}'`, place))
  .catch((error: Error) => fail(error.message));
if (created.length === 0) fail(`${email.data} has an account already; nothing was changed.`);
say(`${email.data} is an administrator now.`);
if (typed === '') say(`Password, shown once: ${paint('bold', password)}`);
