import { eq } from 'drizzle-orm';
import type { Context } from 'hono';
import { type Database, database } from '../../db/client.ts';
import { appointments, doctorClinics } from '../../db/schema.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import { type Action, may } from '../../domain/access.ts';
import type { Status } from '../../domain/doctor-day/appointment.ts';
import type { AppointmentView } from '../../domain/doctor-day/view.ts';
import type { LocalDate } from '../../domain/local-date.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';

/** What of an appointment its visit goes by. */
export type VisitedAppointment = Pick<
  AppointmentView,
  'id' | 'doctorId' | 'patientId' | 'clinicId' | 'date' | 'startsAtMs' | 'endsAtMs' | 'timeZone' | 'status' | 'mode'
>;

/**
 * An appointment that the principal may do something with: as its own day has it, or, once that is history, as D1 does.
 * Refuses with `not_found` for every other.
 */
export const visitOf = async (
  c: Context<AppEnv>,
  id: string,
  action: Action,
): Promise<Result<VisitedAppointment, Refusal>> => {
  const found = (await doctorDays(c.env).get(id)) ?? (await inHistory(database(c.env.DB), id));
  if (!found.ok) return found;
  return may(c.get('principal'), action, found.value) ? found : refused(refusal('not_found'));
};

const inHistory = async (db: Database, id: string): Promise<Result<VisitedAppointment, Refusal>> => {
  const [row] = await db.select().from(appointments).where(eq(appointments.id, id));
  if (row === undefined) return refused(refusal('not_found'));
  return ok({ ...row, status: row.status as Status, date: row.date as LocalDate });
};

/** One that is going to take place; refuses also with `invalid_transition`. */
export const confirmedVisit = async (
  c: Context<AppEnv>,
  id: string,
  action: Action,
): Promise<Result<VisitedAppointment, Refusal>> => {
  const found = await visitOf(c, id, action);
  if (!found.ok || found.value.status === 'confirmed') return found;
  return refused(refusal('invalid_transition', `The appointment is ${found.value.status}.`));
};

/** Whether the principal may do something with a doctor's day. Where the doctor works is looked up for staff only. */
export const mayAtDoctor = async (
  c: Context<AppEnv>,
  doctorId: string,
  action: Action,
): Promise<Result<null, Refusal>> => {
  const principal = c.get('principal');
  const db = database(c.env.DB);
  const clinicIds =
    principal.clinicIds.length === 0
      ? []
      : await db
          .select({ clinicId: doctorClinics.clinicId })
          .from(doctorClinics)
          .where(eq(doctorClinics.doctorId, doctorId));
  const allowed = may(principal, action, { doctorId, clinicIds: clinicIds.map(({ clinicId }) => clinicId) });
  return allowed ? ok(null) : refused(refusal('not_found'));
};
