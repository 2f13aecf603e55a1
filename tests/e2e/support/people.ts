import { inject, vi } from 'vitest';
import { credentials } from '../../../src/cli/demo-data.ts';
import { permissions } from '../../../src/domain/access.ts';
import { sql } from './backstage.ts';
import './provided.ts';

/** Somebody who is signed in, in a browser and by the API. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly fullName: string;
  readonly password: string;
  /** The cookies of their session, by name. */
  readonly cookies: Readonly<Record<string, string>>;
  /** Asks the API in their name: `asks('GET', '/appointments')`. Throws what it refuses. */
  // biome-ignore lint/suspicious/noExplicitAny: a story knows what it asked for.
  asks(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<any>;
}

const password = 'Correct-Horse-7';

const request = async (
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Response> => {
  const url = inject('url');
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    ...sent,
    headers: { ...type, origin: url, ...headers },
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
};

/** Opens a session in cookies, as pages have it. */
const session = async (path: string, body: { readonly password: string; readonly [field: string]: unknown }) => {
  const response = await request('POST', path, body, { 'session-mode': 'cookie' });
  const { user } = (await response.json()) as { user: { id: string; email: string; fullName: string } };
  const cookies = Object.fromEntries(
    response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]?.split(/=(.*)/s) as [string, string]),
  );
  const own = {
    cookie: Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
    'x-csrf-token': cookies['daybook-csrf'] ?? '',
  };
  const person: Person = {
    ...{ id: user.id, email: user.email, fullName: user.fullName, password: body.password, cookies },
    asks: async (method, to, sent, headers = {}) => {
      const answer = await request(method, to, sent, { ...own, ...headers });
      return answer.status === 204 ? null : answer.json();
    },
  };
  return person;
};

const address = (): string => `p-${crypto.randomUUID().slice(0, 13)}@example.org`;

/** Shorter than the fifteen minutes of an access token by what a story may take. */
const sessionMs = 10 * 60_000;

/** Somebody of the demonstration, signed in for the stories of a process, and again where these go on for long. */
const once = (who: { readonly email: string; readonly password: string }): (() => Promise<Person>) => {
  let signedIn: Promise<Person> | undefined;
  let untilMs = 0;
  return () => {
    if (signedIn === undefined || Date.now() > untilMs) {
      signedIn = session('/auth/login', { email: who.email, password: who.password });
      untilMs = Date.now() + sessionMs;
    }
    return signedIn;
  };
};

/** Those of the demonstration, with the history that makes a page look lived in. Stories leave what is theirs alone. */
export const demo = {
  patient: once(credentials.patient),
  doctor: once(credentials.doctor),
  admin: once(credentials.admin),
} as const;

/** Signs in by the API: another session of somebody who has an account. */
export const signedIn = (who: { readonly email: string; readonly password: string }): Promise<Person> =>
  session('/auth/login', { email: who.email, password: who.password });

/** A patient, registered just now. */
export const patient = (fullName = 'Salma Begum'): Promise<Person> =>
  session('/auth/register', { email: address(), fullName, password, role: 'patient' });

/** An admin with every permission, made as `npm run create-admin` makes one: by the database. */
export const admin = async (fullName = 'Ada Min'): Promise<Person> => {
  const person = await patient(fullName);
  await sql(
    `update accounts set role = 'admin', permissions = '${JSON.stringify(permissions)}' where id = '${person.id}'`,
  );
  return signedIn(person);
};

/** A weekly rule of a schedule, as the API takes it. */
export interface Hours {
  readonly start: string;
  readonly end: string;
  readonly slotMinutes: number;
  readonly capacity?: number;
  readonly mode?: 'in_person' | 'video';
}

/** What is known of a doctor; every field has a usual value. */
export interface Practice {
  readonly fullName?: string;
  /** Of every day, by the clock of Dhaka. */
  readonly hours?: readonly Hours[];
  readonly approvalRequired?: boolean;
  readonly feeMinor?: number;
  readonly bio?: string;
  readonly specialization?: string;
  /** Further fields of the schedule, as `PUT /doctors/:id/schedule` takes them. */
  readonly schedule?: Readonly<Record<string, unknown>>;
}

/** The clinic of the demonstration where doctors of stories work. */
export const clinicId = async (): Promise<string> => {
  const response = await request('GET', '/clinics?limit=100', undefined, {});
  const { items } = (await response.json()) as { items: { id: string; name: string }[] };
  const found = items.find(({ name }) => name.startsWith('Dhanmondi'));
  if (found === undefined) throw new Error('the demo data has no clinic in Dhanmondi');
  return found.id;
};

/** A verified doctor, who works from nine to five on every day unless told otherwise. */
export const doctor = async (practice: Practice = {}): Promise<Person> => {
  const { fullName = 'Dr Karim Ahmed', feeMinor = 0, bio = '', specialization = 'Cardiology' } = practice;
  const { approvalRequired = false, hours = [{ start: '09:00', end: '17:00', slotMinutes: 30 }] } = practice;
  const works = await clinicId();
  const person = await session('/auth/register', {
    ...{ email: address(), fullName, password, role: 'doctor' },
    doctor: {
      ...{ licenseNumber: `BMDC-${crypto.randomUUID().slice(0, 13)}`, specialization, bio },
      ...{ timeZone: 'Asia/Dhaka', clinicIds: [works], languages: ['bn', 'en'] },
      consultationFee: { amount: feeMinor, currency: 'BDT' },
    },
  });
  const rules = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) =>
    hours.map((one) => ({ mode: 'in_person', ...one, weekday, clinicId: one.mode === 'video' ? null : works })),
  );
  await person.asks('PUT', `/doctors/${person.id}/schedule`, { approvalRequired, rules, ...practice.schedule });
  await (await demo.admin()).asks('POST', `/admin/doctors/${person.id}/verify`);
  return person;
};

/** A free time of a doctor. */
export interface Slot {
  readonly id: string;
  readonly startsAt: string;
  readonly remaining: number;
}

/** A day from now, as the date in Dhaka: YYYY-MM-DD. */
export const dateIn = (days: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Dhaka' }).format(Date.now() + days * 86_400_000);

/** The free times of a doctor on a day from now. */
export const freeSlots = async (by: Person, doctorId: string, daysAhead = 3): Promise<Slot[]> => {
  const { slots } = (await by.asks('GET', `/doctors/${doctorId}/slots?date=${dateIn(daysAhead)}`)) as { slots: Slot[] };
  return slots.filter(({ remaining }) => remaining > 0);
};

/** Books the first free time of a doctor for somebody, to the end, and waits until lists show it; gives the appointment. */
export const booked = async (by: Person, doctorId: string, reason = 'Check-up', daysAhead = 3) => {
  const [slot] = await freeSlots(by, doctorId, daysAhead);
  if (slot === undefined) throw new Error('the doctor has no free time that day');
  const held = (await by.asks('POST', '/appointments', { slotId: slot.id, reason })) as { id: string };
  const { id, startsAt, status } = await by.asks('POST', `/appointments/${held.id}/confirm`, {});
  const isListed = async (): Promise<void> => {
    const { items } = await by.asks('GET', '/appointments?limit=100');
    const listed = items.find((item: { id: string }) => item.id === id);
    if (listed?.status !== status) throw new Error(`${id} is not listed`);
  };
  await vi.waitFor(isListed, { timeout: 15_000, interval: 100 });
  return { id, startsAt } as { id: string; startsAt: string };
};
