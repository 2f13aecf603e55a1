import type { z } from '@hono/zod-openapi';
import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { union } from 'drizzle-orm/sqlite-core';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { clinics, doctorClinics, doctorLanguages, extraSessions, pictures, weeklyRules } from '../../db/schema.ts';
import { type NextFree, nextAvailable } from '../../doctor-days/availability-query.ts';
import type { genders } from '../../domain/genders.ts';
import { slotId } from '../../domain/ids.ts';
import { ratingStars } from '../../domain/rating.ts';
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
  const { name, address, city } = clinics;
  const [[clinicRows, modeRows, languageRows, pictured], next] = await Promise.all([
    db.batch([
      db
        .select({ doctorId: doctorClinics.doctorId, id: clinics.id, name, address, city })
        .from(doctorClinics)
        .crossJoin(clinics)
        .where(and(inArray(doctorClinics.doctorId, among), eq(clinics.id, doctorClinics.clinicId)))
        .orderBy(name, clinics.id),
      union(
        db
          .select({ doctorId: weeklyRules.doctorId, mode: weeklyRules.mode })
          .from(weeklyRules)
          .where(and(inArray(weeklyRules.doctorId, among), rule)),
        db
          .select({ doctorId: extraSessions.doctorId, mode: extraSessions.mode })
          .from(extraSessions)
          .where(and(inArray(extraSessions.doctorId, among), session)),
      ).orderBy(weeklyRules.mode),
      db
        .select({ doctorId: doctorLanguages.doctorId, language: doctorLanguages.language })
        .from(doctorLanguages)
        .where(inArray(doctorLanguages.doctorId, among))
        .orderBy(doctorLanguages.place),
      db
        .select({ id: pictures.accountId })
        .from(pictures)
        .where(and(inArray(pictures.accountId, among), isNotNull(pictures.storedAtMs), isNull(pictures.deletedAtMs))),
    ]),
    nextAvailable(db, ids, nowMs, slotsShown),
  ]);
  const workplaces = Map.groupBy(clinicRows, (row) => row.doctorId);
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
      clinics: (workplaces.get(row.id) ?? []).map(({ doctorId: _, ...clinic }) => clinic),
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
