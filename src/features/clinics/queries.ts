import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { clinics } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { auditStatement } from '../audit/record.ts';

/** A row of `clinics`. */
export type Clinic = typeof clinics.$inferSelect;

/** Creates a clinic. */
export const createClinic = async (
  db: Database,
  given: Omit<Clinic, 'id' | 'createdAtMs'>,
  actor: Principal,
  nowMs: number,
): Promise<Clinic> => {
  const clinic: Clinic = {
    id: `c_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`,
    ...given,
    createdAtMs: nowMs,
  };
  await db.batch([
    db.insert(clinics).values(clinic),
    auditStatement(db, {
      stream: `clinic:${clinic.id}`,
      actor,
      action: 'clinic.created',
      subjectId: clinic.id,
      data: { timeZone: clinic.timeZone },
      atMs: nowMs,
    }),
  ]);
  return clinic;
};

/** Changes where answers to a clinic's mail go; `null` when there is no such clinic. */
export const editClinic = async (
  db: Database,
  id: string,
  change: Pick<Clinic, 'email'>,
  actor: Principal,
  nowMs: number,
): Promise<Clinic | null> => {
  const clinic = await clinicOf(db, id);
  if (clinic === null) return null;
  await db.batch([
    db.update(clinics).set(change).where(eq(clinics.id, id)),
    auditStatement(db, {
      stream: `clinic:${id}`,
      actor,
      action: 'clinic.edited',
      subjectId: id,
      data: { fields: ['email'] },
      atMs: nowMs,
    }),
  ]);
  return { ...clinic, ...change };
};

/** Clinics by name. Gives one row more than `limit` when there are more. */
export const clinicPage = (
  db: Database,
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<Clinic[]> =>
  db
    .select()
    .from(clinics)
    .where(after === null ? undefined : sql`(${clinics.name}, ${clinics.id}) > (${after.name}, ${after.id})`)
    .orderBy(clinics.name, clinics.id)
    .limit(limit + 1);

/** A clinic by id; `null` when there is none. */
export const clinicOf = async (db: Database, id: string): Promise<Clinic | null> =>
  (await db.select().from(clinics).where(eq(clinics.id, id)).limit(1))[0] ?? null;
