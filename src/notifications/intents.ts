import { database } from '../db/client.ts';
import { isOutage } from '../db/outage.ts';
import type { Status } from '../domain/doctor-day/appointment.ts';
import { parseDayName } from '../domain/ids.ts';
import type { LocalDate } from '../domain/local-date.ts';
import type { Audience } from '../domain/notifications/kinds.ts';
import { placeAfter } from '../domain/notifications/place.ts';
import { type Agreed, digestOf, type PlannedRow, type Recipient, remindersOf } from '../domain/notifications/plan.ts';
import { type EventData, reminderEffectOf, tellingsOf } from '../domain/notifications/tellings.ts';
import { waysTo } from '../domain/notifications/ways.ts';
import { settingsOf } from '../env.ts';
import { describeError, report } from '../http/log.ts';
import { dispatchDeliveries } from '../webhooks/queue.ts';
import { webhookDeliveries } from '../webhooks/record.ts';
import { type Addressee, addresseesOf } from './addressees.ts';
import { carryReminders, claimThese, dropReminders, enterFor, numbered } from './ledger.ts';
import { sendClaimed } from './send.ts';

/** Intents that one transaction takes. */
const atOnce = 40;
/** Transactions of one run; what is left then is the next run's. */
const maxRounds = 25;

/** An intent with its event, and the appointment as D1 shows it. */
interface Intent {
  readonly id: number;
  readonly stream: string;
  readonly atMs: number;
  readonly actorId: string | null;
  readonly actorRole: string;
  readonly action: string;
  /** JSON. */
  readonly data: string;
  readonly appointmentId: string;
  /** The event before it in which the appointment had a time, JSON, and that event's stream. */
  readonly before: string | null;
  readonly beforeStream: string | null;
  readonly doctorId: string;
  readonly version: number;
  readonly status: Status;
  readonly startsAtMs: number;
  readonly date: LocalDate;
  readonly timeZone: string;
  /** The account that is told for the patient: their own, or their guardian's. */
  readonly patientSideId: string;
}

const readSql = `
  WITH w AS (
    SELECT i.id AS intent_id, i.stream, e.at_ms, e.actor_id, e.actor_role, e.action, e.data, e.subject_id,
      (SELECT json_array(b.stream, b.data) FROM audit_events b WHERE b.subject_id = e.subject_id
         AND b.data ->> '$.startsAtMs' IS NOT NULL AND b.data ->> '$.version' < e.data ->> '$.version'
       ORDER BY b.data ->> '$.version' DESC LIMIT 1) AS before
    FROM notification_intents i JOIN audit_events e ON e.stream = i.stream AND e.seq = i.seq
    WHERE i.id > ?2 ORDER BY i.id LIMIT ?1)
  SELECT w.intent_id AS id, w.stream, w.at_ms AS atMs, w.actor_id AS actorId, w.actor_role AS actorRole, w.action,
    w.data, w.subject_id AS appointmentId, w.before ->> 1 AS "before", w.before ->> 0 AS beforeStream,
    a.doctor_id AS doctorId, a.version, a.status, a.starts_at_ms AS startsAtMs, a.date, a.time_zone AS timeZone,
    coalesce(d.guardian_id, a.patient_id) AS patientSideId
  FROM w LEFT JOIN appointments a ON a.id = w.subject_id LEFT JOIN dependants d ON d.id = a.patient_id
  ORDER BY w.intent_id`;

/**
 * Turns intents into rows of the ledger, oldest first, and sends what is due at once. However often it runs, and by how
 * many at a time, each intent counts once: its rows enter in the transaction that deletes it. Gives how many there were.
 */
export const consumeIntents = async (env: Env, nowMs: number): Promise<number> => {
  let taken = 0;
  let after = 0;
  for (let round = 0; round < maxRounds; round += 1) {
    const { results } = await env.DB.prepare(readSql).bind(atOnce, after).all<Intent>();
    if (results.length === 0) break;
    after = results.at(-1)?.id ?? after;
    const due = await enterAll(env, results, nowMs);
    taken += results.length;
    await sendClaimed(env, await claimThese(env.DB, due, nowMs), nowMs);
    if (results.length < atOnce) break;
  }
  return taken;
};

