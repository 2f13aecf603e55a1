import type { z } from '@hono/zod-openapi';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { clinicTermStatements, pathOf } from '../../db/clinic-listing.ts';
import { clinics, organizations } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { auditStatement } from '../audit/record.ts';
import type { ClinicEdit, clinicSchema, NewClinic } from './schema.ts';

/** A row of `clinics`. */
export type Clinic = typeof clinics.$inferSelect;

/** An id that nobody has: `c_…`. */
export const newId = (prefix: string): string => `${prefix}_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;

/** A clinic as the API shows it. */
export const clinicView = ({
  createdAtMs: _,
  latitude,
  longitude,
  ...clinic
}: Clinic): z.input<typeof clinicSchema> => ({
  ...clinic,
  position: latitude === null || longitude === null ? null : { latitude, longitude },
  openingHours: clinic.openingHours === null ? null : [...clinic.openingHours],
});

/** Creates a clinic. Refuses with `unknown_location`, `unknown_organization`. */
export const createClinic = async (
  db: Database,
  { position, ...given }: NewClinic,
  actor: Principal,
  nowMs: number,
): Promise<Result<Clinic, Refusal>> => {
  const clinic: Clinic = { id: newId('c'), ...given, ...columnsOf(position), createdAtMs: nowMs };
  const placed = await placeOf(db, clinic);
  if (!placed.ok) return placed;
  await db.batch([
    db.insert(clinics).values(clinic),
    ...clinicTermStatements(db, { ...clinic, path: placed.value }),
    clinicAudit(db, 'clinic.created', clinic.id, actor, { timeZone: clinic.timeZone }, nowMs),
  ]);
  return ok(clinic);
};

/**
 * Changes what the edit names; search finds the clinic's doctors by it in the same moment. Refuses with `not_found`,
 * `unknown_location`, `unknown_organization`.
 */
export const editClinic = async (
  db: Database,
  id: string,
  edit: ClinicEdit,
  actor: Principal,
  nowMs: number,
): Promise<Result<Clinic, Refusal>> => {
  const before = await clinicOf(db, id);
  if (before === null) return refused(refusal('not_found'));
  const { position, ...given } = edit;
  const columns = { ...given, ...(position === undefined ? {} : columnsOf(position)) };
  const clinic: Clinic = { ...before, ...columns };
  const placed = await placeOf(db, clinic);
  if (!placed.ok) return placed;
  const isFoundOtherwise = ['name', 'city', 'locationId'].some((field) => field in edit);
  await db.batch([
    db.update(clinics).set(columns).where(eq(clinics.id, id)),
    ...(isFoundOtherwise ? clinicTermStatements(db, { ...clinic, path: placed.value }) : []),
    clinicAudit(db, 'clinic.edited', id, actor, { fields: Object.keys(edit) }, nowMs),
  ]);
  return ok(clinic);
};

const columnsOf = (position: NewClinic['position']) => ({
  latitude: position?.latitude ?? null,
  longitude: position?.longitude ?? null,
});

/** The path of a clinic's location, once both that and the organization are known to exist. */
const placeOf = async (
  db: Database,
  { locationId, organizationId }: Clinic,
): Promise<Result<string | null, Refusal>> => {
  const path = locationId === null ? null : await pathOf(db, locationId);
  if (locationId !== null && path === null) return refused(refusal('unknown_location'));
  if (organizationId === null) return ok(path);
  const found = await db
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  return found.length === 0 ? refused(refusal('unknown_organization')) : ok(path);
};

const clinicAudit = (
  db: Database,
  action: 'clinic.created' | 'clinic.edited',
  id: string,
  actor: Principal,
  data: Record<string, unknown>,
  atMs: number,
) => auditStatement(db, { stream: `clinic:${id}`, actor, action, subjectId: id, data, atMs });

/** Clinics by name, of one organization or of all. Gives one row more than `limit` when there are more. */
export const clinicPage = (
  db: Database,
  organizationId: string | undefined,
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<Clinic[]> =>
  db
    .select()
    .from(clinics)
    .where(and(organizationId === undefined ? undefined : eq(clinics.organizationId, organizationId), beyond(after)))
    .orderBy(clinics.name, clinics.id)
    .limit(limit + 1);

const beyond = (after: { readonly name: string; readonly id: string } | null): SQL | undefined =>
  after === null ? undefined : sql`(${clinics.name}, ${clinics.id}) > (${after.name}, ${after.id})`;

/** A clinic by id; `null` when there is none. */
export const clinicOf = async (db: Database, id: string): Promise<Clinic | null> =>
  (await db.select().from(clinics).where(eq(clinics.id, id)).limit(1))[0] ?? null;
