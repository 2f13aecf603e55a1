import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { clinics } from './places.ts';

/** Rooms and devices of clinics. Who has which of them when, the clinic's Durable Object alone decides. */
export const clinicResources = sqliteTable(
  'clinic_resources',
  {
    id: text('id').primaryKey(),
    clinicId: text('clinic_id')
      .notNull()
      .references(() => clinics.id),
    /** Normalised, see `src/domain/resources.ts`. */
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    /** One that is not active is given to nobody; what it is held for stays. */
    active: integer('active', { mode: 'boolean' }).notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [index('clinic_resources_by_clinic').on(t.clinicId, t.kind, t.name, t.id)],
);
