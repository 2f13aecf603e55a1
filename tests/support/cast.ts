import { env } from 'cloudflare:workers';
import type { Role } from '../../src/domain/access.ts';
import { accountId, appointmentId, type DayKey, parseAppointmentId } from '../../src/domain/ids.ts';
import { addDays, parseLocalDate, utcDate } from '../../src/domain/local-date.ts';
import { settingsOf } from '../../src/env.ts';
import { writeAnchor } from '../../src/features/audit/anchors.ts';
import { unsubscribeUrl } from '../../src/notifications/unsubscribe.ts';
import { send } from './api.ts';
import { type Actor, actor, practice } from './clinic.ts';
import { fileOf, uploaded } from './files.ts';
import { icsOf, publish } from './ics.ts';
import { entered } from './ledger.ts';
import { said } from './mailbox.ts';
import { doctor, type Person, patient, signIn, unverifiedDoctor } from './people.ts';

/** Everybody who may stand at a route's door, as they stand to one appointment and its doctor. */
export const everybody = ['anonymous', 'patient', 'otherPatient', 'ownDoctor', 'otherDoctor', 'admin'] as const;
export type Who = (typeof everybody)[number];
export type Member = Exclude<Who, 'anonymous'>;

export const roleOf: Readonly<Record<Member, Role>> = {
  patient: 'patient',
  otherPatient: 'patient',
  ownDoctor: 'doctor',
  otherDoctor: 'doctor',
  admin: 'admin',
};

/** What an appointment can be when it is asked for; `begun` is confirmed, and its time has come. */
export type State = 'pending' | 'awaiting' | 'confirmed' | 'begun';

/** Texts that only some may ever read. */
export const privateTexts: readonly { readonly text: string; readonly seenBy: readonly Who[] }[] = [
  { text: 'a rash that nobody knows of', seenBy: ['patient', 'ownDoctor'] },
  { text: 'itching at night', seenBy: ['patient', 'ownDoctor'] },
  { text: 'an operation of my own', seenBy: ['ownDoctor', 'admin'] },
];
const [reason, symptoms, absence] = privateTexts.map(({ text }) => text) as [string, string, string];

let serial = 0;
const next = (): number => {
  serial += 1;
  return serial;
};

/** An id of the same kind as another, of nothing that exists. */
export const missingLike = (id: string): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const day = parseAppointmentId(id);
  if (day !== null) return appointmentId(day, bytes);
  if (parseLocalDate(id) !== null) return '1999-12-31';
  return `${id.slice(0, 2)}${accountId(bytes.slice(0, 12)).slice(2)}`;
};

/**
 * A doctor who approves requests, with five-minute slots all day, a patient of this doctor, and everybody who has
 * nothing to do with them. Whatever is asked of the cast for a request is fresh.
 */
