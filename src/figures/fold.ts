import { addDays, type LocalDate } from '../domain/local-date.ts';

/** Days that one transaction counts. */
const atOnce = 100;
/** Transactions of one run, of five statements each; what is left then is the next run's. */
const maxRounds = 20;
const hourMs = 3_600_000;

/**
 * What an appointment `a` brings in, minor units of its currency: what was paid and not given back, or else, of a visit
 * that took place, its fee, which was paid at the desk.
 */
const income = `coalesce(
  (SELECT sum(p.amount_minor - p.refunded_minor) FROM payments p
    WHERE p.appointment_id = a.id AND p.state IN ('kept', 'concluded') AND p.currency = a.currency),
  iif(a.status = 'completed', a.fee_minor, 0))`;

/** The appointments of the days of a list (?1). A date's appointments begin within a day and a half of its midnight in UTC. */
const ofDays = `json_each(?1) d CROSS JOIN appointments a INDEXED BY appointments_by_doctor
  ON a.doctor_id = d.value ->> '$.doctorId' AND a.starts_at_ms >= d.value ->> '$.fromMs'
  AND a.starts_at_ms < d.value ->> '$.toMs' AND a.date = d.value ->> '$.date'`;

/** A visit makes the patient known: whoever was counted as new on a later day is not any more. */
const markLater = `
  UPDATE doctor_days SET figures_version = -1 WHERE (doctor_id, date) IN (
    SELECT later.doctor_id, later.date FROM ${ofDays}
      CROSS JOIN appointments later INDEXED BY appointments_by_patient
      ON later.patient_id = a.patient_id AND later.starts_at_ms > a.starts_at_ms
    WHERE a.status = 'completed' AND later.doctor_id = a.doctor_id AND later.status = 'completed'
      AND later.date > a.date
      AND (SELECT count(*) FROM appointments c INDEXED BY appointments_by_doctor WHERE c.doctor_id = a.doctor_id
          AND c.starts_at_ms >= d.value ->> '$.fromMs' AND c.starts_at_ms < d.value ->> '$.toMs'
          AND c.date = a.date AND c.status = 'completed')
        <> (SELECT coalesce(sum(completed), 0) FROM daily_figures
          WHERE doctor_id = a.doctor_id AND date = a.date))`;

const counted: readonly (readonly [column: string, value: string])[] = [
  ['booked', 'sum(is_booked)'],
  ['completed', "sum(status = 'completed')"],
  ['no_shows', "sum(status = 'no_show')"],
  ['cancelled_by_patient', "sum(is_booked AND status = 'cancelled' AND canceller = 'patient')"],
  ['cancelled_by_practice', "sum(is_booked AND status = 'cancelled' AND canceller <> 'patient')"],
  ['expired', "sum(status = 'expired')"],
  ['rejected', "sum(status = 'rejected')"],
  ['new_patients', "sum(status = 'completed' AND NOT is_known)"],
  ['returning_patients', "sum(status = 'completed' AND is_known)"],
  ['lead_minutes', 'sum(is_booked * lead_minutes)'],
  ['taken', "sum(status IN ('confirmed', 'completed', 'no_show'))"],
  ['income_minor', 'sum(income)'],
  ['reviews', 'sum(stars IS NOT NULL)'],
  ['stars', 'coalesce(sum(stars), 0)'],
];

/** What filled the seats that were offered: known only where it is known what was. */
const setFilled = 'filled = iif(daily_figures.offered > 0, min(excluded.taken, daily_figures.offered), 0)';

const clear = `
  UPDATE daily_figures SET ${counted.map(([column]) => `${column} = 0`).join(', ')}, filled = 0
  WHERE (doctor_id, date) IN (SELECT value ->> '$.doctorId', value ->> '$.date' FROM json_each(?1))`;

const count = `
  INSERT INTO daily_figures (doctor_id, date, clinic_id, currency, ${counted.map(([column]) => column).join(', ')})
  SELECT doctor_id, date, clinic, currency, ${counted.map(([, value]) => value).join(', ')} FROM (
    SELECT a.doctor_id, a.date, coalesce(a.clinic_id, '') AS clinic, a.currency, a.status,
      a.status IN ('confirmed', 'completed', 'no_show') OR (a.status = 'cancelled' AND EXISTS (
        SELECT 1 FROM audit_events e INDEXED BY audit_events_by_subject
        WHERE e.subject_id = a.id AND e.action IN ('confirmed', 'accepted', 'paid'))) AS is_booked,
      iif(a.status = 'cancelled', coalesce((SELECT e.actor_role FROM audit_events e INDEXED BY audit_events_by_subject
        WHERE e.subject_id = a.id AND e.action = 'cancelled' LIMIT 1), 'system'), '') AS canceller,
      a.status = 'completed' AND EXISTS (
        SELECT 1 FROM appointments e INDEXED BY appointments_by_patient
        WHERE e.patient_id = a.patient_id AND e.starts_at_ms < a.starts_at_ms AND e.doctor_id = a.doctor_id
          AND e.status = 'completed') AS is_known,
      max(0, (a.starts_at_ms - a.created_at_ms) / 60000) AS lead_minutes, ${income} AS income,
      (SELECT r.stars FROM reviews r
        WHERE r.appointment_id = a.id AND r.hidden_at_ms IS NULL AND r.withdrawn_at_ms IS NULL) AS stars
    FROM ${ofDays})
  GROUP BY doctor_id, date, clinic, currency
  ON CONFLICT (doctor_id, date, clinic_id, currency) DO UPDATE SET
    ${counted.map(([column]) => `${column} = excluded.${column}`).join(', ')}, ${setFilled}`;

/** A day that has changed since its version was read is to be counted again. */
const done = `
  UPDATE doctor_days SET figures_version = changed.version FROM (
    SELECT value ->> '$.doctorId' AS doctor_id, value ->> '$.date' AS date, value ->> '$.version' AS version
    FROM json_each(?1)) AS changed
  WHERE doctor_days.doctor_id = changed.doctor_id AND doctor_days.date = changed.date`;

const unfolded = `
  SELECT doctor_id AS doctorId, date, version FROM doctor_days INDEXED BY doctor_days_unfolded
  WHERE figures_version <> version ORDER BY date, doctor_id LIMIT ?1`;

interface Day {
  readonly doctorId: string;
  readonly date: LocalDate;
  readonly version: number;
}

const bounded = (day: Day) => ({
  ...day,
  fromMs: Date.parse(`${day.date}T00:00:00Z`) - 14 * hourMs,
  toMs: Date.parse(`${addDays(day.date, 1)}T00:00:00Z`) + 12 * hourMs,
});

/**
 * Counts anew what has changed: the days whose version is not the one that their figures reflect, oldest first, each
 * batch in one transaction. Counting twice, or twice at once, changes nothing. Gives the number of days.
 */
export const foldFigures = async (d1: D1Database, rounds = maxRounds): Promise<number> => {
  let days = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { results } = await d1.prepare(unfolded).bind(atOnce).all<Day>();
    if (results.length === 0) return days;
    const list = JSON.stringify(results.map(bounded));
    // The days themselves last: what marks days of this very batch has been counted with it.
    await d1.batch([markLater, clear, count, done].map((statement) => d1.prepare(statement).bind(list)));
    days += results.length;
  }
  return days;
};

/** The statements of {@link foldFigures}, for the tests that read their query plans. */
export const foldStatements = { unfolded, markLater, clear, count, done };
