import type { z } from '@hono/zod-openapi';
import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, dependants } from '../../db/schema.ts';
import type { foundPatientSchema, patientSearchSchema } from './schema.ts';

/** The most that one search shows. */
const maxFound = 20;

type Found = z.input<typeof foundPatientSchema>;
type Search = z.output<typeof patientSearchSchema>;

/**
 * Patients whom the front desk looks for, by name, those of an address or number with their dependants: never more than
 * 20. Addresses and numbers come masked.
 */
export const findPatients = async (db: Database, search: Search): Promise<Found[]> => {
  const [people, children] = await db.batch([
    db
      .select({ id: accounts.id, fullName: accounts.fullName, email: accounts.email, phone: accounts.phone })
      .from(accounts)
      // Spelt out and not bound, so that the index of patients serves.
      .where(
        and(sql`${accounts.role} = 'patient'`, isNull(accounts.deactivatedAtMs), ownerIs(search, byName(accounts))),
      )
      .orderBy(asc(accounts.fullName), asc(accounts.id))
      .limit(maxFound),
    db
      .select({
        id: dependants.id,
        fullName: dependants.fullName,
        birthDate: dependants.birthDate,
        guardianId: dependants.guardianId,
        // A batch names what it gives: two columns of one name would be one.
        guardianName: sql<string>`${accounts.fullName}`.as('guardian_name'),
        email: accounts.email,
        phone: accounts.phone,
      })
      .from(dependants)
      .innerJoin(accounts, eq(accounts.id, dependants.guardianId))
      .where(and(isNull(dependants.removedAtMs), isNull(accounts.deactivatedAtMs), ownerIs(search, byName(dependants))))
      .orderBy(asc(dependants.fullName), asc(dependants.id))
      .limit(maxFound),
  ]);
  const alone = people.map((row) => ({ ...row, birthDate: null, guardianId: null, guardianName: null }));
  const found = [...alone, ...children].slice(0, maxFound);
  return found.map((row) => ({ ...row, email: maskedEmail(row.email), phone: row.phone && maskedPhone(row.phone) }));
};

const byName =
  ({ fullName }: typeof accounts | typeof dependants) =>
  (name: string): SQL =>
    // A range and not LIKE, so that the index serves and a wildcard is a character like others.
    sql`${fullName} collate nocase >= ${name} and ${fullName} collate nocase < ${`${name}\u{10ffff}`}`;

const ownerIs = (search: Search, named: (name: string) => SQL): SQL => {
  const { email, phone, name } = search;
  if (email !== undefined) return eq(accounts.email, email);
  return phone !== undefined ? eq(accounts.phone, phone) : named(name ?? '');
};

const maskedEmail = (email: string): string => `${email.slice(0, 1)}***${email.slice(email.indexOf('@'))}`;
const maskedPhone = (phone: string): string => `***${phone.slice(-3)}`;
