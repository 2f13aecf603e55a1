import { env } from 'cloudflare:workers';
import { permissions } from '../../src/domain/access.ts';
import { accountId } from '../../src/domain/ids.ts';
import { send } from './api.ts';

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

/** Registers somebody: with an address of their own unless the body has one. */
export const register = async (body: Record<string, unknown>): Promise<Person> => {
  const email = `${somebody()}@example.com`;
  const response = await send('POST', '/auth/register', { body: { email, password, ...body } });
  if (response.status !== 201) throw new Error(`register: ${response.status} ${await response.text()}`);
  const session = await response.json<{
    user: { id: string; email: string };
    accessToken: string;
    refreshToken: string;
  }>();
  return {
    id: session.user.id,
    email: session.user.email,
    password,
    token: session.accessToken,
    refreshToken: session.refreshToken,
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
  return signIn(person.email);
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
