import type { Status } from '../domain/doctor-day/appointment.ts';
import { type WebhookEventType, type WebhookFacts, webhookEventOf } from '../domain/webhook-event.ts';

/** An intent whose appointment is at a clinic with a webhook, or was when the webhook was last told of it. */
interface Row {
  readonly stream: string;
  readonly seq: number;
  readonly action: string;
  readonly atMs: number;
  /** JSON, as the audit keeps it. */
  readonly data: string;
  /** The event before it in which the appointment had a time, JSON. */
  readonly before: string | null;
  readonly appointmentId: string;
  readonly doctorId: string;
  readonly status: Status;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly timeZone: string;
  readonly version: number;
  readonly webhookId: string;
  readonly clinicId: string;
  /** JSON; `null`: all kinds. */
  readonly events: string | null;
  readonly away: 0 | 1;
}

interface EventData {
  readonly status?: Status;
  readonly startsAtMs?: number;
  readonly version?: number;
}

const columns = `i.stream, i.seq, e.action, e.at_ms AS atMs, e.data,
  (SELECT b.data FROM audit_events b WHERE b.subject_id = e.subject_id AND b.data ->> '$.startsAtMs' IS NOT NULL
     AND b.data ->> '$.version' < e.data ->> '$.version' ORDER BY b.data ->> '$.version' DESC LIMIT 1) AS before,
  a.id AS appointmentId, a.doctor_id AS doctorId, a.status, a.starts_at_ms AS startsAtMs, a.ends_at_ms AS endsAtMs,
  a.time_zone AS timeZone, a.version, w.id AS webhookId, w.clinic_id AS clinicId, w.events`;

const intents = `json_each(?1) j CROSS JOIN notification_intents i ON i.id = j.value
  JOIN audit_events e ON e.stream = i.stream AND e.seq = i.seq JOIN appointments a ON a.id = e.subject_id`;

/** Webhooks of the clinic; and after a move, of clinics that were told of the appointment and not yet that it left. */
const concerned = `
  SELECT ${columns}, 0 AS away FROM ${intents}
  JOIN clinic_webhooks w ON w.clinic_id = a.clinic_id AND w.off_at_ms IS NULL
  UNION ALL
  SELECT ${columns}, 1 AS away FROM ${intents}
  JOIN clinic_webhooks w ON w.id IN (SELECT webhook_id FROM webhook_deliveries WHERE appointment_id = a.id)
    AND w.clinic_id IS NOT a.clinic_id AND w.off_at_ms IS NULL
  WHERE e.action IN ('rescheduled', 'moved_in') AND 'appointment.moved_away' <> (
    SELECT type FROM webhook_deliveries WHERE appointment_id = a.id AND webhook_id = w.id
    ORDER BY created_at_ms DESC, facts ->> '$.version' DESC LIMIT 1)`;

const insert = `
  INSERT INTO webhook_deliveries (id, webhook_id, stream, seq, type, at_ms, appointment_id, facts, state, attempts,
    due_at_ms, created_at_ms)
  SELECT value ->> '$.id', value ->> '$.webhookId', value ->> '$.stream', value ->> '$.seq', value ->> '$.type',
    value ->> '$.atMs', value ->> '$.facts.appointmentId', value -> '$.facts', 'waiting', 0, ?2, ?3
  FROM json_each(?1) WHERE true
  ON CONFLICT DO NOTHING`;

/** A delivery whose notice was lost is looked for after this. */
const graceMs = 30_000;

/**
 * What webhooks are to be told of some intents: the statement that records it, for the transaction that deletes the
 * intents, and the ids to dispatch after it. An event is recorded once for each webhook, however often this is asked.
 */
export const webhookDeliveries = async (
  d1: D1Database,
  intentIds: readonly number[],
  nowMs: number,
): Promise<{ readonly statements: D1PreparedStatement[]; readonly ids: string[] }> => {
  const { results } = await d1.prepare(concerned).bind(JSON.stringify(intentIds)).all<Row>();
  const rows = results.flatMap((row) => {
    const type = typeOf(row);
    if (type === null || (row.events !== null && !JSON.parse(row.events).includes(type))) return [];
    const { webhookId, stream, seq, atMs } = row;
    return [{ id: `msg_${crypto.randomUUID()}`, webhookId, stream, seq, type, atMs, facts: factsOf(row) }];
  });
  if (rows.length === 0) return { statements: [], ids: [] };
  const statement = d1.prepare(insert).bind(JSON.stringify(rows), nowMs + graceMs, nowMs);
  return { statements: [statement], ids: rows.map(({ id }) => id) };
};

const eventOf = ({ data }: Row): EventData => JSON.parse(data);
const beforeOf = ({ before }: Row): EventData => (before === null ? {} : JSON.parse(before));

const typeOf = (row: Row): WebhookEventType | null => {
  const [after, before] = [eventOf(row).status ?? null, beforeOf(row).status ?? null];
  const type = webhookEventOf({ action: row.action, after, before });
  return type === 'appointment.moved' && row.away === 1 ? 'appointment.moved_away' : type;
};

/** As of the event; what the event does not say is as D1 shows it now. */
const factsOf = (row: Row): WebhookFacts => {
  const [event, before] = [eventOf(row), beforeOf(row)];
  const { appointmentId, clinicId, doctorId, timeZone } = row;
  const startsAtMs = event.startsAtMs ?? row.startsAtMs;
  const moved = before.startsAtMs !== undefined && before.startsAtMs !== startsAtMs;
  return {
    ...{ appointmentId, clinicId, doctorId, status: event.status ?? row.status, timeZone, startsAtMs },
    endsAtMs: startsAtMs + row.endsAtMs - row.startsAtMs,
    version: event.version ?? row.version,
    previousStartsAtMs: moved ? (before.startsAtMs ?? null) : null,
  };
};
