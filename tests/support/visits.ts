import { env } from 'cloudflare:workers';
import { accountId, appointmentId } from '../../src/domain/ids.ts';
import { utcDate } from '../../src/domain/local-date.ts';

const dayMs = 86_400_000;

/** A visit that D1 knows of, put there, because nobody can book one in the past: by default completed, a month ago. */
export const visited = async (
  patientId: string,
  doctorId: string,
  { daysAgo = 30, status = 'completed', clinicId = null as string | null } = {},
): Promise<string> => {
  const minutes = Math.floor((Date.now() - daysAgo * dayMs) / 60_000) - Math.floor(Math.random() * 60);
  const startsAtMs = minutes * 60_000;
  const date = utcDate(startsAtMs);
  const id = appointmentId({ doctorId, date }, crypto.getRandomValues(new Uint8Array(16)));
  await env.DB.prepare(
    `insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode, clinic_id,
       status, outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
     values (?, ?, ?, ?, ?, ?, 'Asia/Dhaka', null, 'in_person', ?, ?, 0, 0, 'BDT', ?, ?, 5)`,
  )
    .bind(id, doctorId, patientId, date, startsAtMs, startsAtMs + 1_800_000, clinicId, status, startsAtMs, startsAtMs)
    .run();
  return id;
};

/** An id of the kind of accounts, of nobody. */
export const nobody = (): string => accountId(crypto.getRandomValues(new Uint8Array(12)));
