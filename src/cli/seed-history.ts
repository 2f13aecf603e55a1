import { randomBytes } from 'node:crypto';
import { appointmentId } from '../domain/ids.ts';
import { addDays, utcDate } from '../domain/local-date.ts';
import { startOfDayMs } from '../domain/zoned-time.ts';
import { credentials, doctors, feeOf } from './demo-data.ts';
import type { People } from './seed.ts';

const hourMs = 3_600_000;
const slotMs = 20 * 60_000;

const visits = [
  { daysAgo: 62, status: 'completed', patient: credentials.patient.email },
  { daysAgo: 55, status: 'no_show', patient: 'tomas.lindqvist@daybook.example' },
  { daysAgo: 48, status: 'completed', patient: 'aisha.bello@daybook.example' },
  { daysAgo: 41, status: 'expired', patient: credentials.patient.email },
  { daysAgo: 36, status: 'completed', patient: credentials.patient.email },
] as const;

/**
 * The SQL of visits of the past, as the database holds days whose objects have deleted their storage. Only there: no
 * command can book in the past. The patients' words of so long ago are not kept.
 */
export const historySql = (people: People, nowMs: number): string => {
  const [doctor] = doctors;
  const doctorId = people.get(credentials.doctor.email)?.id;
  if (doctor === undefined || doctorId === undefined) throw new Error('the demo data has no doctor');
  const { amount, currency } = feeOf(doctor);
  return visits
    .map(({ daysAgo, status, patient }) => {
      const date = addDays(utcDate(nowMs), -daysAgo);
      const startsAtMs = startOfDayMs(date, 'Asia/Dhaka') + 10 * hourMs;
      const bookedAtMs = startsAtMs - 72 * hourMs;
      const id = appointmentId({ doctorId, date }, randomBytes(16));
      const seat = status === 'expired' ? 'null' : '1';
      const updatedAtMs = status === 'expired' ? bookedAtMs + 5 * 60_000 : startsAtMs + hourMs;
      return [
        'insert into doctor_days (doctor_id, date, opened_at_ms, cleaned_at_ms, schedule_version, version)',
        `values ('${doctorId}', '${date}', ${bookedAtMs}, ${startsAtMs + 31 * 24 * hourMs}, 1, 3) on conflict do nothing;`,
        'insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode,',
        'status, outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version) values (',
        `'${id}', '${doctorId}', '${people.get(patient)?.id}', '${date}', ${startsAtMs}, ${startsAtMs + slotMs},`,
        `'Asia/Dhaka', ${seat}, 'in_person', '${status}', 0, ${amount}, '${currency}', ${bookedAtMs}, ${updatedAtMs}, 3)`,
        'on conflict do nothing;',
      ].join(' ');
    })
    .join('\n');
};
