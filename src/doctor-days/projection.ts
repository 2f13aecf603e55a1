import type { AppointmentRow, Projection, ProjectionBatch } from '../../durable-objects/ports.ts';
import { dayStream } from '../domain/audit-chain.ts';
import { type DayKey, dayName } from '../domain/ids.ts';
import { concernsSomebody } from '../domain/notifications/tellings.ts';
import { openDay, peekDay } from './schedule-query.ts';
import { entriesTaken, takeEntries } from './taken-offers.ts';

/** The columns of `appointments` and where they lie in a projected row. */
const columns: readonly (readonly [column: string, path: string])[] = [
  ['id', 'id'],
  ['doctor_id', 'doctorId'],
  ['patient_id', 'patientId'],
  ['date', 'date'],
  ['starts_at_ms', 'startsAtMs'],
  ['ends_at_ms', 'endsAtMs'],
  ['time_zone', 'timeZone'],
  ['seat', 'seat'],
  ['mode', 'mode'],
  ['priority', 'priority'],
  ['clinic_id', 'clinicId'],
  ['status', 'status'],
  ['expires_at_ms', 'expiresAtMs'],
  ['outside_schedule', 'outsideSchedule'],
  ['reason', 'reason'],
  ['symptoms', 'symptoms'],
  ['status_reason', 'statusReason'],
  ['fee_minor', 'fee.amount'],
  ['currency', 'fee.currency'],
  ['payment_required', 'paymentRequired'],
  ['payment_id', 'payment.id'],
  ['paid_minor', 'payment.amountMinor'],
  ['paid_currency', 'payment.currency'],
  ['paid_at_ms', 'payment.atMs'],
  ['extended_at_ms', 'extendedAtMs'],
  ['waitlist_entry_id', 'waitlistEntryId'],
  ['reservation', 'reservation'],
  ['created_at_ms', 'createdAtMs'],
  ['updated_at_ms', 'updatedAtMs'],
  ['version', 'version'],
];

/** Seats change hands in any order: first every older version lets go of its seat, then the rows land. */
const releaseSeats = `
  UPDATE appointments SET seat = NULL FROM (
    SELECT value ->> '$.id' AS id, value ->> '$.version' AS version FROM json_each(?1)
  ) AS newer
  WHERE appointments.id = newer.id AND appointments.version < newer.version`;

const upsertAppointments = `
  INSERT INTO appointments (${columns.map(([column]) => column).join(', ')})
  SELECT ${columns.map(([, path]) => `value ->> '$.${path}'`).join(', ')} FROM json_each(?1) WHERE true
  ON CONFLICT (id) DO UPDATE SET ${columns.map(([column]) => `${column} = excluded.${column}`).join(', ')}
  WHERE excluded.version > appointments.version`;

/** A row that has landed after all, or in a newer version, is no longer set aside. */
const clearQuarantine = `
  DELETE FROM projection_quarantine
  WHERE appointment_id IN (SELECT value ->> '$.id' FROM json_each(?1))
    AND version <= (SELECT version FROM appointments WHERE id = appointment_id)`;

/** Before the events land: an event that D1 has already is a repeat, and is not counted again. */
const countEvents = `
  INSERT INTO event_counts (action, n)
  SELECT value ->> '$.action', count(*) FROM json_each(?1)
  WHERE NOT EXISTS (SELECT 1 FROM audit_events WHERE stream = ?2 AND seq = value ->> '$.seq')
  GROUP BY value ->> '$.action'
  ON CONFLICT (action) DO UPDATE SET n = n + excluded.n`;

/** Before the events land, like the counts: what somebody is to be told of is told once. */
const appendIntents = `
  INSERT INTO notification_intents (stream, seq)
  SELECT ?2, value FROM json_each(?1)
  WHERE NOT EXISTS (SELECT 1 FROM audit_events WHERE stream = ?2 AND seq = value)`;

const appendAudit = `
  INSERT INTO audit_events (stream, seq, at_ms, actor_id, actor_role, action, subject_id, data)
  SELECT ?2, value ->> '$.seq', value ->> '$.atMs', value ->> '$.actorId', value ->> '$.actorRole',
    value ->> '$.action', value ->> '$.subjectId', value ->> '$.data'
  FROM json_each(?1) WHERE true
  ON CONFLICT DO NOTHING`;

const appendSeals = `
  INSERT INTO audit_seals (stream, seq, hash)
  SELECT value ->> '$.stream', value ->> '$.seq', value ->> '$.hash' FROM json_each(?1) WHERE true
  ON CONFLICT DO NOTHING`;

const upsertDay = `
  INSERT INTO doctor_days (doctor_id, date, opened_at_ms, schedule_version, version, remaining,
    first_available_at_ms, last_available_at_ms, waitlist_version)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
  ON CONFLICT (doctor_id, date) DO UPDATE SET
    opened_at_ms = coalesce(doctor_days.opened_at_ms, excluded.opened_at_ms),
    schedule_version = excluded.schedule_version, version = excluded.version, remaining = excluded.remaining,
    first_available_at_ms = excluded.first_available_at_ms, last_available_at_ms = excluded.last_available_at_ms,
    waitlist_version = excluded.waitlist_version
  WHERE excluded.version >= doctor_days.version`;

