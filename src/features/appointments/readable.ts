import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import { may } from '../../domain/access.ts';
import type { AppointmentView } from '../../domain/doctor-day/view.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { openedToReader } from './opened.ts';
import { findAppointment } from './queries.ts';

/** An appointment, strong while its day lives, from D1 once the day is history. Refuses with `not_found`. */
export const find = async (c: Context<AppEnv>, id: string): Promise<Result<AppointmentView, Refusal>> => {
  const live = await doctorDays(c.env).get(id);
  if (live !== null) return live;
  const history = await findAppointment(database(c.env.DB), id, Date.now());
  return history === null ? refused(refusal('not_found')) : ok(history);
};

/** What a principal may read, and by which right. */
export interface Readable {
  readonly view: AppointmentView;
  /** The principal, if the record is open to them because they broke the glass. */
  readonly openedTo: readonly string[];
}

/** An appointment that the principal may read; that it is read is recorded. Refuses with `not_found`. */
export const readable = async (c: Context<AppEnv>, id: string): Promise<Result<Readable, Refusal>> => {
  const principal = c.get('principal');
  const found = await find(c, id);
  if (!found.ok) return found;
  const view = found.value;
  const own = may(principal, 'appointment.read', view);
  const openedTo = own ? [] : await openedToReader(c, view.patientId);
  if (!may(principal, 'appointment.read', { ...view, openedTo })) return refused(refusal('not_found'));
  await auditRead(c, {
    action: 'appointment.read',
    patientIds: [view.patientId],
    subjectId: id,
    clinicId: principal.role === 'staff' ? view.clinicId : null,
    why: own ? reasonOf(principal.role) : 'break_glass',
  });
  return ok({ view, openedTo });
};
