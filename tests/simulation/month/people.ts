import type { EngineWorld } from '../../support/sim/engine-world.ts';
import type { MonthPlan } from './plan.ts';

/** Puts a month's doctors, patients and what they prefer into D1. Slots of half an hour from 08:00 to 20:00, every day. */
export const populate = ({ d1 }: EngineWorld, { doctors, patients }: MonthPlan): void => {
  for (const { id, timeZone, approvalRequired } of doctors) {
    d1.rows(
      `INSERT INTO accounts (id, email, password_hash, full_name, role, created_at_ms)
       VALUES (?1, ?1 || '@example.com', '', 'Dr D', 'doctor', 0)`,
      id,
    );
    d1.rows(
      `INSERT INTO doctors (id, full_name, license_number, specialization, fee_minor, currency, time_zone,
         approval_required, minimum_notice_minutes, booking_window_days, verified_at_ms, created_at_ms)
       VALUES (?1, 'Dr D', ?1, 'x', 1000, 'EUR', ?2, ?3, 0, 60, 1, 0)`,
      id,
      timeZone,
      Number(approvalRequired),
    );
    for (const weekday of [1, 2, 3, 4, 5, 6, 7]) {
      d1.rows(
        `INSERT INTO weekly_rules (id, doctor_id, weekday, start, end, slot_minutes, buffer_minutes, capacity, mode)
         VALUES (?1 || '/' || ?2, ?1, ?2, '08:00', '20:00', 30, 0, 1, 'in_person')`,
        id,
        weekday,
      );
    }
  }
  for (const { id, timeZone, restless, offsetsMinutes } of patients) {
    d1.rows(
      `INSERT INTO accounts (id, email, password_hash, full_name, phone, phone_verified_at_ms, role, created_at_ms)
       VALUES (?1, ?1 || '@example.com', '', 'Pat P', ?1, 1, 'patient', 0)`,
      id,
    );
    if (timeZone === null && !restless && offsetsMinutes === null) continue;
    const quiet = restless ? 'none' : timeZone === null ? null : { from: '22:00', to: '07:00', timeZone };
    d1.rows(
      `INSERT INTO notification_preferences (account_id, locale, switches, reminder_minutes, quiet_hours, revision,
         updated_at_ms) VALUES (?1, 'en', '{}', ?2, ?3, 1, 0)`,
      id,
      offsetsMinutes === null ? null : JSON.stringify(offsetsMinutes),
      quiet === null ? null : JSON.stringify(quiet),
    );
  }
};
