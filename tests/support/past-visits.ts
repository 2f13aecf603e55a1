import { env } from 'cloudflare:workers';
import { appointmentId } from '../../src/domain/ids.ts';
import { utcDate } from '../../src/domain/local-date.ts';

/** What is told of a visit that is put into D1. */
interface Visit {
  readonly doctorId: string;
  readonly patientId: string;
  /** When it began, to the minute, ms; yesterday if absent. It took half an hour. */
  readonly startsAtMs?: number;
  readonly status?: string;
  readonly clinicId?: string | null;
  readonly feeMinor?: number;
  readonly currency?: string;
  readonly bookedAtMs?: number;
}

/**
 * Puts a visit into D1 as its doctor-day would have projected it, and the day with it; its date is that of UTC. Gives its
 * id.
 */
export const visit = async ({
  doctorId,
  patientId,
  startsAtMs: begins = Date.now() - 86_400_000,
  status = 'completed',
  clinicId = null,
  feeMinor = 0,
  currency = 'BDT',
  bookedAtMs = begins - 86_400_000,
}: Visit): Promise<string> => {
  const startsAtMs = begins - (begins % 60_000);
  const date = utcDate(startsAtMs);
  const id = appointmentId({ doctorId, date }, crypto.getRandomValues(new Uint8Array(16)));
  const sits = ['completed', 'confirmed', 'no_show', 'pending'].includes(status);
  await env.DB.batch([
    env.DB.prepare(
      `insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode,
         clinic_id, status, outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
       values (?, ?, ?, ?, ?, ?, 'UTC', ?, 'in_person', ?, ?, 0, ?, ?, ?, ?, 3)`,
    ).bind(
      ...[id, doctorId, patientId, date, startsAtMs, startsAtMs + 1_800_000],
      ...[sits ? Math.floor(Math.random() * 1e9) : null, clinicId, status, feeMinor, currency, bookedAtMs, startsAtMs],
    ),
    env.DB.prepare(
      `insert into doctor_days (doctor_id, date, opened_at_ms, schedule_version, version) values (?, ?, ?, 1, 1)
       on conflict (doctor_id, date) do update set version = version + 1, opened_at_ms = excluded.opened_at_ms`,
    ).bind(doctorId, date, bookedAtMs),
  ]);
  return id;
};
