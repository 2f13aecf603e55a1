import { addDays, type LocalDate } from '../domain/local-date.ts';
import type { PlannedSlot } from '../domain/schedule.ts';

/** Dates from today on whose offer is written down, so that a night on which nothing ran leaves no hole. */
const datesAhead = 3;

const isNewest = 'EXISTS (SELECT 1 FROM doctors WHERE id = ?1 AND schedule_version = ?2)';

/** What a schedule no longer offers. */
const withdraw = `
  UPDATE daily_figures SET offered = 0, filled = 0
  WHERE doctor_id = ?1 AND date >= ?4 AND date <= ?5 AND offered > 0 AND ${isNewest}
    AND (date, clinic_id, currency) NOT IN (
      SELECT value ->> '$.date', value ->> '$.clinicId', value ->> '$.currency' FROM json_each(?3))`;

const offer = `
  INSERT INTO daily_figures (doctor_id, date, clinic_id, currency, offered)
  SELECT ?1, value ->> '$.date', value ->> '$.clinicId', value ->> '$.currency', value ->> '$.seats'
  FROM json_each(?3) WHERE ?4 <= ?5 AND ${isNewest}
  ON CONFLICT (doctor_id, date, clinic_id, currency) DO UPDATE SET
    offered = excluded.offered, filled = min(daily_figures.taken, excluded.offered)
  WHERE daily_figures.offered <> excluded.offered`;

/**
 * Statements that write down how many seats a doctor offers today and on the next dates, of a schedule that is still the
 * newest. What is past stays as it was last written: later edits say nothing of what was offered then.
 *
 * @param planned the slots of each date from today on, in order
 */
export const offeredStatements = (
  d1: D1Database,
  schedule: { readonly doctorId: string; readonly version: number; readonly fee: { readonly currency: string } },
  today: LocalDate,
  planned: readonly (readonly [LocalDate, readonly PlannedSlot[]])[],
): D1PreparedStatement[] => {
  const to = addDays(today, datesAhead - 1);
  const rows = planned
    .filter(([date]) => date >= today && date <= to)
    .flatMap(([date, slots]) =>
      [...Map.groupBy(slots, ({ clinicId }) => clinicId ?? '')].map(([clinicId, own]) => ({
        date,
        clinicId,
        currency: schedule.fee.currency,
        seats: own.reduce((sum, { capacity }) => sum + capacity, 0),
      })),
    );
  const list = JSON.stringify(rows);
  return [withdraw, offer].map((statement) =>
    d1.prepare(statement).bind(schedule.doctorId, schedule.version, list, today, to),
  );
};
