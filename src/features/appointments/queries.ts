import { and, asc, eq, gt, inArray, ne, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Database } from '../../db/client.ts';
import { appointments, attendances, doctors } from '../../db/schema.ts';
import type { Status } from '../../domain/doctor-day/appointment.ts';
import type { Reservation } from '../../domain/doctor-day/reservation.ts';
import { asOf } from '../../domain/doctor-day/status.ts';
import type { AppointmentView } from '../../domain/doctor-day/view.ts';
import type { LocalDate } from '../../domain/local-date.ts';

type Row = typeof appointments.$inferSelect;

/** An appointment as D1 has it: for days whose object has deleted its storage. */
export const findAppointment = async (db: Database, id: string, nowMs: number): Promise<AppointmentView | null> => {
  const row = await db.query.appointments.findFirst({ where: eq(appointments.id, id) });
  return row === undefined ? null : viewOf(row, nowMs);
};

/** Whether an account is a doctor's, verified or not. */
export const isDoctor = async (db: Database, id: string): Promise<boolean> =>
  (await db.select({ id: doctors.id }).from(doctors).where(eq(doctors.id, id))).length > 0;

/** Who answered the invitation to an appointment at this time that they will come: one row, or none. */
export const attendanceRows = (db: Database, id: string, startsAtMs: number) =>
  db
    .select()
    .from(attendances)
    .where(and(eq(attendances.appointmentId, id), eq(attendances.startsAtMs, startsAtMs)));

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
export const conflictRows = (db: Database, ids: readonly string[], nowMs: number) => {
  const other = alias(appointments, 'other');
  const live = (table: typeof appointments | typeof other): SQL | undefined =>
    and(
      sql`${table.seat} is not null`,
      or(eq(table.status, 'confirmed'), and(inArray(table.status, [...timed]), gt(table.expiresAtMs, nowMs))),
    );
  return db
    .select({
      // In a batch D1 answers columns by their names, and two are called `id`.
      of: sql<string>`${appointments.id}`.as('of_id'),
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

/** An appointment as a row of D1 shows it at `nowMs`. */
export const viewOf = (row: Row, nowMs: number): AppointmentView => {
  const { feeMinor, currency, date, status, seat, paymentId, paidMinor, paidCurrency, paidAtMs, reservation, ...same } =
    row;
  return asOf(
    {
      ...same,
      seat: seat ?? 0,
      status: status as Status,
      date: date as LocalDate,
      fee: { amount: feeMinor, currency },
      reservation: reservation === null ? null : (JSON.parse(reservation) as Reservation),
      payment:
        paymentId === null
          ? null
          : { id: paymentId, amountMinor: paidMinor ?? 0, currency: paidCurrency ?? currency, atMs: paidAtMs ?? 0 },
    },
    nowMs,
  );
};
