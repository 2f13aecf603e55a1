import { eq } from 'drizzle-orm';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { doctorClinics } from '../../db/schema.ts';
import { may } from '../../domain/access.ts';
import type { AppEnv } from '../../http/context.ts';

/** Whether the principal may read a doctor's schedule. Where the doctor works is looked up for whom it matters only. */
export const mayReadSchedule = async (c: Context<AppEnv>, doctorId: string): Promise<boolean> => {
  const principal = c.get('principal');
  if (may(principal, 'schedule.read', { doctorId })) return true;
  if (principal.clinicIds.length === 0) return false;
  const rows = await database(c.env.DB)
    .select({ clinicId: doctorClinics.clinicId })
    .from(doctorClinics)
    .where(eq(doctorClinics.doctorId, doctorId));
  return may(principal, 'schedule.read', { doctorId, clinicIds: rows.map(({ clinicId }) => clinicId) });
};
