import { type SQL, sql } from 'drizzle-orm';
import type { Facet } from './facets.ts';

/** Where somebody looks for doctors: degrees, rounded to about a kilometre. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Kilometres of a degree of latitude. */
const kmOfDegree = 111.195;
/** What distances squared are kept in, so that an order by them has whole numbers. */
const unitsOfSquareDegree = 1e10;

/** How far a clinic `c` is: squared, in units of 10⁻¹⁰ square degrees. Flat, which is good for a city or a country. */
const squareTo = ({ latitude, longitude }: Place): SQL => {
  const east = sql`(c.longitude - ${longitude}) * ${Math.cos((latitude * Math.PI) / 180)}`;
  const north = sql`(c.latitude - ${latitude})`;
  return sql`cast((${north} * ${north} + ${east} * ${east}) * ${unitsOfSquareDegree} as integer)`;
};

const squareOfKm = (km: number): number => Math.round((km / kmOfDegree) ** 2 * unitsOfSquareDegree);

/** Kilometres, to the tenth, of a distance as {@link distanceKey} gives it. */
export const kmOf = (square: number): number =>
  Math.round(Math.sqrt(square / unitsOfSquareDegree) * kmOfDegree * 10) / 10;

/** Clinics within so many kilometres: those of a box along its index, and of these the ones within the circle. */
const within = (place: Place, km: number): SQL => {
  const north = km / kmOfDegree;
  const east = north / Math.max(0.01, Math.cos((place.latitude * Math.PI) / 180));
  return sql`c.latitude between ${place.latitude - north} and ${place.latitude + north}
    and c.longitude between ${place.longitude - east} and ${place.longitude + east}
    and ${squareTo(place)} <= ${squareOfKm(km)}`;
};

/** Doctors with a clinic within so many kilometres. */
export const nearFacet = (place: Place, km: number): Facet => ({
  members: sql`select dc.doctor_id from clinics c indexed by clinics_by_position cross join doctor_clinics dc on dc.clinic_id = c.id
    where c.latitude is not null and ${within(place, km)}`,
  holds: sql`exists (select 1 from doctor_clinics dc cross join clinics c on c.id = dc.clinic_id
    where dc.doctor_id = d.id and ${within(place, km)})`,
});

/** How far the nearest clinic of a doctor `d` is, squared; no value where none has a position. */
export const distanceKey = (place: Place): SQL => sql`(select min(${squareTo(place)})
  from doctor_clinics dc cross join clinics c on c.id = dc.clinic_id where dc.doctor_id = d.id and c.latitude is not null)`;

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500] as const;

/** The circles, in km, that are looked into one after the other until a page is full. */
export const circles = (mostKm: number, after: number | null): number[] => [
  ...steps.filter((km) => km < mostKm && (after === null || squareOfKm(km) > after)),
  mostKm,
];

/** A page of doctors round a place, nearest first: all those within the circle, of whom the page is cut. */
export const nearestStatement = (
  place: Place,
  km: number,
  {
    columns,
    conditions,
    after,
    limit,
  }: {
    readonly columns: SQL;
    readonly conditions: readonly SQL[];
    readonly after: { readonly key: string | number; readonly id: string } | null;
    readonly limit: number;
  },
): SQL => sql`with candidates as materialized (
    select ${columns}, min(${squareTo(place)}) as "sortKey"
    from clinics c indexed by clinics_by_position cross join doctor_clinics dc on dc.clinic_id = c.id
      cross join doctors d on d.id = dc.doctor_id
    where c.latitude is not null and ${within(place, km)} and ${sql.join([...conditions], sql` and `)}
    group by d.id)
  select * from candidates ${after === null ? sql`` : sql`where ("sortKey", id) > (${after.key}, ${after.id})`}
  order by "sortKey", id limit ${limit + 1}`;
