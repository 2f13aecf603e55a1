import { fromBase64Url, toBase64Url } from './base64url.ts';
import { dayNumber, type LocalDate, localDateOfDayNumber, parseLocalDate } from './local-date.ts';
import { invariant } from './result.ts';

/**
 * Ids that route themselves: a slot id and an appointment id carry the doctor-day that owns them, so that a request
 * reaches its Durable Object without a look-up. They are opaque to clients and safe in URLs.
 *
 * - account  `u_` + 12 random bytes (a doctor's id is the id of the doctor's account)
 * - slot     `s_` + doctor (12) + day (2) + start minute since the epoch (4)
 * - appointment `a_` + doctor (12) + day (2) + 16 random bytes, so it cannot be guessed
 */
export interface DayKey {
  readonly doctorId: string;
  /** Local date in the doctor's time zone. */
  readonly date: LocalDate;
}

const accountBytes = 12;
const randomBytes = 16;
const minuteMs = 60_000;

/** The name of a doctor-day's Durable Object. */
export const dayName = (day: DayKey): string => `${day.doctorId}/${day.date}`;

/** Reads a Durable Object's name back; `null` when it is not one. */
export const parseDayName = (name: string): DayKey | null => {
  const [doctorId, text, rest] = name.split('/');
  if (doctorId === undefined || text === undefined || rest !== undefined) return null;
  const date = parseLocalDate(text);
  return isAccountId(doctorId) && date !== null ? { doctorId, date } : null;
};

/** Two keys name the same doctor-day. */
export const sameDay = (a: DayKey, b: DayKey): boolean => a.doctorId === b.doctorId && a.date === b.date;

/** An account id from 12 random bytes. */
export const accountId = (random: Uint8Array): string => {
  invariant(random.length === accountBytes, 'an account id takes 12 bytes');
  return `u_${toBase64Url(random)}`;
};

/** Whether a text is a well-formed account id. */
export const isAccountId = (text: string): boolean => bytesOf('u_', text, accountBytes) !== null;

/** The id of the slot of a doctor-day that starts at an instant (whole minutes, ms since the epoch). */
export const slotId = (day: DayKey, startsAtMs: number): string => {
  invariant(startsAtMs % minuteMs === 0, 'slots start on whole minutes');
  const bytes = new Uint8Array(accountBytes + 6);
  writeDay(bytes, day);
  new DataView(bytes.buffer).setUint32(accountBytes + 2, startsAtMs / minuteMs);
  return `s_${toBase64Url(bytes)}`;
};

/** Reads a slot id; `null` when it is not one. */
export const parseSlotId = (text: string): { day: DayKey; startsAtMs: number } | null => {
  const bytes = bytesOf('s_', text, accountBytes + 6);
  if (bytes === null) return null;
  return { day: readDay(bytes), startsAtMs: new DataView(bytes.buffer).getUint32(accountBytes + 2) * minuteMs };
};

/** The id of an appointment first booked on a doctor-day, from 16 random bytes. */
export const appointmentId = (day: DayKey, random: Uint8Array): string => {
  invariant(random.length === randomBytes, 'an appointment id takes 16 random bytes');
  const bytes = new Uint8Array(accountBytes + 2 + randomBytes);
  writeDay(bytes, day);
  bytes.set(random, accountBytes + 2);
  return `a_${toBase64Url(bytes)}`;
};

/** Reads the doctor-day that an appointment was first booked on; `null` when the text is no appointment id. */
export const parseAppointmentId = (text: string): DayKey | null => {
  const bytes = bytesOf('a_', text, accountBytes + 2 + randomBytes);
  return bytes === null ? null : readDay(bytes);
};

/** The calendar UID of an appointment (RFC 5545): stable however often it moves. */
export const calendarUid = (id: string): string => `${id}${uidDomain}`;

const uidDomain = '@daybook';

/** The appointment that a calendar UID names; `null` for every other UID. */
export const appointmentOfUid = (uid: string): string | null => {
  const id = uid.endsWith(uidDomain) ? uid.slice(0, -uidDomain.length) : '';
  return parseAppointmentId(id) === null ? null : id;
};

const bytesOf = (prefix: string, text: string, length: number): Uint8Array<ArrayBuffer> | null => {
  if (!text.startsWith(prefix)) return null;
  const bytes = fromBase64Url(text.slice(prefix.length));
  return bytes?.length === length ? bytes : null;
};

const writeDay = (bytes: Uint8Array, day: DayKey): void => {
  const doctor = bytesOf('u_', day.doctorId, accountBytes);
  invariant(doctor !== null, 'a day key names an account');
  bytes.set(doctor, 0);
  new DataView(bytes.buffer).setUint16(accountBytes, dayNumber(day.date));
};

const readDay = (bytes: Uint8Array<ArrayBuffer>): DayKey => ({
  doctorId: `u_${toBase64Url(bytes.slice(0, accountBytes))}`,
  date: localDateOfDayNumber(new DataView(bytes.buffer).getUint16(accountBytes)),
});
