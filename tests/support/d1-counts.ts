import { env } from 'cloudflare:workers';

/** What D1 holds, by kind. */
export const counts = async () =>
  (await env.DB.prepare(`select
      (select count(*) from accounts) as accounts,
      (select count(*) from audit_events where action = 'account.created') as accountsNoted,
      (select count(*) from accounts where role = 'doctor') as doctorAccounts,
      (select count(*) from doctors) as doctors,
      (select count(*) from clinics) as clinics,
      (select count(*) from audit_events where action = 'clinic.created') as clinicsNoted,
      (select count(*) from extra_sessions) as sessions,
      (select count(*) from time_off) as absences,
      (select count(*) from idempotency_records where answer is null) as claims`).first()) as Record<string, number>;
