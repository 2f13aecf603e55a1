import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { clinics, doctors } from '../../db/schema.ts';
import { ratingStars } from '../../domain/rating.ts';

/** A doctor's rating now, in stars; `null` without reviews. */
export const ratingOf = async (db: Database, doctorId: string): Promise<number | null> => {
  const [row] = await db.select({ milli: doctors.ratingBayesMilli }).from(doctors).where(eq(doctors.id, doctorId));
  return ratingStars(row?.milli ?? null);
};

/** Whether there is such a clinic. */
export const clinicExists = async (db: Database, id: string): Promise<boolean> =>
  (await db.select({ id: clinics.id }).from(clinics).where(eq(clinics.id, id))).length > 0;
