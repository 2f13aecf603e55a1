import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { clinics, organizations } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { auditStatement } from '../audit/record.ts';
import { type Clinic, newId } from './queries.ts';

/** A row of `organizations`. */
export type Organization = typeof organizations.$inferSelect;

/** Clinics of an organization that are shown with it; `GET /clinics?organizationId=` shows all. */
const clinicsShown = 100;

/** Creates an organization. */
export const createOrganization = async (
  db: Database,
  name: string,
  actor: Principal,
  nowMs: number,
): Promise<Organization> => {
  const organization = { id: newId('o'), name, createdAtMs: nowMs };
  await db.batch([
    db.insert(organizations).values(organization),
    organizationAudit(db, 'organization.created', organization.id, actor, nowMs),
  ]);
  return organization;
};

/** Gives an organization another name; `null` when there is none of this id. */
export const renameOrganization = async (
  db: Database,
  id: string,
  name: string,
  actor: Principal,
  nowMs: number,
): Promise<Organization | null> => {
  const [before] = await db.select().from(organizations).where(eq(organizations.id, id));
  if (before === undefined) return null;
  await db.batch([
    db.update(organizations).set({ name }).where(eq(organizations.id, id)),
    organizationAudit(db, 'organization.edited', id, actor, nowMs),
  ]);
  return { ...before, name };
};

const organizationAudit = (
  db: Database,
  action: 'organization.created' | 'organization.edited',
  id: string,
  actor: Principal,
  atMs: number,
) => auditStatement(db, { stream: `clinic:${id}`, actor, action, subjectId: id, data: {}, atMs });

/** An organization with its places; `null` when there is none of this id. */
export const organizationOf = async (
  db: Database,
  id: string,
): Promise<{ readonly organization: Organization; readonly clinics: readonly Clinic[] } | null> => {
  const [[organization], places] = await db.batch([
    db.select().from(organizations).where(eq(organizations.id, id)),
    db
      .select()
      .from(clinics)
      .where(eq(clinics.organizationId, id))
      .orderBy(clinics.name, clinics.id)
      .limit(clinicsShown),
  ]);
  return organization === undefined ? null : { organization, clinics: places };
};

/** Organizations by name. Gives one row more than `limit` when there are more. */
export const organizationPage = (
  db: Database,
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<Organization[]> =>
  db
    .select()
    .from(organizations)
    .where(
      after === null ? undefined : sql`(${organizations.name}, ${organizations.id}) > (${after.name}, ${after.id})`,
    )
    .orderBy(organizations.name, organizations.id)
    .limit(limit + 1);
