import { and, asc, count, gt, inArray, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { appointments } from '../../db/schema.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import { principalOf } from '../../domain/access.ts';
import { liveStatuses } from '../../domain/doctor-day/status.ts';
import type { RefusalCode } from '../../domain/refusal.ts';

const atOnce = 100;

/** Nothing is left to cancel: it is history, it ran out or was cancelled meanwhile, or its day knows nothing of it. */
const settled: readonly RefusalCode[] = ['invalid_transition', 'hold_expired', 'not_found'];

const toCome = (subjectIds: readonly string[], nowMs: number) =>
  and(
    inArray(appointments.patientId, listOf(subjectIds)),
    sql`${appointments.seat} is not null`,
    gt(appointments.startsAtMs, nowMs),
    inArray(appointments.status, [...liveStatuses]),
  );

/** How many appointments of some patients are to come, as far as D1 has seen them. */
export const countAppointmentsToCome = async (
  db: Database,
  subjectIds: readonly string[],
  nowMs: number,
): Promise<number> => (await db.select({ n: count() }).from(appointments).where(toCome(subjectIds, nowMs)))[0]?.n ?? 0;

/**
 * Cancels every appointment to come of some patients through their doctor-days, so that the seats are free again and
 * the doctors see it. `false` when some could not be cancelled now, or there are more than one turn takes: ask again.
 */
export const cancelAppointmentsToCome = async (
  env: Env,
  subjectIds: readonly string[],
  nowMs: number,
): Promise<boolean> => {
  const found = await database(env.DB)
    .select({ id: appointments.id, patientId: appointments.patientId })
    .from(appointments)
    .where(toCome(subjectIds, nowMs))
    .orderBy(asc(appointments.startsAtMs))
    .limit(atOnce);
  const done = await Promise.all(
    found.map(async ({ id, patientId }) => {
      const principal = principalOf({ id: patientId, role: 'patient' });
      const command = { type: 'cancel', principal, appointmentId: id, statusReason: null } as const;
      const result = await doctorDays(env).execute(command, null);
      return result === null || result.ok || settled.includes(result.refusal.code);
    }),
  );
  return found.length < atOnce && done.every((each) => each);
};
