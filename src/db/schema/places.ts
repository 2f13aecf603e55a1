import { sql } from 'drizzle-orm';
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
} from 'drizzle-orm/sqlite-core';
import type { OpeningHours } from '../../domain/opening-hours.ts';

/** Countries and what they are divided into: level 0 is a country, 1 to 3 lie within it. */
export const locations = sqliteTable(
  'locations',
  {
    /** The code of the place, or that of its parent with its own name behind. */
    id: text('id').primaryKey(),
    parentId: text('parent_id').references((): AnySQLiteColumn => locations.id),
    level: integer('level').notNull(),
    /** ISO 3166-1 alpha-2. */
    country: text('country').notNull(),
    /** ISO 3166-2, of a country ISO 3166-1; `null` for a place that has none. */
    code: text('code'),
    name: text('name').notNull(),
    /** In the language of the place. */
    localName: text('local_name'),
    /** The name folded as search compares it, which is what places of one parent are listed by. */
    foldedName: text('folded_name').notNull(),
    /** The ids from the country to the place, each with a slash behind: all that lies within begins so. */
    path: text('path').notNull(),
  },
  (t) => [
    index('locations_by_parent').on(t.parentId, t.foldedName, t.id),
    index('locations_countries').on(t.foldedName, t.id).where(sql`${t.level} = 0`),
    index('locations_by_path').on(t.path, t.id),
    check('locations_level', sql`${t.level} between 0 and 3`),
  ],
);

/** The names that a location is found by, folded: its own, the local one, and older ones. */
export const locationNames = sqliteTable(
  'location_names',
  {
    folded: text('folded').notNull(),
    locationId: text('location_id')
      .notNull()
      .references(() => locations.id),
  },
  (t) => [primaryKey({ columns: [t.folded, t.locationId] }), index('location_names_of').on(t.locationId)],
);

/** What several clinics belong to: a clinic is one place, with one address, zone and staff. */
export const organizations = sqliteTable(
  'organizations',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [index('organizations_by_name').on(t.name, t.id)],
);

export const clinics = sqliteTable(
  'clinics',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    address: text('address').notNull(),
    city: text('city').notNull(),
    /** ISO 3166-1 alpha-2. */
    country: text('country').notNull(),
    timeZone: text('time_zone').notNull(),
    /** Where answers to mail about its appointments go; `null` where it has none. */
    email: text('email'),
    createdAtMs: integer('created_at_ms').notNull(),
    organizationId: text('organization_id').references(() => organizations.id),
    locationId: text('location_id').references(() => locations.id),
    /** WGS 84, degrees. */
    latitude: real('latitude'),
    longitude: real('longitude'),
    /** E.164. */
    phone: text('phone'),
    /** When it is open, in its own zone; `null` where nothing is said. */
    openingHours: text('opening_hours', { mode: 'json' }).$type<OpeningHours>(),
  },
  (t) => [
    index('clinics_by_name').on(t.name, t.id),
    index('clinics_by_city').on(sql`lower(${t.city})`),
    index('clinics_by_organization').on(t.organizationId, t.name, t.id),
    index('clinics_by_location').on(t.locationId),
    index('clinics_by_position').on(t.latitude, t.longitude, t.id).where(sql`${t.latitude} is not null`),
  ],
);

/** The folded words that search finds the doctors of a clinic by: its name, its city, and where it lies. */
export const clinicTerms = sqliteTable(
  'clinic_terms',
  {
    clinicId: text('clinic_id')
      .notNull()
      .references(() => clinics.id),
    term: text('term').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clinicId, t.term] }), index('clinic_terms_by_term').on(t.term, t.clinicId)],
);
