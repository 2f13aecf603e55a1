import type { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { doctorClinics, doctors } from '../../db/schema.ts';
import { may, type Principal } from '../../domain/access.ts';
import { invariant } from '../../domain/result.ts';
import { listed } from './listing.ts';
import type { doctorProfileSchema } from './schema.ts';

/** A row of `doctors`. */
export type DoctorRow = typeof doctors.$inferSelect;

/** A doctor's row and clinics; `null` when there is no such doctor. */
export const doctorOf = async (
  db: Database,
  id: string,
): Promise<{ readonly row: DoctorRow; readonly clinicIds: readonly string[] } | null> => {
  const [[row], links] = await db.batch([
    db.select().from(doctors).where(eq(doctors.id, id)),
    db.select({ clinicId: doctorClinics.clinicId }).from(doctorClinics).where(eq(doctorClinics.doctorId, id)),
  ]);
  return row === undefined ? null : { row, clinicIds: links.map((link) => link.clinicId) };
};

/**
 * A doctor's profile as somebody may see it; `null` when there is none, or when it is not verified and the viewer is
 * neither the doctor nor an admin.
 */
export const profileOf = async (
  db: Database,
  id: string,
  viewer: Principal | null,
  nowMs: number,
): Promise<z.input<typeof doctorProfileSchema> | null> => {
  const [row] = await db.select().from(doctors).where(eq(doctors.id, id));
  if (row === undefined) return null;
  const knows = viewer !== null && may(viewer, 'doctor.edit', { doctorId: id });
  return row.verifiedAtMs === null && !knows ? null : profileView(db, row, nowMs);
};

/** A doctor's profile, from its row. */
export const profileView = async (
  db: Database,
  row: DoctorRow,
  nowMs: number,
): Promise<z.input<typeof doctorProfileSchema>> => {
  const [item] = await listed(db, [row], nowMs);
  invariant(item !== undefined, 'a listed row is an item');
  return {
    ...item,
    licenseNumber: row.licenseNumber,
    bio: row.bio,
    verified: row.verifiedAtMs !== null,
    approvalRequired: row.approvalRequired,
    videoFee: { amount: row.videoFeeMinor ?? row.feeMinor, currency: row.currency },
    paymentRequired: row.paymentRequired,
    minimumNoticeMinutes: row.minimumNoticeMinutes,
    bookingWindowDays: row.bookingWindowDays,
  };
};
