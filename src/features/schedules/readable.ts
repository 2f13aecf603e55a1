import { eq } from 'drizzle-orm';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { doctorClinics } from '../../db/schema.ts';
import { type Action, may } from '../../domain/access.ts';
import type { AppEnv } from '../../http/context.ts';

/** Whether the principal may read a doctor's schedule. */
export const mayReadSchedule = (c: Context<AppEnv>, doctorId: string): Promise<boolean> =>
  mayDoFor(c, doctorId, 'schedule.read');

/** Whether the principal may do something for a doctor. Where the doctor works is looked up for whom it matters only. */
export const mayDoFor = async (c: Context<AppEnv>, doctorId: string, action: Action): Promise<boolean> => {
  const principal = c.get('principal');
  if (may(principal, action, { doctorId })) return true;
  if (principal.clinicIds.length === 0) return false;
  const rows = await database(c.env.DB)
    .select({ clinicId: doctorClinics.clinicId })
    .from(doctorClinics)
    .where(eq(doctorClinics.doctorId, doctorId));
  return may(principal, action, { doctorId, clinicIds: rows.map(({ clinicId }) => clinicId) });
};
