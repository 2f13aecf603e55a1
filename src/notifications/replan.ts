import { and, asc, eq, gt, inArray, type SQL, sql } from 'drizzle-orm';
import { type Database, database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { appointments, dependants, notifications } from '../db/schema.ts';
import type { Identity } from '../domain/access.ts';
import type { LocalDate } from '../domain/local-date.ts';
import type { Audience } from '../domain/notifications/kinds.ts';
import { type Agreed, type PlannedRow, type Recipient, remindersOf } from '../domain/notifications/plan.ts';
import { settingsOf } from '../env.ts';
import { type Addressee, addresseesOf } from './addressees.ts';
import { enter, numbered } from './ledger.ts';

/** Appointments of one turn, and turns of one call: far more than anybody has to come. */
const atOnce = 100;
const maxTurns = 50;

interface Coming extends Omit<Agreed, 'causedAtMs'> {
  /** The account that is told for the patient. */
  readonly patientSideId: string;
}

/**
 * Brings the reminders that wait to how somebody wants to be reminded now: new ones are entered, those that are not
 * wanted end as `switched_off`, the others go when they now should. What was sent is not sent again. To do it again, or
 * to go on with one that broke off, does no harm.
 *
 * @param ofPatients whether those of a doctor's patients are meant as well, because the doctor chose for them
 */
export const replanReminders = async (
  env: Env,
  { id, role }: Identity,
  ofPatients: boolean,
  nowMs: number,
): Promise<void> => {
  const db = database(env.DB);
  let last: Coming | null = null;
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const coming: Coming[] = await comingTo(db, { id, role }, last, nowMs);
    if (coming.length > 0) await replanTurn(env, db, coming, ofPatients ? null : id, nowMs);
    if (coming.length < atOnce) return;
    last = coming.at(-1) ?? null;
  }
};

/** The confirmed appointments to come of a doctor, or of a patient and those that the patient books for, in order. */
const comingTo = (db: Database, { id, role }: Identity, last: Coming | null, nowMs: number): Promise<Coming[]> => {
  const theirs = sql`(select ${id} union all select ${dependants.id} from ${dependants}
    where ${dependants.guardianId} = ${id} and ${dependants.removedAtMs} is null)`;
  const after: SQL | undefined =
    last === null
      ? undefined
      : sql`(${appointments.startsAtMs}, ${appointments.id}) > (${last.startsAtMs}, ${last.appointmentId})`;
  return db
    .select({
      appointmentId: appointments.id,
      doctorId: appointments.doctorId,
      version: appointments.version,
      startsAtMs: appointments.startsAtMs,
      date: sql<LocalDate>`${appointments.date}`,
      timeZone: appointments.timeZone,
      patientSideId: sql<string>`coalesce(${dependants.guardianId}, ${appointments.patientId})`,
    })
    .from(appointments)
    .leftJoin(dependants, eq(dependants.id, appointments.patientId))
    .where(
      and(
        role === 'doctor' ? eq(appointments.doctorId, id) : inArray(appointments.patientId, theirs),
        gt(appointments.startsAtMs, nowMs),
        eq(appointments.status, 'confirmed'),
        after,
      ),
    )
    .orderBy(asc(appointments.startsAtMs), asc(appointments.id))
    .limit(atOnce);
};

const recipient = (audience: Audience, addressee: Addressee | undefined): Recipient[] =>
  addressee === undefined ? [] : [{ ...addressee, audience }];

/** @param onlyOf whose reminders are planned anew; `null` for everybody's */
const replanTurn = async (
  env: Env,
  db: Database,
  coming: readonly Coming[],
  onlyOf: string | null,
  nowMs: number,
): Promise<void> => {
  const people = coming.flatMap(({ patientSideId, doctorId }) => [patientSideId, doctorId]);
  const addressees = await addresseesOf(db, settingsOf(env), people);
  const wanted = coming
    .flatMap((one) =>
      remindersOf({ ...one, causedAtMs: nowMs }, [
        ...recipient('patient', addressees.get(one.patientSideId)),
        ...recipient('doctor', addressees.get(one.doctorId)),
      ]),
    )
    .filter((row) => row.reason === null && (onlyOf === null || row.recipientId === onlyOf));
  const known = await db
    .select()
    .from(notifications)
    .where(
      and(
        inArray(notifications.subjectId, listOf(coming.map(({ appointmentId }) => appointmentId))),
        eq(notifications.kind, 'reminder'),
        onlyOf === null ? undefined : eq(notifications.recipientId, onlyOf),
      ),
    );
  const { end, again, fresh } = difference(known, wanted, nowMs);
  const d1 = env.DB;
  await d1.batch([
    d1.prepare(endSql).bind(JSON.stringify(end), nowMs),
    d1.prepare(againSql).bind(JSON.stringify(again)),
    // After the others: a reminder enters only where none by another channel stands.
    enter(d1, numbered(fresh), nowMs),
  ]);
};

const endSql = `
  UPDATE notifications SET state = 'suppressed', reason = 'switched_off', next_at_ms = NULL, settled_at_ms = ?2
  WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'scheduled'`;

const againSql = `
  UPDATE notifications SET state = 'scheduled', reason = NULL, settled_at_ms = NULL,
    due_at_ms = wanted.value ->> '$.dueAtMs', next_at_ms = wanted.value ->> '$.dueAtMs'
  FROM json_each(?1) AS wanted
  WHERE notifications.id = wanted.value ->> '$.id'
    AND (state = 'scheduled' OR (state = 'suppressed' AND reason = 'switched_off'))`;

type Known = typeof notifications.$inferSelect;
type Keyed = Pick<Known, 'subjectId' | 'startsAtMs' | 'offsetMinutes' | 'channel' | 'recipientId'>;

const keyOf = ({ subjectId, startsAtMs, offsetMinutes, channel, recipientId }: Keyed): string =>
  [subjectId, startsAtMs, offsetMinutes, channel, recipientId].join(' ');

/** What is to end, what is to go (again) and when, and what is new. What is due by now is left to go as it is. */
const difference = (known: readonly Known[], wanted: readonly PlannedRow[], nowMs: number) => {
  const byKey = new Map(wanted.map((row) => [keyOf(row), row]));
  const waits = known.filter((row) => row.state === 'scheduled' && row.dueAtMs > nowMs && row.insteadOf === null);
  const movable = [...waits, ...known.filter(({ reason }) => reason === 'switched_off')];
  const knownKeys = new Set(known.map(keyOf));
  return {
    end: waits.filter((row) => !byKey.has(keyOf(row))).map(({ id }) => id),
    again: movable.flatMap((row) => {
      const dueAtMs = byKey.get(keyOf(row))?.dueAtMs;
      return dueAtMs === undefined ? [] : [{ id: row.id, dueAtMs }];
    }),
    fresh: wanted.filter((row) => !knownKeys.has(keyOf(row))),
  };
};