/** Enters what follows from intents; one by one if it must be, so that none that cannot be taken up keeps others. */
const enterAll = async (env: Env, intents: readonly Intent[], nowMs: number): Promise<string[]> => {
  try {
    return await enterRows(env, intents, nowMs);
  } catch (error) {
    if (isOutage(error)) throw error;
    const [first, ...rest] = intents;
    if (first === undefined) return [];
    if (rest.length > 0) return (await Promise.all(intents.map((intent) => enterAll(env, [intent], nowMs)))).flat();
    report('notification_intent_failed', { stream: first.stream, intent: first.id, ...describeError(error) });
    return [];
  }
};

/** Enters what follows from intents, and deletes them; gives the ids of what is due already. */
const enterRows = async (env: Env, intents: readonly Intent[], nowMs: number): Promise<string[]> => {
  const known = intents.filter((intent) => intent.doctorId !== null);
  // A row that D1 has refused: it is in quarantine, where an operator sees it.
  for (const { stream, appointmentId } of intents.filter((intent) => intent.doctorId === null)) {
    report('notification_without_appointment', { stream, appointmentId });
  }
  const people = known.flatMap((intent) => [intent.patientSideId, doctorOf(intent), intent.doctorId]);
  const addressees = await addresseesOf(database(env.DB), settingsOf(env), people);
  const due: string[] = [];
  const statements = known.flatMap((intent) => {
    const event = eventOf(intent);
    const { planned, carry, drop } = remindersAfter(intent, event.data, addressees);
    const rows = numbered([...newsOf(intent, event, addressees, nowMs), ...planned]);
    due.push(...rows.filter((row) => row.reason === null && row.dueAtMs <= nowMs).map(({ id }) => id));
    return [
      ...(carry === null ? [] : [carryReminders(env.DB, intent.id, carry, nowMs)]),
      ...(drop === null ? [] : [dropReminders(env.DB, intent.appointmentId, drop.version, drop.reason, nowMs)]),
      ...(rows.length === 0 ? [] : [enterFor(env.DB, intent.id, rows, nowMs)]),
    ];
  });
  const ids = intents.map(({ id }) => id);
  const done = JSON.stringify(ids);
  const webhooks = await webhookDeliveries(env.DB, ids, nowMs);
  await env.DB.batch([
    ...statements,
    ...webhooks.statements,
    env.DB.prepare('DELETE FROM notification_intents WHERE id IN (SELECT value FROM json_each(?1))').bind(done),
  ]);
  await dispatchDeliveries(env, webhooks.ids);
  return due;
};

/** The doctor on whose day it happened. */
const doctorOf = ({ stream, doctorId }: Pick<Intent, 'stream' | 'doctorId'>): string =>
  parseDayName(stream.slice('day:'.length))?.doctorId ?? doctorId;

const eventOf = (intent: Intent) => {
  const data: EventData = JSON.parse(intent.data);
  const before: EventData | null = intent.before === null ? null : JSON.parse(intent.before);
  const here = doctorOf(intent);
  const other = data.to?.doctorId ?? doctorOf({ stream: intent.beforeStream ?? intent.stream, doctorId: here });
  return {
    action: intent.action,
    actorRole: intent.actorRole,
    byDoctor: intent.actorRole === 'doctor' && intent.actorId === here,
    data,
    before: before?.status ?? null,
    changesDoctor: other !== here,
    startsAtMs: data.startsAtMs ?? before?.startsAtMs ?? intent.startsAtMs,
    previousStartsAtMs: before?.startsAtMs ?? null,
    previousTimeZone: before?.timeZone ?? null,
    // What has left says where it went; where it was, the event before it says.
    place: placeAfter(here, data.startsAtMs === undefined && before !== null ? before : data),
  };
};

