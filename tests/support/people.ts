import { env } from 'cloudflare:workers';
import { database } from '../../src/db/client.ts';
import { permissions } from '../../src/domain/access.ts';
import { accountId } from '../../src/domain/ids.ts';
import { settingsOf } from '../../src/env.ts';
import { auditStatement } from '../../src/features/audit/record.ts';
import { signAccessToken } from '../../src/features/identity/access-token.ts';
import { type Account, accountOf, createAccount, newAccountId } from '../../src/features/identity/account.ts';
import { holderOf } from '../../src/features/identity/facts.ts';
import { hashPassword } from '../../src/features/identity/password.ts';
import { startSession } from '../../src/features/identity/refresh-token.ts';
import { registerSchema } from '../../src/features/identity/schema.ts';
import { send } from './api.ts';
import { remember } from './canary.ts';

/** Somebody who is signed in. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly refreshToken: string;
}

let count = 0;
const somebody = (): string => {
  count += 1;
  return `p${count}-${crypto.randomUUID().slice(0, 8)}`;
};

const password = 'Correct-Horse-7';

/** Made once: it takes longer than all the rest of an account. Tests of passwords register through the front door. */
const passwordHash = hashPassword(password);

/**
 * An account as registering makes it, with an address of its own unless the body has one, and a session. It is put
 * where registering puts it, past the hash of the password and the limits.
 */
export const register = async (body: Record<string, unknown>): Promise<Person> => {
  const given = registerSchema.parse({ email: `${somebody()}@example.com`, password, ...body });
  remember('/auth/register', given);
  const [id, nowMs] = [newAccountId(), Date.now()];
  const doctor = given.role === 'doctor' ? given.doctor : null;
  const known = given.password === password ? { passwordHash } : {};
  const actor = { id, role: given.role };
  const made = await createAccount(database(env.DB), { ...given, id, doctor, actor, nowMs, ...known });
  if (!made.ok) throw new Error(`register: ${made.refusal.code}`);
  return signedInto(made.value, given.password);
};

/** Opens a session of an account as signing in does. */
const signedInto = async (account: Account, secret: string): Promise<Person> => {
  const [db, settings, nowMs] = [database(env.DB), settingsOf(env), Date.now()];
  const { id, email } = account;
  const started = await startSession(db, settings, account, { device: null, place: null }, nowMs);
  const { evicted, opened, stored, sessionId, refreshToken } = started;
  const data = { sessionId };
  const row = { stream: `account:${id}`, actor: account, action: 'session.started', subjectId: id, data, atMs: nowMs };
  await db.batch([evicted, opened, stored, auditStatement(db, row)]);
  const holder = (await holderOf(db, settings, id, nowMs)) ?? account;
  return {
    id,
    email,
    password: secret,
    token: await signAccessToken(settings, holder, sessionId, nowMs),
    refreshToken,
  };
};

/** Registers a patient. */
export const patient = (fullName = 'Nadia Islam'): Promise<Person> => register({ fullName, role: 'patient' });

/** Signs a person in with the password. */
export const signIn = async (email: string, secret = password): Promise<Person> => {
  const response = await send('POST', '/auth/login', { body: { email, password: secret } });
  if (response.status !== 200) throw new Error(`login: ${response.status} ${await response.text()}`);
  const session = await response.json<{ user: { id: string }; accessToken: string; refreshToken: string }>();
  return {
    id: session.user.id,
    email,
    password: secret,
    token: session.accessToken,
    refreshToken: session.refreshToken,
  };
};

/** An admin with every permission: an account whose role was set in D1, as `npm run create-admin` does. */
export const admin = async (): Promise<Person> => {
  const person = await patient('Ada Min');
  await env.DB.prepare(`update accounts set role = 'admin', permissions = ?2 where id = ?1`)
    .bind(person.id, JSON.stringify(permissions))
    .run();
  const account = await accountOf(database(env.DB), person.id);
  if (account === null) throw new Error('no admin');
  return signedInto(account, person.password);
};

/** Registers a doctor, who is not verified yet. */
export const unverifiedDoctor = (doctor: Record<string, unknown> = {}, fullName = 'Rahima Khatun'): Promise<Person> =>
  register({
    fullName,
    role: 'doctor',
    doctor: {
      licenseNumber: `BMDC-${crypto.randomUUID().slice(0, 13)}`,
      specialization: 'Cardiology',
      timeZone: 'Asia/Dhaka',
      ...doctor,
    },
  });

/** Registers a doctor and has an admin verify them. */
export const doctor = async (
  profile: Record<string, unknown> = {},
  fullName?: string,
  by?: Person,
): Promise<Person> => {
  const person = await unverifiedDoctor(profile, fullName);
  const response = await send('POST', `/admin/doctors/${person.id}/verify`, { as: by ?? (await admin()) });
  if (response.status !== 200) throw new Error(`verify: ${response.status} ${await response.text()}`);
  return person;
};

/** A dependant of a guardian, put into D1 so that no token of the guardian ends. */
export const dependantOf = async (guardianId: string, fullName = 'Tuli Islam'): Promise<string> => {
  const id = accountId(crypto.getRandomValues(new Uint8Array(12)));
  await env.DB.prepare(
    'insert into dependants (id, guardian_id, full_name, birth_date, created_at_ms) values (?, ?, ?, ?, ?)',
  )
    .bind(id, guardianId, fullName, '2019-04-30', Date.now())
    .run();
  return id;
};
