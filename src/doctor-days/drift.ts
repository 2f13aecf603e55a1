import type { HeldAppointment } from '../../durable-objects/ports.ts';
import type { DayKey } from '../domain/ids.ts';
import { addDays } from '../domain/local-date.ts';
import { startOfDayMs } from '../domain/zoned-time.ts';
import { doctorDays } from './client.ts';

/** Something that D1 shows otherwise than the day that decides. */
export interface Finding {
  readonly appointmentId: string;
  readonly kind: 'missing' | 'different' | 'unknown';
  /** What is different, by the names of the API's fields. */
  readonly fields: string[];
}

/** A day against D1. */
export interface DayCheck extends DayKey {
  readonly open: boolean;
  /** Events that D1 has not taken yet. */
  readonly owed: number;
  readonly findings: Finding[];
}

type Row = Omit<HeldAppointment, 'outsideSchedule' | 'paymentRequired'> & {
  readonly outsideSchedule: number;
  readonly paymentRequired: number;
};

/** A patient's words are not compared: they change with the version, and nobody need carry them about for this. */
const columns = `id, doctor_id AS doctorId, patient_id AS patientId, date, starts_at_ms AS startsAtMs,
  ends_at_ms AS endsAtMs, time_zone AS timeZone, seat, mode, clinic_id AS clinicId, status,
  expires_at_ms AS expiresAtMs, outside_schedule AS outsideSchedule, fee_minor AS feeMinor, currency,
  priority, payment_required AS paymentRequired, payment_id AS paymentId, paid_minor AS paidMinor,
  paid_currency AS paidCurrency, paid_at_ms AS paidAtMs, extended_at_ms AS extendedAtMs,
  waitlist_entry_id AS waitlistEntryId,
  reservation, created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs, version`;

/** The rows of D1 that are, or should be, of a day: by id, and by date. */
const rowsOf = `
  SELECT ${columns} FROM appointments WHERE id IN (SELECT value FROM json_each(?1))
  UNION
  SELECT ${columns} FROM appointments
  WHERE doctor_id = ?2 AND starts_at_ms >= ?4 AND starts_at_ms < ?5 AND date = ?3`;

/**
 * Compares what a day holds with what D1 shows of it. The day goes on meanwhile, so only what is found twice, a moment
 * apart and the same, is a finding. Throws while the day or D1 is out of reach.
 */
export const checkDay = async (env: Env, day: DayKey): Promise<DayCheck> => {
  const first = await compare(env, day);
  if (first.findings.length === 0) return first;
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const second = await compare(env, day);
  const known = new Set(first.findings.map((finding) => JSON.stringify(finding)));
  return { ...second, findings: second.findings.filter((finding) => known.has(JSON.stringify(finding))) };
};

const settleMs = 200;

const compare = async (env: Env, day: DayKey): Promise<DayCheck> => {
  const held = await doctorDays(env).held(day);
  if (held === null) return { ...day, open: false, owed: 0, findings: [] };
  const { owed, appointments } = held;
  const ids = JSON.stringify(appointments.map(({ id }) => id));
  const [fromMs, toMs] = [startOfDayMs(addDays(day.date, -1), 'UTC'), startOfDayMs(addDays(day.date, 2), 'UTC')];
  const { results } = await env.DB.prepare(rowsOf).bind(ids, day.doctorId, day.date, fromMs, toMs).all<Row>();
  const rows = new Map(results.map((row) => [row.id, row]));
  const findings = appointments.flatMap((appointment): Finding[] => {
    const row = rows.get(appointment.id);
    rows.delete(appointment.id);
    if (row === undefined) return [{ appointmentId: appointment.id, kind: 'missing', fields: [] }];
    const shown = { ...row, outsideSchedule: row.outsideSchedule === 1, paymentRequired: row.paymentRequired === 1 };
    const names = Object.keys(appointment) as (keyof HeldAppointment)[];
    const fields = names.filter((name) => appointment[name] !== shown[name]);
    return fields.length === 0 ? [] : [{ appointmentId: appointment.id, kind: 'different', fields }];
  });
  const unknown = [...rows.keys()].map((id): Finding => ({ appointmentId: id, kind: 'unknown', fields: [] }));
  return { ...day, open: true, owed, findings: [...findings, ...unknown] };
};

/** Makes D1 take these rows anew, whatever version they claim, the next time that their day tells of them. */
export const letGo = async (d1: D1Database, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await d1
    .prepare('UPDATE appointments SET version = 0, seat = NULL WHERE id IN (SELECT value FROM json_each(?))')
    .bind(JSON.stringify(ids))
    .run();
};
