import type { z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { type NextFree, nextAvailable } from '../../doctor-days/availability-query.ts';
import type { genders } from '../../domain/genders.ts';
import { slotId } from '../../domain/ids.ts';
import { ratingStars } from '../../domain/rating.ts';
import type { Mode } from '../../domain/schedule.ts';
import { offered } from './facets.ts';
import type { doctorItemSchema } from './schema.ts';

/** So many free slots stand beside a doctor in a list. */
const slotsShown = 4;

/** What a listed doctor's own row holds. */
export interface ListedRow {
  readonly id: string;
  readonly fullName: string;
  readonly specialization: string;
  readonly experienceYears: number;
  readonly feeMinor: number;
  readonly currency: string;
  readonly timeZone: string;
  readonly gender: (typeof genders)[number];
  readonly ratingCount: number;
  readonly ratingBayesMilli: number | null;
}

/** Doctors as lists show them, in the given order, with a constant number of statements however many they are. */
export const listed = async (
  db: Database,
  rows: readonly ListedRow[],
  nowMs: number,
): Promise<z.input<typeof doctorItemSchema>[]> => {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const among = listOf(ids);
  const { rule, session } = offered(nowMs);
  const [clinicRows, modeRows, languageRows, pictured, next] = await Promise.all([
    db.all<{ doctorId: string; id: string; name: string; address: string; city: string }>(sql`
      select dc.doctor_id as "doctorId", c.id as id, c.name as name, c.address as address, c.city as city
      from doctor_clinics dc cross join clinics c on c.id = dc.clinic_id
      where dc.doctor_id in ${among} order by c.name, c.id`),
    db.all<{ doctorId: string; mode: Mode }>(sql`
      select doctor_id as "doctorId", mode from weekly_rules where doctor_id in ${among} and ${rule}
      union select doctor_id, mode from extra_sessions where doctor_id in ${among} and ${session}
      order by mode`),
    db.all<{ doctorId: string; language: string }>(sql`
      select doctor_id as "doctorId", language from doctor_languages where doctor_id in ${among} order by place`),
    db.all<{ id: string }>(sql`
      select account_id as id from pictures
      where account_id in ${among} and stored_at_ms is not null and deleted_at_ms is null`),
    nextAvailable(db, ids, nowMs, slotsShown),
  ]);
  const clinics = Map.groupBy(clinicRows, (row) => row.doctorId);
  const modes = Map.groupBy(modeRows, (row) => row.doctorId);
  const languages = Map.groupBy(languageRows, (row) => row.doctorId);
  const withPicture = new Set(pictured.map(({ id }) => id));
  return rows.map((row) => {
    const slots = next.get(row.id) ?? [];
    return {
      id: row.id,
      fullName: row.fullName,
      specialization: row.specialization,
      experienceYears: row.experienceYears,
      consultationFee: { amount: row.feeMinor, currency: row.currency },
      timeZone: row.timeZone,
      gender: row.gender,
      languages: (languages.get(row.id) ?? []).map(({ language }) => language),
      clinics: (clinics.get(row.id) ?? []).map(({ doctorId: _, ...clinic }) => clinic),
      modes: (modes.get(row.id) ?? []).map((mode) => mode.mode),
      rating: ratingStars(row.ratingBayesMilli),
      reviewCount: row.ratingCount,
      picture: withPicture.has(row.id) ? `/api/v1/users/${row.id}/picture` : null,
      nextAvailableAt: slots[0] === undefined ? null : iso(slots[0]),
      nextSlots: slots.map((slot) => ({
        id: slotId({ doctorId: row.id, date: slot.date }, slot.startsAtMs),
        startsAt: iso(slot),
      })),
    };
  });
};

const iso = ({ startsAtMs }: NextFree): string => new Date(startsAtMs).toISOString();
