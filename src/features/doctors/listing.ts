import type { z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { nextAvailable } from '../../doctor-days/availability-query.ts';
import type { genders } from '../../domain/genders.ts';
import { ratingStars } from '../../domain/rating.ts';
import type { Mode } from '../../domain/schedule.ts';
import { offered } from './facets.ts';
import type { doctorItemSchema } from './schema.ts';

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
  const [clinicRows, modeRows, languageRows, next] = await Promise.all([
    db.all<{ doctorId: string; id: string; name: string; city: string }>(sql`
      select dc.doctor_id as "doctorId", c.id as id, c.name as name, c.city as city
      from doctor_clinics dc cross join clinics c on c.id = dc.clinic_id
      where dc.doctor_id in ${among} order by c.name, c.id`),
    db.all<{ doctorId: string; mode: Mode }>(sql`
      select doctor_id as "doctorId", mode from weekly_rules where doctor_id in ${among} and ${rule}
      union select doctor_id, mode from extra_sessions where doctor_id in ${among} and ${session}
      order by mode`),
    db.all<{ doctorId: string; language: string }>(sql`
      select doctor_id as "doctorId", language from doctor_languages where doctor_id in ${among} order by place`),
    nextAvailable(db, ids, nowMs),
  ]);
  const clinics = Map.groupBy(clinicRows, (row) => row.doctorId);
  const modes = Map.groupBy(modeRows, (row) => row.doctorId);
  const languages = Map.groupBy(languageRows, (row) => row.doctorId);
  return rows.map((row) => {
    const nextAtMs = next.get(row.id);
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
      nextAvailableAt: nextAtMs === undefined ? null : new Date(nextAtMs).toISOString(),
    };
  });
};
