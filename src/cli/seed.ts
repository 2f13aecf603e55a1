import { newAdmin } from './admin-account.ts';
import { accessTokenOf, answered, apiOf, unless } from './api.ts';
import { executeSql } from './d1.ts';
import { clinics, credentials, doctors, feeOf, otherPatients } from './demo-data.ts';
import { bookings } from './seed-bookings.ts';
import { historySql } from './seed-history.ts';
import { paint, say } from './terminal.ts';

/** Somebody of the demonstration, signed in. */
export interface Person {
  readonly id: string;
  readonly token: string;
}

/** Everybody of the demonstration, by e-mail address. */
export type People = ReadonlyMap<string, Person>;

/**
 * Writes the demo data through the API, and the history, which no API can make, into the database. Every step may be
 * repeated, so that a start that was cut short is completed by the next one. `false` when it was all there.
 *
 * @param place wrangler's flags for the local database
 */
export const seed = async (url: string, place: readonly string[]): Promise<boolean> => {
  if (await isSeeded(url)) return false;
  say(paint('dim', 'Writing demo data …'));
  await executeSql((await newAdmin(credentials.admin, Date.now())).sql, place);
  const admin = await signIn(url, credentials.admin);
  const clinicIds = await ensureClinics(url, admin);
  const people = new Map<string, Person>();
  for (const doctor of doctors) people.set(doctor.email, await ensureDoctor(url, admin, doctor, clinicIds));
  for (const patient of [credentials.patient, ...otherPatients])
    people.set(patient.email, await ensurePatient(url, patient));
  await bookings(url, people);
  await executeSql(historySql(people, Date.now()), place);
  return true;
};

/** The history comes last, so where it is, everything is. */
const isSeeded = async (url: string): Promise<boolean> => {
  const session = await unless(
    apiOf(url).auth.login.$post({ json: login(credentials.patient) }),
    'invalid_credentials',
  );
  if (session === null) return false;
  const past = await answered(apiOf(url, accessTokenOf(session)).appointments.$get({ query: { status: 'completed' } }));
  return past.items.length > 0;
};

const login = ({ email, password }: { readonly email: string; readonly password: string }) => ({ email, password });

const signIn = async (url: string, who: { readonly email: string; readonly password: string }): Promise<Person> => {
  const session = await answered(apiOf(url).auth.login.$post({ json: login(who) }));
  return { id: session.user.id, token: accessTokenOf(session) };
};

const ensurePatient = async (url: string, patient: (typeof otherPatients)[number] | typeof credentials.patient) => {
  const { email, fullName, password } = patient;
  const json = { email, fullName, password, role: 'patient' } as const;
  await unless(apiOf(url).auth.register.$post({ json }), 'email_taken');
  return signIn(url, patient);
};

type ClinicIds = Readonly<Record<keyof typeof clinics, string>>;

const ensureClinics = async (url: string, admin: Person): Promise<ClinicIds> => {
  const api = apiOf(url, admin.token);
  const { items } = await answered(api.clinics.$get({ query: { limit: '100' } }));
  const ids: Record<string, string> = {};
  for (const [key, clinic] of Object.entries(clinics)) {
    const known = items.find(({ name }) => name === clinic.name);
    ids[key] = (known ?? (await answered(api.clinics.$post({ json: clinic })))).id;
  }
  return ids as ClinicIds;
};

const ensureDoctor = async (
  url: string,
  admin: Person,
  doctor: (typeof doctors)[number],
  clinicIds: ClinicIds,
): Promise<Person> => {
  const { email, fullName, licenseNumber, specialization, experienceYears, bio } = doctor;
  const { password } = credentials.doctor;
  const clinicId = clinicIds[doctor.clinic];
  const profile = { licenseNumber, specialization, experienceYears, bio, timeZone: clinics[doctor.clinic].timeZone };
  await unless(
    apiOf(url).auth.register.$post({
      json: {
        ...{ email, fullName, password, role: 'doctor' as const },
        doctor: { ...profile, consultationFee: feeOf(doctor), clinicIds: [clinicId] },
      },
    }),
    'email_taken',
  );
  const person = await signIn(url, { email, password });
  const param = { id: person.id };
  const rules = doctor.hours.flatMap(({ weekdays, mode = 'in_person', ...hours }) =>
    weekdays.map((weekday) => ({ ...hours, weekday, mode, clinicId: mode === 'video' ? null : clinicId })),
  );
  const approvalRequired = doctor.approvalRequired ?? false;
  await answered(
    apiOf(url, person.token).doctors[':id'].schedule.$put({ param, header: {}, json: { approvalRequired, rules } }),
  );
  await unless(apiOf(url, admin.token).admin.doctors[':id'].verify.$post({ param }), 'already_verified');
  return person;
};
