import { and, asc, eq, gt, gte, inArray, lte, ne, not, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Database } from '../../db/client.ts';
import { appointments, doctors } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import type { Status } from '../../domain/doctor-day/appointment.ts';
import { asOf } from '../../domain/doctor-day/status.ts';
import type { AppointmentView } from '../../domain/doctor-day/view.ts';
import { addDays, type LocalDate } from '../../domain/local-date.ts';

type Row = typeof appointments.$inferSelect;

/** Where a page of appointments goes on. */
export interface Position {
  readonly startsAtMs: number;
  readonly id: string;
}

export interface Filter {
  readonly status?: Status | undefined;
  /** Local dates, both included. */
  readonly from?: LocalDate | undefined;
  readonly to?: LocalDate | undefined;
  readonly doctorId?: string | undefined;
}

/** One more than a page of a principal's own appointments (an admin's are all), oldest start first. */
export const listAppointments = async (
  db: Database,
  principal: Principal,
  filter: Filter,
  after: Position | null,
  limit: number,
  nowMs: number,
): Promise<AppointmentView[]> => {
  const own: Record<Principal['role'], SQL | undefined> = {
    patient: eq(appointments.patientId, principal.id),
    doctor: eq(appointments.doctorId, principal.id),
    admin: undefined,
  };
  const rows = await db
    .select()
    .from(appointments)
    .where(
      and(
        own[principal.role],
        filter.doctorId === undefined ? undefined : eq(appointments.doctorId, filter.doctorId),
        filter.status === undefined ? undefined : statusIs(filter.status, nowMs),
        within(filter),
        after === null
          ? undefined
          : sql`(${appointments.startsAtMs}, ${appointments.id}) > (${after.startsAtMs}, ${after.id})`,
      ),
    )
    .orderBy(asc(appointments.startsAtMs), asc(appointments.id))
    .limit(limit + 1);
  return rows.map((row) => viewOf(row, nowMs));
};

/** An appointment as D1 has it: for days whose object has deleted its storage. */
export const findAppointment = async (db: Database, id: string, nowMs: number): Promise<AppointmentView | null> => {
  const row = await db.query.appointments.findFirst({ where: eq(appointments.id, id) });
  return row === undefined ? null : viewOf(row, nowMs);
};

/** Whether an account is a doctor's, verified or not. */
export const isDoctor = async (db: Database, id: string): Promise<boolean> =>
  (await db.select({ id: doctors.id }).from(doctors).where(eq(doctors.id, id))).length > 0;

/** An appointment that overlaps another of the same patient with a different doctor. */
export interface Conflict {
  readonly of: string;
  readonly id: string;
  readonly doctorId: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/**
 * The overlaps of a patient's appointments with live ones at other doctors, as far as D1 has seen them. They are found
 * on reading and never stored, so that they are right again as soon as either appointment moves or ends.
 */
export const conflictsOf = (db: Database, ids: readonly string[], nowMs: number): Promise<Conflict[]> => {
  const other = alias(appointments, 'other');
  const live = (table: typeof appointments | typeof other): SQL | undefined =>
    and(
      sql`${table.seat} is not null`,
      or(eq(table.status, 'confirmed'), and(inArray(table.status, [...timed]), gt(table.expiresAtMs, nowMs))),
    );
  return db
    .select({
      of: appointments.id,
      id: other.id,
      doctorId: other.doctorId,
      startsAtMs: other.startsAtMs,
      endsAtMs: other.endsAtMs,
    })
    .from(appointments)
    .innerJoin(
      other,
      and(
        eq(other.patientId, appointments.patientId),
        ne(other.doctorId, appointments.doctorId),
        sql`${other.startsAtMs} < ${appointments.endsAtMs}`,
        sql`${other.endsAtMs} > ${appointments.startsAtMs}`,
        live(other),
      ),
    )
    .where(and(sql`${appointments.id} in (select value from json_each(${JSON.stringify(ids)}))`, live(appointments)))
    .orderBy(asc(other.startsAtMs));
};

const timed = ['pending', 'awaiting_approval'] as const;

const runOut = (nowMs: number): SQL =>
  and(inArray(appointments.status, [...timed]), lte(appointments.expiresAtMs, nowMs)) as SQL;

/** A hold whose time is up counts as expired even before its doctor-day has written that down. */
const statusIs = (status: Status, nowMs: number): SQL | undefined => {
  const stored = eq(appointments.status, status);
  if (status === 'expired') return or(stored, runOut(nowMs));
  return timed.some((one) => one === status) ? and(stored, not(runOut(nowMs))) : stored;
};

/** Local dates, with bounds on the instant so that an index by start serves them: zones reach from -12 to +14 hours. */
const within = ({ from, to }: Filter): SQL | undefined => {
  const hourMs = 3_600_000;
  const midnightMs = (date: LocalDate): number => Date.parse(`${date}T00:00:00Z`);
  return and(
    from && and(gte(appointments.date, from), gte(appointments.startsAtMs, midnightMs(from) - 14 * hourMs)),
    to && and(lte(appointments.date, to), lte(appointments.startsAtMs, midnightMs(addDays(to, 1)) + 12 * hourMs)),
  );
};

const viewOf = (row: Row, nowMs: number): AppointmentView => {
  const { feeMinor, currency, date, status, seat, ...same } = row;
  return asOf(
    {
      ...same,
      seat: seat ?? 0,
      status: status as Status,
      date: date as LocalDate,
      fee: { amount: feeMinor, currency },
    },
    nowMs,
  );
};
