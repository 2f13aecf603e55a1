import { asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { doctors, specializations, specializationTerms } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { foldedName, searchTerms } from '../../domain/search-terms.ts';
import { auditStatement } from '../audit/record.ts';
import type { NewSpecialization } from './schema.ts';

/** A row of `specializations`. */
export type Specialization = typeof specializations.$inferSelect;

/** More than there are fields of medicine. */
const maxSpecializations = 500;
const maxWords = 8;

/** Specializations by name; with words, those that every word begins a word of: of the name, or of a synonym. */
export const specializationsBy = (db: Database, q: string | undefined): Promise<Specialization[]> => {
  const words = searchTerms(q ?? '').slice(0, maxWords);
  const has = words.map(
    (word) => sql`exists (select 1 from specialization_terms t where t.name_lower = lower(${specializations.name})
      and t.term >= ${word} and t.term < ${`${word}\u{10FFFF}`})`,
  );
  return (
    db
      .select()
      .from(specializations)
      // The list is walked along its names, which is all of it: it is short, and cached.
      .where(sql.join([sql`${specializations.foldedName} > ''`, ...has], sql` and `))
      .orderBy(asc(specializations.foldedName))
      .limit(maxSpecializations)
  );
};

/** A specialization; `null` when there is none of this id. */
const specializationOf = async (db: Database, id: string): Promise<Specialization | null> =>
  (await db.select().from(specializations).where(eq(specializations.id, id)))[0] ?? null;

/** Adds one to the list. Refuses with `specialization_taken`, `too_many_items`. */
export const addSpecialization = async (
  db: Database,
  given: NewSpecialization,
  actor: Principal,
  nowMs: number,
): Promise<Result<Specialization, Refusal>> => {
  const id = `z_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;
  const row: Specialization = { id, ...columnsOf(given), createdAtMs: nowMs };
  return written(row, () =>
    db.batch([
      guard(db, sql`(select count(*) from specializations where folded_name > '') < ${maxSpecializations}`),
      db.insert(specializations).values(row),
      ...termStatements(db, row),
      specializationAudit(db, 'specialization.added', id, actor, nowMs),
    ]),
  );
};

/**
 * Changes name and synonyms. Doctors who have it are found by them in the same moment, and have the new name. Refuses
 * with `not_found`, `specialization_taken`.
 */
export const editSpecialization = async (
  db: Database,
  id: string,
  given: NewSpecialization,
  actor: Principal,
  nowMs: number,
): Promise<Result<Specialization, Refusal>> => {
  const before = await specializationOf(db, id);
  if (before === null) return refused(refusal('not_found'));
  const row: Specialization = { ...before, ...columnsOf(given) };
  const renamed = row.name !== before.name;
  return written(row, () =>
    db.batch([
      db.update(specializations).set(row).where(eq(specializations.id, id)),
      ...(renamed
        ? [
            withoutTerms(db, before.name),
            ...verifiedOrNot.map((kind) =>
              db
                .update(doctors)
                .set({ specialization: row.name, revision: sql`${doctors.revision} + 1` })
                .where(sql`${has(before.name)} and ${kind}`),
            ),
          ]
        : []),
      ...termStatements(db, row),
      specializationAudit(db, 'specialization.edited', id, actor, nowMs),
    ]),
  );
};

/** Takes one from the list. Refuses with `not_found`, and with `specialization_in_use` while a doctor has it. */
export const removeSpecialization = async (
  db: Database,
  id: string,
  actor: Principal,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const before = await specializationOf(db, id);
  if (before === null) return refused(refusal('not_found'));
  const unused = verifiedOrNot.map(
    (kind) => sql`not exists (select 1 from doctors where ${has(before.name)} and ${kind})`,
  );
  try {
    await db.batch([
      guard(db, sql.join(unused, sql` and `)),
      db.delete(specializations).where(eq(specializations.id, id)),
      withoutTerms(db, before.name),
      specializationAudit(db, 'specialization.removed', id, actor, nowMs),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('specialization_in_use'));
  }
  return ok(null);
};

const columnsOf = ({ name, synonyms }: NewSpecialization) => ({
  name,
  foldedName: foldedName(name),
  synonyms: Object.fromEntries(synonyms.map(({ language, words }) => [language, words])),
});

const has = (name: string): SQL => sql`lower(specialization) = lower(${name})`;

/** Each is an index of its own. */
const verifiedOrNot = [sql`verified_at_ms is not null`, sql`verified_at_ms is null`];

const written = async (
  row: Specialization,
  write: () => Promise<unknown>,
): Promise<Result<Specialization, Refusal>> => {
  try {
    await write();
  } catch (error) {
    if (guardFailed(error)) return refused(refusal('too_many_items', `At most ${maxSpecializations} specializations.`));
    if (violatedUnique(error) !== 'specializations.folded_name') throw error;
    return refused(refusal('specialization_taken'));
  }
  return ok(row);
};

/** What a specialization is found by: the words of its name and of its synonyms. */
const termStatements = (db: Database, { name, synonyms }: Specialization) => {
  const own = searchTerms(name);
  const terms = searchTerms(name, ...Object.values(synonyms).flat()).map((term) => [term, own.includes(term) ? 1 : 0]);
  return [
    withoutTerms(db, name),
    db.insert(specializationTerms).select(sql`select lower(${name}) as name_lower, value ->> 0 as term,
      value ->> 1 as is_name from json_each(${JSON.stringify(terms)})`),
  ];
};

const withoutTerms = (db: Database, name: string) =>
  db.delete(specializationTerms).where(eq(specializationTerms.nameLower, sql`lower(${name})`));

const specializationAudit = (
  db: Database,
  action: `specialization.${'added' | 'edited' | 'removed'}`,
  id: string,
  actor: Principal,
  atMs: number,
) => auditStatement(db, { stream: `account:${actor.id}`, actor, action, subjectId: id, data: {}, atMs });
