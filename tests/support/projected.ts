import { env } from 'cloudflare:workers';

/** Puts an appointment into D1 as a doctor-day would project it. */
export async function book(
  doctorId: string,
  date: string,
  startsAtMs: number,
  endsAtMs: number,
  { status, expiresAtMs = null }: { status: string; expiresAtMs?: number | null },
): Promise<void> {
  await env.DB.prepare(
    `insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode, status,
       expires_at_ms, outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
     values (?, ?, 'u_patient', ?, ?, ?, 'Asia/Dhaka', 1, 'video', ?, ?, 0, 0, 'BDT', 0, 0, 1)`,
  )
    .bind(`a_${crypto.randomUUID()}`, doctorId, date, startsAtMs, endsAtMs, status, expiresAtMs)
    .run();
}
