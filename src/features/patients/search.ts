import type { z } from '@hono/zod-openapi';
import { and, asc, type Column, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, dependants } from '../../db/schema.ts';
import type { foundPatientSchema, patientSearchSchema } from './schema.ts';

/** The most that one search shows. */
const maxFound = 20;
/** People of a name who are looked at; who has more than so many namesakes is found by more of the name. */
const maxLookedAt = 200;
/** Words of a name that are compared, the longest. */
const maxWords = 6;

type Found = z.input<typeof foundPatientSchema>;
type Search = z.output<typeof patientSearchSchema>;

/**
 * Patients whom the front desk looks for: by words of the name, those of an address or number with their dependants;
 * never more than 20. Addresses and numbers come masked.
 */
export const findPatients = async (db: Database, search: Search): Promise<Found[]> => {
  const [people, children] = await db.batch([
    db
      .select({ id: accounts.id, fullName: accounts.fullName, email: accounts.email, phone: accounts.phone })
      .from(accounts)
      // The plus keeps the index of roles out of it: few have the name, and many the role.
      .where(and(sql`+${accounts.role} = 'patient'`, isNull(accounts.deactivatedAtMs), ownerIs(search, accounts.id)))
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
      .where(and(isNull(dependants.removedAtMs), isNull(accounts.deactivatedAtMs), ownerIs(search, dependants.id)))
      .orderBy(asc(dependants.fullName), asc(dependants.id))
      .limit(maxFound),
  ]);
  const alone = people.map((row) => ({ ...row, birthDate: null, guardianId: null, guardianName: null }));
  const found = [...alone, ...children].slice(0, maxFound);
  return found.map((row) => ({ ...row, email: maskedEmail(row.email), phone: row.phone && maskedPhone(row.phone) }));
};
const ownerIs = ({ email, phone, name }: Search, id: Column): SQL => {
  if (email !== undefined) return eq(accounts.email, email);
  return phone !== undefined ? eq(accounts.phone, phone) : sql`${id} in (${named(name ?? '')})`;
};

/**
 * Ids of people in whose name each of some words begins a word, in any order. The longest is looked up along its index,
 * and of a name that very many have, the first are enough.
 */
const named = (name: string): SQL => {
  const words = name.split(/[\s-]+/).filter((word) => word !== '');
  const [longest = '', ...others] = words.toSorted((a, b) => b.length - a.length).slice(0, maxWords);
  const alsoNamed = others.map(
    (word) =>
      sql` and exists (select 1 from name_words o where o.person_id = w.person_id and ${begins(sql`o.word`, word)})`,
  );
  return sql`select w.person_id from name_words w where ${begins(sql`w.word`, longest)}${sql.join(alsoNamed)} limit ${maxLookedAt}`;
};

// A range and not LIKE, so that the index serves and a wildcard is a character like others.
const begins = (column: SQL, word: string): SQL =>
  sql`${column} >= lower(${word}) and ${column} < lower(${word}) || ${'\u{10ffff}'}`;

const maskedEmail = (email: string): string => `${email.slice(0, 1)}***${email.slice(email.indexOf('@'))}`;
const maskedPhone = (phone: string): string => `***${phone.slice(-3)}`;
