import type { z } from '@hono/zod-openapi';
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { idsIn } from '../../db/clinic-listing.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { locations } from '../../db/schema.ts';
import { foldedName } from '../../domain/search-terms.ts';
import type { locationSchema } from './schema.ts';

type Row = typeof locations.$inferSelect;

/** Names looked at for one search: nobody leafs through more of what begins alike. */
const namesAtMost = 500;

/** Countries, or what lies in a place, by name. Gives one row more than `limit` when there are more. */
export const placesIn = (
  db: Database,
  parent: string | undefined,
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<Row[]> =>
  db
    .select()
    .from(locations)
    .where(and(parent === undefined ? sql`${locations.level} = 0` : eq(locations.parentId, parent), beyond(after)))
    .orderBy(locations.foldedName, locations.id)
    .limit(limit + 1);

const beyond = (after: { readonly name: string; readonly id: string } | null): SQL | undefined =>
  after === null ? undefined : sql`(${locations.foldedName}, ${locations.id}) > (${after.name}, ${after.id})`;

/** The places that one of whose names begins so, those of the higher levels first. */
export const placesNamed = async (
  db: Database,
  q: string,
  level: number | undefined,
  limit: number,
): Promise<Row[]> => {
  const folded = foldedName(q);
  if (folded === '') return [];
  // No character sorts after the last of Unicode: the range is the names that begin so.
  const ids = sql`select location_id from location_names
    where folded >= ${folded} and folded < ${`${folded}\u{10FFFF}`} order by folded limit ${namesAtMost}`;
  return db
    .select()
    .from(locations)
    .where(and(inArray(locations.id, sql`(${ids})`), level === undefined ? undefined : eq(sql`+level`, level)))
    .orderBy(locations.level, locations.foldedName, locations.id)
    .limit(limit);
};

/** A place; `null` when there is none of this id. */
export const placeOf = async (db: Database, id: string): Promise<Row | null> =>
  (await db.select().from(locations).where(eq(locations.id, id)))[0] ?? null;

/** Places as the API shows them, each with what it lies in. One query. */
export const placeViews = async (db: Database, rows: readonly Row[]): Promise<z.input<typeof locationSchema>[]> => {
  const above = new Set(rows.flatMap(({ path }) => idsIn(path).slice(0, -1)));
  const { id, name, localName } = locations;
  const found =
    above.size === 0
      ? []
      : await db
          .select({ id, name, localName })
          .from(locations)
          .where(inArray(locations.id, listOf([...above])));
  const names = new Map(found.map((row) => [row.id, row]));
  return rows.map(({ path, foldedName: _, ...row }) => ({
    ...row,
    within: idsIn(path)
      .slice(0, -1)
      .flatMap((aboveId) => names.get(aboveId) ?? []),
  }));
};