export const assemble = async () => {
  const shape = { start: '00:00', end: '23:55', slotMinutes: 5 };
  const profile = { consultationFee: { amount: 150_000, currency: 'BDT' } };
  const heart = await practice({ shape, terms: { approvalRequired: true }, profile });
  const members: Readonly<Record<Member, Actor>> = {
    patient: actor(await patient('Nadia Islam')),
    otherPatient: actor(await patient('Karim Uddin')),
    ownDoctor: heart.doctor,
    otherDoctor: actor(await doctor({}, 'Selim Reza', heart.admin as unknown as Person)),
    admin: heart.admin,
  };
  const own = `/doctors/${members.ownDoctor.id}`;
  const visitor = await patient('Vera Visitor');
  // Another one: whoever tries wrong passwords for the visitor must not keep this one out.
  const traveller = await patient('Tara Traveller');
  const free = await heart.slotsOn();
  const made = async (by: Actor, method: string, path: string, body: unknown): Promise<string> => {
    const reply = await by.act(method, path, body);
    if (reply.status !== 201) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body.items?.[0].id ?? reply.body.id;
  };
  const newClinic = () => ({
    name: `Clinic ${next()}`,
    address: 'House 12',
    city: 'Dhaka',
    country: 'BD',
    timeZone: 'Asia/Dhaka',
  });
  const clinicId = await made(members.admin, 'POST', '/clinics', newClinic());
  const rows = await env.DB.prepare('select id, email from accounts').all<{ id: string; email: string }>();
  const emails = new Map(rows.results.map(({ id, email }) => [id, email]));

  const freeSlot = (): { id: string; startsAtMs: number } => {
    const slot = free.pop();
    if (slot === undefined) throw new Error('the day is full');
    return { id: slot.id, startsAtMs: Date.parse(slot.startsAt) };
  };
  const newAccount = () => ({
    email: `new-${next()}@example.com`,
    password: 'Correct-Horse-7',
    fullName: 'Rahima Khatun',
    phone: `+88017${String(10_000_000 + next())}`,
  });
  const newProfile = () => ({
    licenseNumber: `BMDC-N-${next()}`,
    specialization: 'Dermatology',
    timeZone: 'Asia/Dhaka',
    experienceYears: 7,
    bio: 'First line\nsecond line',
    consultationFee: { amount: 150_000, currency: 'BDT' },
    clinicIds: [clinicId],
  });
  // None at the time of another: that would be refused.
  const newSession = () => ({
    date: addDays(heart.date, 20 + next()),
    start: '08:00',
    end: '09:00',
    slotMinutes: 20,
    bufferMinutes: 5,
    capacity: 2,
    mode: 'video',
    clinicId: null,
  });
  const newTimeOff = () => {
    const from = addDays(heart.date, 55 + 2 * next());
    return { from, to: addDays(from, 1), ...away };
  };
  const away = {
    start: '10:00',
    end: '11:00',
    reason: absence,
  };

  /** An appointment of the patient with the doctor, in a slot of its own. */
  const appointment = async (state: State): Promise<{ id: string; startsAtMs: number }> => {
    const slot = freeSlot();
    const id = await made(members.patient, 'POST', '/appointments', { slotId: slot.id, reason, symptoms });
    if (state !== 'pending') await members.patient.confirms(id);
    if (state === 'confirmed' || state === 'begun') await members.ownDoctor.accepts(id);
    return { id, startsAtMs: slot.startsAtMs };
  };

  return {
    members,
    clinicId,
    date: heart.date,
    day: { doctorId: members.ownDoctor.id, date: heart.date } satisfies DayKey,
    email: (who: Member): string => emails.get(members[who].id) ?? '',
    schedule: {
      timeZone: 'Asia/Dhaka',
      minimumNoticeMinutes: 0,
      bookingWindowDays: 60,
      approvalRequired: true,
      rules: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
        weekday,
        ...shape,
        bufferMinutes: 0,
        capacity: 1,
        mode: 'in_person',
        clinicId: null,
        effectiveFrom: null,
        effectiveUntil: null,
      })),
    },
    freeSlot,
    appointment,
    newAccount,
    newProfile,
    newClinic,
    newSession,
    newTimeOff,
    credentials: { email: visitor.email, password: visitor.password },
    refreshToken: async (): Promise<string> => (await signIn(traveller.email)).refreshToken,
    /** Nobody has been sent a code, and nobody has an authenticator app. */
    withoutFactors: async (): Promise<void> => {
      const of = (table: string) => env.DB.prepare(`delete from ${table} where account_id = ?`);
      const statements = [of('challenges'), of('authenticators')];
      const ids = Object.values(members).map(({ id }) => id);
      await env.DB.batch(ids.flatMap((id) => statements.map((statement) => statement.bind(id))));
    },
    /** Nobody has a calendar feed. */
    withoutFeeds: async (): Promise<void> => {
      const of = env.DB.prepare('delete from calendar_feeds where account_id = ?');
      await env.DB.batch(Object.values(members).map(({ id }) => of.bind(id)));
    },
    /** A passkey of the patient. */
    passkey: async (): Promise<string> => {
      const id = `pk-${crypto.randomUUID()}`;
      await env.DB.prepare(
        `insert into passkeys (id, account_id, name, public_key, counter, transports, backed_up, created_at_ms)
         values (?, ?, 'Phone', 'AAAA', 0, '[]', 0, ?)`,
      )
        .bind(id, members.patient.id, Date.now())
        .run();
      return id;
    },
    /** A device that the patient is told on. */
    application: async (): Promise<string> => {
      const device = { service: 'fcm', name: 'My phone', token: crypto.randomUUID().repeat(4) };
      return (await members.patient.act('POST', '/users/me/push-subscriptions', device)).body.id;
    },
    message: async (): Promise<string> => (await said({ to: `${next()}@example.com`, html: '<p>Hello</p>' })).id,
    /** A session of the patient on another device. Put into D1, so that no sign-in makes the patient's oldest one go. */
    otherDevice: async (): Promise<string> => {
      const id = `e_${accountId(crypto.getRandomValues(new Uint8Array(12))).slice(2)}`;
      const now = Date.now();
      await env.DB.prepare(
        'insert into sessions (id, account_id, created_at_ms, last_seen_at_ms, expires_at_ms) values (?, ?, ?, ?, ?)',
      )
        .bind(id, members.patient.id, now, now, now + 86_400_000)
        .run();
      return id;
    },
    /** A file, fresh each time. */
    file: fileOf.pdf,
    /** A licence document of the doctor, who has room for more. */
    document: async (): Promise<string> => {
      await env.DB.prepare('update licence_documents set deleted_at_ms = 1 where doctor_id = ?')
        .bind(members.ownDoctor.id)
        .run();
      return uploaded(members.ownDoctor);
    },
    /** A doctor who waits for a review. */
    submitted: async (): Promise<Actor> => {
      const person = actor(await unverifiedDoctor());
      await uploaded(person);
      await person.act('POST', `/doctors/${person.id}/verification`);
      return person;
    },
    /** A notification in the list of the patient. */
    notification: (): Promise<string> => entered({ recipientId: members.patient.id }),
    /** One that failed. */
    failedNotification: (): Promise<string> =>
      entered({ recipientId: members.patient.id, channel: 'email', state: 'failed', reason: 'given_up' }),
    /** What ends reminders to somebody by mail. */
    unsubscribing: async (): Promise<string> => {
      const { id } = await patient('Paul Passerby');
      const url = await unsubscribeUrl(settingsOf(env), { accountId: id, kind: 'reminder' });
      return url?.slice(url.lastIndexOf('/') + 1) ?? '';
    },
    /** A queue message that was given up. */
    deadLetter: async (): Promise<string> => {
      const id = crypto.randomUUID();
      const body = JSON.stringify({ kind: 'probe' });
      await env.DB.prepare('insert into dead_letters (id, queue, body, died_at_ms) values (?, ?, ?, ?)')
        .bind(id, 'daybook-days', body, Date.now())
        .run();
      return id;
    },
    passerby: () => patient('Paul Passerby'),
    unverified: async (): Promise<Actor> => actor(await unverifiedDoctor()),
    session: () => made(members.ownDoctor, 'POST', `${own}/sessions`, { sessions: [newSession()] }),
    timeOff: () => made(members.ownDoctor, 'POST', `${own}/time-off`, newTimeOff()),
    newCalendarSource: async () => ({ name: `Calendar ${next()}`, url: (await publish({ body: icsOf() })).url }),
    /** The doctor has added no calendar yet. */
    withoutCalendarSources: async (): Promise<void> => {
      await env.DB.prepare('delete from calendar_sources where doctor_id = ?').bind(members.ownDoctor.id).run();
    },
    /** A day whose audit is anchored. */
    anchored: async (): Promise<string> => {
      await writeAnchor(env, Date.now());
      return utcDate(Date.now());
    },
    /** Frees the seat of an appointment, whatever has become of it. */
    release: (id: string): Promise<Response> => send('DELETE', `/appointments/${id}`, { as: members.admin }),
  };
};

export type Cast = Awaited<ReturnType<typeof assemble>>;
