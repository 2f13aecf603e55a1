import { randomBytes } from 'node:crypto';
import { appointmentId } from '../domain/ids.ts';
import { addDays, isoWeekday, type LocalDate, utcDate } from '../domain/local-date.ts';
import { startOfDayMs } from '../domain/zoned-time.ts';
import { sqlText } from './admin-account.ts';
import { credentials, doctors, feeOf } from './demo-data.ts';
import type { People } from './seed.ts';

const hourMs = 3_600_000;
const slotMs = 20 * 60_000;
const tomas = 'tomas.lindqvist@daybook.example';
const aisha = 'aisha.bello@daybook.example';

/** A visit of the past. */
interface Visit {
  readonly daysAgo: number;
  readonly status: 'completed' | 'no_show' | 'expired';
  readonly patient: string;
  /** Slots after ten in the morning. */
  readonly slot: number;
  readonly review?: readonly [stars: number, text: string];
}

const remembered: readonly Visit[] = [
  { daysAgo: 62, status: 'completed', patient: credentials.patient.email, slot: 0 },
  { daysAgo: 55, status: 'no_show', patient: tomas, slot: 0 },
  { daysAgo: 48, status: 'completed', patient: aisha, slot: 0, review: [5, 'Listened first, and explained the rest.'] },
  { daysAgo: 41, status: 'expired', patient: credentials.patient.email, slot: 0 },
  { daysAgo: 36, status: 'completed', patient: credentials.patient.email, slot: 0 },
];

const said: readonly (readonly [stars: number, text: string])[] = [
  [5, 'On time, kind, and clear about what comes next.'],
  [4, 'Good advice. The waiting room was full.'],
  [5, ''],
  [3, 'Helpful, but the visit felt short.'],
];

/** Work days of a doctor from Sunday to Thursday, two and a half months long, so that there is a month to report. */
const workday = (daysAgo: number, date: LocalDate): Visit[] =>
  isoWeekday(date) === 5 || isoWeekday(date) === 6
    ? []
    : Array.from({ length: 1 + ((daysAgo * 7) % 5) }, (_, i): Visit => {
        const nth = daysAgo * 5 + i;
        const review = nth % 11 === 0 ? said[(nth / 11) % said.length] : undefined;
        return {
          ...{ daysAgo, slot: i + 1, patient: nth % 3 === 0 ? tomas : aisha },
          status: nth % 9 === 4 ? 'no_show' : 'completed',
          ...(review === undefined ? {} : { review }),
        };
      });

/** Seats that such a day offered. */
const offered = 9;

/**
 * The SQL of visits of the past, as the database holds days whose objects have deleted their storage, and of what was
 * said of them. Only there: no command can book in the past. The patients' words of so long ago are not kept.
 */
export const historySql = (people: People, nowMs: number): string => {
  const [doctor] = doctors;
  const doctorId = people.get(credentials.doctor.email)?.id;
  if (doctor === undefined || doctorId === undefined) throw new Error('the demo data has no doctor');
  const { amount, currency } = feeOf(doctor);
  const clinic = `(select clinic_id from doctor_clinics where doctor_id = '${doctorId}' limit 1)`;
  const dateOf = (daysAgo: number): LocalDate => addDays(utcDate(nowMs), -daysAgo);
  const days = Array.from({ length: 75 }, (_, i) => 77 - i).map((daysAgo) => workday(daysAgo, dateOf(daysAgo)));
  const visits = [...remembered, ...days.flat()].map(({ daysAgo, status, patient, slot, review }) => {
    const date = dateOf(daysAgo);
    const startsAtMs = startOfDayMs(date, 'Asia/Dhaka') + 10 * hourMs + slot * slotMs;
    const bookedAtMs = startsAtMs - 72 * hourMs;
    const id = appointmentId({ doctorId, date }, randomBytes(16));
    const seat = status === 'expired' ? 'null' : '1';
    const updatedAtMs = status === 'expired' ? bookedAtMs + 5 * 60_000 : startsAtMs + hourMs;
    const patientId = people.get(patient)?.id;
    return [
      'insert into doctor_days (doctor_id, date, opened_at_ms, cleaned_at_ms, schedule_version, version)',
      `values ('${doctorId}', '${date}', ${bookedAtMs}, ${startsAtMs + 31 * 24 * hourMs}, 1, 3) on conflict do nothing;`,
      'insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode,',
      'clinic_id, status, outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)',
      `select '${id}', '${doctorId}', '${patientId}', '${date}', ${startsAtMs}, ${startsAtMs + slotMs},`,
      `'Asia/Dhaka', ${seat}, 'in_person', ${clinic}, '${status}', 0, ${amount}, '${currency}', ${bookedAtMs},`,
      `${updatedAtMs}, 3 where true on conflict do nothing;`,
      ...(review === undefined ? [] : [reviewSql(id, review, updatedAtMs)]),
    ].join(' ');
  });
  const offers = days
    .flatMap(([visit]) => (visit === undefined ? [] : [dateOf(visit.daysAgo)]))
    .map(
      (date) =>
        `insert into daily_figures (doctor_id, date, clinic_id, currency, offered) select '${doctorId}', '${date}', coalesce(${clinic}, ''), '${currency}', ${offered} where true on conflict do nothing;`,
    );
  return [...visits, ...offers].join('\n');
};

/** Of a visit that was written just now: one that was there has another id, and what is said of it stays. */
const reviewSql = (appointmentId: string, [stars, text]: readonly [number, string], atMs: number): string =>
  [
    'insert into reviews (id, appointment_id, doctor_id, patient_id, author_id, number, stars, text, shows_name,',
    `visited_on, created_at_ms) select 'v_${randomBytes(12).toString('base64url')}', id, doctor_id, patient_id, patient_id,`,
    '(select coalesce(max(number), 0) + 1 from reviews r where r.doctor_id = appointments.doctor_id),',
    `${stars}, ${sqlText(text)}, ${stars % 2}, date, ${atMs} from appointments where id = '${appointmentId}'`,
    'on conflict do nothing;',
  ].join(' ');
