import { randomBytes } from 'node:crypto';
import { appointmentId } from '../../../src/domain/ids.ts';
import { utcDate } from '../../../src/domain/local-date.ts';
import { sql } from './backstage.ts';
import type { Person } from './people.ts';

const dayMs = 86_400_000;

/**
 * Puts a visit of some days ago into the database, as it holds days that are over: no command can book in the past.
 * Gives the id of the appointment.
 */
export const visited = async (
  patient: Person,
  doctor: Person,
  { daysAgo = 2, status = 'completed' }: { readonly daysAgo?: number; readonly status?: 'completed' | 'no_show' } = {},
): Promise<string> => {
  const startsAtMs = Math.floor((Date.now() - daysAgo * dayMs) / 1_800_000) * 1_800_000;
  const bookedAtMs = startsAtMs - dayMs;
  const date = utcDate(startsAtMs);
  const id = appointmentId({ doctorId: doctor.id, date }, randomBytes(16));
  await sql(
    `insert into doctor_days (doctor_id, date, opened_at_ms, schedule_version, version)
     values ('${doctor.id}', '${date}', ${bookedAtMs}, 1, 1) on conflict do nothing`,
    `insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode, status,
       outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
     values ('${id}', '${doctor.id}', '${patient.id}', '${date}', ${startsAtMs}, ${startsAtMs + 1_800_000}, 'Asia/Dhaka',
       ${Math.floor(Math.random() * 1e9)}, 'in_person', '${status}', 0, 0, 'BDT', ${bookedAtMs}, ${startsAtMs}, 3)`,
  );
  return id;
};
