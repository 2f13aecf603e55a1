import { inArray } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { appointments, type notifications } from '../db/schema.ts';
import { doctorDays } from '../doctor-days/client.ts';
import type { Status } from '../domain/doctor-day/appointment.ts';
import type { AppointmentView } from '../domain/doctor-day/view.ts';
import type { LocalDate } from '../domain/local-date.ts';
import type { NotificationKind } from '../domain/notifications/kinds.ts';
import { describeError, report } from '../http/log.ts';

type LedgerRow = typeof notifications.$inferSelect;

/** What is told of an appointment, and checked before. None of its words. */
export type Seen = Omit<
  AppointmentView,
  'fee' | 'seat' | 'expiresAtMs' | 'reason' | 'symptoms' | 'statusReason' | 'reservation'
>;

/** What is true of an appointment; `unknown` while its day does not answer. One that nobody knows is not there. */
export type Truths = ReadonlyMap<string, Seen | 'unknown'>;

/** What asks people to do something: to come, or to take what is kept for them. */
const asking: ReadonlySet<string> = new Set<NotificationKind>(['reminder', 'waitlist_offer']);

/**
 * What is true of the appointments of some rows. Of a reminder and an offer the appointment's own day is asked, for
 * nobody may be reminded of what is off, or be offered what has ended. Other news is as old as what D1 shows, which has
 * all that the news is of.
 */
export const truthsOf = async (env: Env, db: Database, rows: readonly LedgerRow[]): Promise<Truths> => {
  const idsOf = (some: readonly LedgerRow[]): string[] => [...new Set(some.map(({ subjectId }) => subjectId))];
  const asked = idsOf(rows.filter(({ kind }) => asking.has(kind)));
  const shown = idsOf(rows.filter(({ kind }) => kind !== 'digest')).filter((id) => !asked.includes(id));
  const found = await Promise.all([...asked.map((id) => truthOf(env, id)), shownIn(db, shown)]);
  return new Map(found.flat());
};

const truthOf = async (env: Env, id: string): Promise<[string, Seen | 'unknown'][]> => {
  try {
    const answer = await doctorDays(env).get(id);
    return answer === null ? [] : [[id, answer.ok ? answer.value : 'unknown']];
  } catch (error) {
    report('notification_check_failed', { appointmentId: id, ...describeError(error) });
    return [[id, 'unknown']];
  }
};

const shownIn = async (db: Database, ids: readonly string[]): Promise<[string, Seen][]> => {
  if (ids.length === 0) return [];
  const rows = await db
    .select()
    .from(appointments)
    .where(inArray(appointments.id, listOf(ids)));
  return rows.map((row) => [row.id, { ...row, status: row.status as Status, date: row.date as LocalDate }]);
};