/**
 * The D1 side of the doctor-days' outboxes: ordered batches of idempotent upserts. A row that D1's seat index refuses is
 * quarantined and reported, and never blocks the rest.
 *
 * @param report tells an operator of a quarantined row, by ids only
 * @param wake says that somebody is to be told of what has landed; must not throw
 * @param outOfLine says that entries of the waitlist have got their seat, so that other days hear of it; must not throw
 */
export const d1Projection = (
  d1: D1Database,
  report: (what: string, detail: Record<string, unknown>) => void,
  wake: () => Promise<void> = async () => undefined,
  outOfLine: (entryIds: readonly string[]) => Promise<void> = async () => undefined,
): Projection => {
  const intents = (day: DayKey, seqs: readonly number[]): D1PreparedStatement[] =>
    seqs.length === 0 ? [] : [d1.prepare(appendIntents).bind(JSON.stringify(seqs), dayStream(day))];
  const auditAndDay = (
    { day, dayRow, audit, seals }: ProjectionBatch,
    told: readonly number[],
    nowMs: number,
  ): D1PreparedStatement[] => [
    ...intents(day, told),
    ...takeEntries(d1, entriesTaken(audit), nowMs),
    d1.prepare(countEvents).bind(JSON.stringify(audit), dayStream(day)),
    d1.prepare(appendAudit).bind(JSON.stringify(audit), dayStream(day)),
    d1.prepare(appendSeals).bind(JSON.stringify(seals)),
    d1
      .prepare(upsertDay)
      .bind(
        day.doctorId,
        day.date,
        nowMs,
        dayRow.scheduleVersion,
        dayRow.version,
        dayRow.remaining,
        dayRow.firstAvailableAtMs,
        dayRow.lastAvailableAtMs,
        dayRow.waitlistVersion,
      ),
  ];
  const release = ({ releases }: ProjectionBatch): D1PreparedStatement[] =>
    releases.length === 0 ? [] : [d1.prepare(releaseSeats).bind(JSON.stringify(releases))];
  const land = (rows: readonly AppointmentRow[]): D1PreparedStatement[] => {
    const json = JSON.stringify(rows);
    return rows.length === 0 ? [] : [d1.prepare(upsertAppointments).bind(json), d1.prepare(clearQuarantine).bind(json)];
  };

  /** One by one, so that only the row that cannot be is set aside. */
  const landSingly = async (batch: ProjectionBatch, nowMs: number): Promise<void> => {
    const [free, seated] = [
      batch.appointments.filter((row) => row.seat === null),
      batch.appointments.filter((row) => row.seat !== null),
    ];
    for (const row of [...free, ...seated]) {
      try {
        await d1.batch([...release(batch), ...land([row])]);
      } catch (error) {
        if (!isSeatConflict(error)) throw error;
        const { day } = batch;
        const why = 'another live appointment holds this seat';
        await d1
          .prepare(
            `INSERT INTO projection_quarantine (appointment_id, version, doctor_id, date, why, row, at_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
          )
          .bind(row.id, row.version, day.doctorId, day.date, why, JSON.stringify(row), nowMs)
          .run();
        report('projection_quarantined', { appointmentId: row.id, version: row.version, day: dayName(day) });
      }
    }
  };

  return {
    peek: (day: DayKey) => peekDay(d1, day),
    open: (day: DayKey, nowMs: number) => openDay(d1, day, nowMs),

    /** Lands a batch in one transaction. Throws while D1 is out of reach, with nothing or all of it landed. */
    project: async (batch: ProjectionBatch, nowMs: number): Promise<void> => {
      const told = batch.audit.filter(concernsSomebody).map(({ seq }) => seq);
      try {
        await d1.batch([...release(batch), ...land(batch.appointments), ...auditAndDay(batch, told, nowMs)]);
      } catch (error) {
        if (!isSeatConflict(error)) throw error;
        await landSingly(batch, nowMs);
        await d1.batch(auditAndDay(batch, told, nowMs));
      }
      if (told.length > 0) await wake();
      const taken = entriesTaken(batch.audit);
      if (taken.length > 0) await outOfLine(taken);
    },

    /** Whether D1 holds every event of the day up to the last, sealed, and no appointment of it is quarantined. */
    holds: async (day: DayKey, lastSeq: number): Promise<boolean> => {
      const row = await d1
        .prepare(
          `SELECT (SELECT count(*) FROM audit_events JOIN audit_seals USING (stream, seq)
               WHERE stream = ?1 AND seq <= ?2) AS events,
             (SELECT count(*) FROM projection_quarantine WHERE doctor_id = ?3 AND date = ?4) AS quarantined`,
        )
        .bind(dayStream(day), lastSeq, day.doctorId, day.date)
        .first<{ events: number; quarantined: number }>();
      return row?.events === lastSeq && row.quarantined === 0;
    },

    /** Notes that from now on D1 alone holds the day. */
    cleaned: async (day: DayKey, nowMs: number): Promise<void> => {
      await d1
        .prepare('UPDATE doctor_days SET cleaned_at_ms = ?3 WHERE doctor_id = ?1 AND date = ?2')
        .bind(day.doctorId, day.date, nowMs)
        .run();
    },
  };
};

const isSeatConflict = (error: unknown): boolean =>
  error instanceof Error && /UNIQUE constraint failed: .*appointments\.seat/.test(error.message);
