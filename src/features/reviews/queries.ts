import { and, desc, eq, getTableColumns, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, appointments, doctors, reviews } from '../../db/schema.ts';

/** A review with the name of the account that wrote it. */
export type ReviewRow = typeof reviews.$inferSelect & { readonly authorName: string | null };

/** What is known of a visit that may be reviewed. */
export type Visit = typeof appointments.$inferSelect;

/** How a list is ordered, and where a page of it begins. */
export type ReviewOrder =
  | { readonly sort: 'newest'; readonly after: { readonly number: number } | null }
  | { readonly sort: 'highest'; readonly after: { readonly most: number; readonly number: number } | null }
  | { readonly sort: 'lowest'; readonly after: { readonly least: number; readonly number: number } | null };

const columns = { ...getTableColumns(reviews), authorName: accounts.fullName };
const withAuthors = (db: Database) =>
  db.select(columns).from(reviews).leftJoin(accounts, eq(accounts.id, reviews.authorId));

/** A visit as D1 shows it; `null` when there is none. */
export const visitOf = async (db: Database, appointmentId: string): Promise<Visit | null> =>
  (await db.select().from(appointments).where(eq(appointments.id, appointmentId)))[0] ?? null;

/** The review of a visit, withdrawn or not; `null` when there is none. */
export const reviewOf = async (db: Database, appointmentId: string): Promise<ReviewRow | null> =>
  (await withAuthors(db).where(eq(reviews.appointmentId, appointmentId)))[0] ?? null;

/** A review by its id, unless it was withdrawn. */
export const reviewById = async (db: Database, id: string): Promise<ReviewRow | null> =>
  (await withAuthors(db).where(and(eq(reviews.id, id), isNull(reviews.withdrawnAtMs))))[0] ?? null;

/** Whether somebody is a doctor whom the public knows. */
export const isPublicDoctor = async (db: Database, id: string): Promise<boolean> => {
  const verified = and(eq(doctors.id, id), isNotNull(doctors.verifiedAtMs));
  return (await db.select({ id: doctors.id }).from(doctors).where(verified)).length > 0;
};

const shownOf = (doctorId: string, beyond: SQL | undefined): SQL | undefined =>
  and(eq(reviews.doctorId, doctorId), isNull(reviews.hiddenAtMs), isNull(reviews.withdrawnAtMs), beyond);

/** A page of a doctor's reviews that are shown: one more than `limit` when there are more. */
export const reviewsOf = (db: Database, doctorId: string, order: ReviewOrder, limit: number): Promise<ReviewRow[]> => {
  const page = (beyond: SQL | undefined, ...by: SQL[]) =>
    withAuthors(db)
      .where(shownOf(doctorId, beyond))
      .orderBy(...by, desc(reviews.number))
      .limit(limit + 1);
  const { sort, after } = order;
  switch (sort) {
    case 'newest':
      return page(after === null ? undefined : sql`${reviews.number} < ${after.number}`);
    case 'highest':
      return page(
        after === null ? undefined : sql`(${reviews.stars}, ${reviews.number}) < (${after.most}, ${after.number})`,
        desc(reviews.stars),
      );
    case 'lowest':
      return lowest(db, doctorId, after, limit);
  }
};

/** Stars rise while numbers fall, so no index has this order whole: each count of stars is walked by itself. */
const lowest = async (
  db: Database,
  doctorId: string,
  after: { readonly least: number; readonly number: number } | null,
  limit: number,
): Promise<ReviewRow[]> => {
  const found: ReviewRow[] = [];
  for (let stars = after?.least ?? 1; stars <= 5 && found.length <= limit; stars += 1) {
    const goesOn = after !== null && stars === after.least;
    const rows = await withAuthors(db)
      .where(
        shownOf(doctorId, and(eq(reviews.stars, stars), goesOn ? sql`${reviews.number} < ${after.number}` : undefined)),
      )
      .orderBy(desc(reviews.number))
      .limit(limit + 1 - found.length);
    found.push(...rows);
  }
  return found;
};

/** Reviews for admins, newest first, without those that were withdrawn: one more than `limit` when there are more. */
export const reviewsToModerate = (
  db: Database,
  onlyHidden: boolean,
  after: { readonly createdAtMs: number; readonly id: string } | null,
  limit: number,
): Promise<ReviewRow[]> =>
  withAuthors(db)
    .where(
      and(
        isNull(reviews.withdrawnAtMs),
        onlyHidden ? isNotNull(reviews.hiddenAtMs) : undefined,
        after === null ? undefined : sql`(${reviews.createdAtMs}, ${reviews.id}) < (${after.createdAtMs}, ${after.id})`,
      ),
    )
    .orderBy(desc(reviews.createdAtMs), desc(reviews.id))
    .limit(limit + 1);
