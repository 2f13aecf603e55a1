import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { clinicResources, clinics } from '../../db/schema.ts';
import type { ClinicResource } from '../../domain/resources.ts';

/** A row of `clinic_resources`. */
export type Resource = typeof clinicResources.$inferSelect;

/** The rooms and devices of a clinic that are given to appointments. */
export const activeResources = (db: Database, clinicId: string): Promise<ClinicResource[]> =>
  db
    .select({ id: clinicResources.id, kind: clinicResources.kind, name: clinicResources.name })
    .from(clinicResources)
    .where(and(eq(clinicResources.clinicId, clinicId), eq(clinicResources.active, true)));

/** Rooms and devices by kind and name; one more than `limit` when there are more. `null`: no such clinic. */
export const resourcePage = async (
  db: Database,
  clinicId: string,
  after: { readonly kind: string; readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<Resource[] | null> => {
  const { kind, name, id } = clinicResources;
  const [clinic, rows] = await db.batch([
    db.select({ id: clinics.id }).from(clinics).where(eq(clinics.id, clinicId)),
    db
      .select()
      .from(clinicResources)
      .where(
        and(
          eq(clinicResources.clinicId, clinicId),
          after === null ? undefined : sql`(${kind}, ${name}, ${id}) > (${after.kind}, ${after.name}, ${after.id})`,
        ),
      )
      .orderBy(kind, name, id)
      .limit(limit + 1),
  ]);
  return clinic.length === 0 ? null : rows;
};

/** A room or device of a clinic; `null` when there is none. */
export const resourceOf = async (db: Database, clinicId: string, id: string): Promise<Resource | null> => {
  const [row] = await db
    .select()
    .from(clinicResources)
    .where(and(eq(clinicResources.id, id), eq(clinicResources.clinicId, clinicId)));
  return row ?? null;
};