/** For how long an offer stands, never longer than it does. */
const wholeMinutes = (fromMs: number, untilMs: number | null = null): number =>
  untilMs === null ? 0 : Math.floor((untilMs - fromMs) / 60_000);

const sideOf = (role: string): Audience | null =>
  role === 'patient' ? 'patient' : role === 'doctor' || role === 'staff' ? 'doctor' : null;

/** What people are told of an event, now. */
const newsOf = (
  intent: Intent,
  event: ReturnType<typeof eventOf>,
  addressees: ReadonlyMap<string, Addressee>,
  nowMs: number,
): PlannedRow[] =>
  tellingsOf(event).flatMap(({ kind, audience }) => {
    const recipientId = audience === 'doctor' ? doctorOf(intent) : intent.patientSideId;
    const addressee = addressees.get(recipientId);
    const row = {
      ...{ subjectId: intent.appointmentId, version: event.data.version ?? intent.version, kind },
      offsetMinutes: kind === 'waitlist_offer' ? wholeMinutes(intent.atMs, event.data.expiresAtMs) : 0,
      ...{ recipientId, audience, startsAtMs: event.startsAtMs, causedAtMs: intent.atMs, dueAtMs: nowMs },
      previousStartsAtMs: kind === 'rescheduled' ? event.previousStartsAtMs : null,
      previousTimeZone: kind === 'rescheduled' ? event.previousTimeZone : null,
      ...event.place,
      causedBy: sideOf(intent.actorRole),
    };
    if (addressee === undefined) return [{ ...row, channel: 'in_app', reason: 'unreachable' }];
    const ways = waysTo(addressee.preferences, kind, audience, addressee.reach);
    if (ways.length === 0) return [{ ...row, channel: 'in_app', reason: 'switched_off' }];
    return ways.map((channel): PlannedRow => ({ ...row, channel, reason: null }));
  });

interface After {
  readonly planned: readonly PlannedRow[];
  readonly carry: Parameters<typeof carryReminders>[2] | null;
  readonly drop: { readonly version: number; readonly reason: 'moved' | 'cancelled' } | null;
}

const nothing: After = { planned: [], carry: null, drop: null };

/** What becomes of an appointment's reminders. An event that newer ones have overtaken plans only what still holds. */
const remindersAfter = (intent: Intent, data: EventData, addressees: ReadonlyMap<string, Addressee>): After => {
  const effect = reminderEffectOf(intent.action, data);
  if (effect === null || data.version === undefined) return nothing;
  if (effect === 'drop') {
    const moves = intent.action === 'moved_out' || intent.action === 'rescheduled' || intent.action === 'moved_in';
    return { ...nothing, drop: { version: data.version, reason: moves ? 'moved' : 'cancelled' } };
  }
  const { appointmentId, doctorId, version, status, startsAtMs, date, timeZone, atMs } = intent;
  const overtaken = version > data.version;
  if (overtaken && (effect === 'keep' || status !== 'confirmed')) return nothing;
  if (overtaken && (startsAtMs !== data.startsAtMs || doctorId !== doctorOf(intent))) return nothing;
  const carry = { id: appointmentId, version, startsAtMs, doctorId };
  if (effect === 'keep') return { ...nothing, carry };
  const agreed: Agreed = { appointmentId, doctorId, version, startsAtMs, date, timeZone, causedAtMs: atMs };
  const patient = recipient('patient', addressees.get(intent.patientSideId));
  const doctor = recipient('doctor', addressees.get(doctorId));
  const digest = doctor.flatMap((one) => digestOf(agreed, one));
  return { planned: [...remindersOf(agreed, [...patient, ...doctor]), ...digest], carry, drop: null };
};

const recipient = (audience: Audience, addressee: Addressee | undefined): Recipient[] =>
  addressee === undefined ? [] : [{ ...addressee, audience }];
