import { utcDate } from '../domain/local-date.ts';
import { newAdmin, sqlText } from './admin-account.ts';
import { accessTokenOf, answered, apiOf, unless } from './api.ts';
import { queryRows } from './d1.ts';
import { clinics, credentials, doctors, feeOf, otherPatients } from './demo-data.ts';
import { bookings } from './seed-bookings.ts';
import { historySql } from './seed-history.ts';
import { recordOf } from './seed-record.ts';
import { paint, say } from './terminal.ts';

/** Somebody of the demonstration, signed in. */
export interface Person {
  readonly id: string;
  readonly token: string;
}

/** Everybody of the demonstration, by e-mail address. */
export type People = ReadonlyMap<string, Person>;

/** What a database knows of the demonstration. */
export interface There {
  /** Whether all of it was written once; whatever became of it since, it is not written again. */
  readonly all: boolean;
  /** Addresses of the demonstration that have accounts. */
  readonly emails: readonly string[];
  /** Whether its patients have an appointment that lies ahead. */
  readonly ahead: boolean;
}

/** What seeding did. */
export type Seeded = 'written' | 'renewed' | 'kept';

const patients = [credentials.patient, ...otherPatients];

/**
 * Looks what of the demo data there is. The history is written last, and of it alone it is true that appointments are
 * older than their doctor's account: so this holds whatever the demo accounts do, their passwords and they themselves.
 */
export const whatIsThere = async (place: readonly string[], nowMs: number): Promise<There> => {
  const among = (people: readonly { readonly email: string }[]): string =>
    people.map(({ email }) => sqlText(email)).join(', ');
  const [found] = await queryRows(
    [
      `select (select json_group_array(email) from accounts where email in (${among([...doctors, ...patients, credentials.admin])})) as emails,`,
      'exists (select 1 from accounts d join appointments a on a.doctor_id = d.id',
      "where d.role = 'doctor' and a.created_at_ms < d.created_at_ms) as written,",
      'exists (select 1 from accounts p join appointments a on a.patient_id = p.id',
      `where p.email in (${among(patients)}) and a.starts_at_ms > ${nowMs}) as ahead`,
    ].join(' '),
    place,
  );
  const emails = JSON.parse(String(found?.emails ?? '[]')) as string[];
  return { all: found?.written === 1, emails, ahead: found?.ahead === 1 };
};

/**
 * Writes the demo data through the API, and the history, which no API can make, into the database. Every step may be
 * repeated, so that a start that was cut short is completed by the next one; who has an account is not registered again,
 * which would be told them by mail. Where all is there, but every appointment is over, books ahead again.
 *
 * @param execute runs SQL on the database of the server
 */
export const seed = async (url: string, execute: (sql: string) => Promise<void>, there: There): Promise<Seeded> => {
  if (there.all) return there.ahead ? 'kept' : renewed(url);
  say(paint('dim', 'Writing demo data …'));
  await execute((await newAdmin(credentials.admin, Date.now())).sql);
  const admin = await signIn(url, credentials.admin);
  const clinicIds = await ensureClinics(url, admin);
  const people = new Map<string, Person>();
  for (const doctor of doctors) people.set(doctor.email, await ensureDoctor(url, admin, doctor, clinicIds, there));
  for (const patient of patients) people.set(patient.email, await ensurePatient(url, patient, there));
  await bookings(url, people, 'demo-data');
  const nadia = people.get(credentials.patient.email);
  if (nadia !== undefined) await recordOf(url, nadia);
  await execute(historySql(people, Date.now()));
  return 'written';
};

/** Books ahead for those whose demo password still signs them in. Nothing of it is needed, so nothing of it fails. */
const renewed = async (url: string): Promise<Seeded> => {
  try {
    const people = new Map<string, Person>();
    for (const { email } of [...doctors, ...patients]) {
      const person = await signIn(url, { email, password: credentials.patient.password }).catch(() => null);
      if (person !== null) people.set(email, person);
    }
    return (await bookings(url, people, `demo-data-${utcDate(Date.now())}`)) > 0 ? 'renewed' : 'kept';
  } catch {
    return 'kept';
  }
};

const login = ({ email, password }: { readonly email: string; readonly password: string }) => ({ email, password });

const signIn = async (url: string, who: { readonly email: string; readonly password: string }): Promise<Person> => {
  const session = await answered(apiOf(url).auth.login.$post({ json: login(who) }));
  return { id: session.user.id, token: accessTokenOf(session) };
};

const ensurePatient = async (url: string, patient: (typeof patients)[number], there: There) => {
  if (there.emails.includes(patient.email)) return signIn(url, patient);
  const { email, fullName, password } = patient;
  const json = { email, fullName, password, role: 'patient' } as const;
  await answered(apiOf(url).auth.register.$post({ json }));
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
  there: There,
): Promise<Person> => {
  const { email, fullName, licenseNumber, specialization, experienceYears, bio, gender } = doctor;
  const { password } = credentials.doctor;
  const clinicId = clinicIds[doctor.clinic];
  const { timeZone } = clinics[doctor.clinic];
  const languages = [...doctor.languages];
  const profile = { licenseNumber, specialization, experienceYears, bio, gender, languages, timeZone };
  if (!there.emails.includes(email)) {
    const particulars = { ...profile, consultationFee: feeOf(doctor), clinicIds: [clinicId] };
    const json = { email, fullName, password, role: 'doctor' as const, doctor: particulars };
    await answered(apiOf(url).auth.register.$post({ json }));
  }
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
