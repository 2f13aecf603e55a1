import { eq, inArray } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { appointments, dependants } from '../db/schema.ts';
import type { Audience, NotificationKind } from '../domain/notifications/kinds.ts';
import { placeOf } from '../domain/notifications/place.ts';
import type { PlannedRow } from '../domain/notifications/plan.ts';
import { waysTo } from '../domain/notifications/ways.ts';
import { settingsOf } from '../env.ts';
import { addresseesOf } from './addressees.ts';
import { claimThese, enter, type NewRow, numbered } from './ledger.ts';
import { enqueueClaimed } from './queue.ts';

/** What patients are told of appointments that no event of a doctor-day says. */
export interface News {
  readonly kind: Extract<
    NotificationKind,
    'rebook' | 'running_late' | 'your_turn' | 'follow_up' | 'prescribed' | 'prescription_dispensed' | 'refunded'
  >;
  readonly appointmentIds: readonly string[];
  /** Of a doctor who is late: by how much. Told once for each appointment and number. */
  readonly minutes?: number;
  /** Of what an appointment may have several of: which one it is. Told once for each. */
  readonly serial?: number;
  readonly causedBy: Audience | null;
}

/**
 * Tells the patients of appointments (for a dependant, the guardian), each by the ways that they prefer: the rows enter
 * the ledger before it answers, and go out at once, or with the next sweep. The same news of the same version of an
 * appointment is told once, however often this is called.
 */
export const tellPatients = async (env: Env, news: News, nowMs: number): Promise<void> => {
  const entered = await newsRows(env, news, nowMs);
  if (entered.length === 0) return;
  await env.DB.batch([enter(env.DB, entered, nowMs)]);
  await sendEntered(env, entered, nowMs);
};

/** Has rows sent that stand in the ledger. What it does not come to, the next sweep sends. */
export const sendEntered = async (env: Env, entered: readonly NewRow[], nowMs: number): Promise<void> => {
  const ids = entered.filter(({ reason }) => reason === null).map(({ id }) => id);
  await enqueueClaimed(env, await claimThese(env.DB, ids, nowMs));
};

/** The rows of news, to be entered together with what they are about, and given to {@link sendEntered} after that. */
export const newsRows = async (env: Env, news: News, nowMs: number): Promise<NewRow[]> => {
  const { kind, appointmentIds, minutes = 0, serial = 0, causedBy } = news;
  if (appointmentIds.length === 0) return [];
  const db = database(env.DB);
  const found = await db
    .select({ appointment: appointments, guardianId: dependants.guardianId })
    .from(appointments)
    .leftJoin(dependants, eq(dependants.id, appointments.patientId))
    .where(inArray(appointments.id, listOf(appointmentIds)));
  const told = found.map(({ appointment, guardianId }) => ({
    appointment,
    recipientId: guardianId ?? appointment.patientId,
  }));
  const addressees = await addresseesOf(
    db,
    settingsOf(env),
    told.map(({ recipientId }) => recipientId),
  );
  const rows = told.flatMap(({ appointment, recipientId }): PlannedRow[] => {
    const addressee = addressees.get(recipientId);
    const ways = addressee === undefined ? [] : waysTo(addressee.preferences, kind, 'patient', addressee.reach);
    const row = {
      ...{
        subjectId: appointment.id,
        version: appointment.version,
        kind,
        offsetMinutes: minutes + serial,
        recipientId,
      },
      ...{ audience: 'patient' as const, startsAtMs: appointment.startsAtMs, previousStartsAtMs: null },
      ...{ causedAtMs: nowMs, causedBy, dueAtMs: nowMs, ...placeOf(appointment) },
    };
    if (addressee === undefined) return [{ ...row, channel: 'in_app', reason: 'unreachable' }];
    if (ways.length === 0) return [{ ...row, channel: 'in_app', reason: 'switched_off' }];
    return ways.map((channel): PlannedRow => ({ ...row, channel, reason: null }));
  });
  return numbered(rows);
};
