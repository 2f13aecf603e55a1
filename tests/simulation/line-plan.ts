import { sql } from 'drizzle-orm';
import { database } from '../../src/db/client.ts';
import { waitlistEntries } from '../../src/db/schema.ts';
import { bumpWaitlist, newVersion } from '../../src/doctor-days/waitlist-changes.ts';
import { partsOfDay } from '../../src/domain/doctor-day/waiting.ts';
import type { DayKey } from '../../src/domain/ids.ts';
import { addDays } from '../../src/domain/local-date.ts';
import type { Action, Plan } from './plan.ts';
import { Random } from './random.ts';

/** What those do who wait. */
export type LineDeed = 'join' | 'leave' | 'answer_offer' | 'sweep_waitlist';

const character: Readonly<Record<LineDeed, number>> = { join: 10, leave: 1, answer_offer: 9, sweep_waitlist: 2 };

/** In half of the runs people wait for seats. Drawn apart from all else. */
export const withLine = (plan: Plan): Plan => {
  const random = new Random(plan.seed).fork('waitlist');
  const limits = { ...plan.limits, offerTtlMs: random.pick([15_000, 60_000, 300_000]) };
  if (random.chance(0.5)) return { ...plan, limits };
  const early = random.chance(0.7);
  const actions = Array.from({ length: random.between(5, 40) }, (): Action => {
    const deed = random.weighted(character);
    // Most join before there is much to wait for.
    const within = deed === 'join' && early ? plan.durationMs / 4 : plan.durationMs;
    return {
      atMs: random.int(within),
      deed,
      ...{ who: random.int(1_000), which: random.int(1_000), day: random.int(1_000), slot: random.int(1_000) },
      ...{ again: [], keyed: random.chance(0.6), seed: random.int(2 ** 31) },
    };
  });
  return { ...plan, limits, actions: [...plan.actions, ...actions].sort((a, b) => a.atMs - b.atMs) };
};

/** Enters somebody into the line of a day's doctor, in one batch as the API does. */
export const enterLine = async (
  d1: D1Database,
  day: DayKey,
  patientId: string,
  random: Random,
  nowMs: number,
): Promise<string> => {
  const db = database(d1);
  const id = `w_${random.int(2 ** 31).toString(36)}`;
  const [before, after] = [random.int(2), random.int(3)];
  await db.batch([
    bumpWaitlist(db, day.doctorId),
    db.insert(waitlistEntries).values({
      ...{ id, doctorId: day.doctorId, patientId, state: 'active', closedAtMs: null, owed: true },
      from: addDays(day.date, -before),
      to: addDays(day.date, after),
      part: random.chance(0.8) ? 'any' : random.pick(partsOfDay),
      mode: random.chance(0.9) ? null : random.pick(['in_person', 'video'] as const),
      joinedAtMs: nowMs,
      version: newVersion(day.doctorId),
    }),
  ]);
  return id;
};

/** Takes an entry out of the line again. */
export const quitLine = async (d1: D1Database, { id, doctorId }: { id: string; doctorId: string }): Promise<void> => {
  const db = database(d1);
  await db.batch([
    bumpWaitlist(db, doctorId),
    db
      .update(waitlistEntries)
      .set({ state: 'left', owed: true, version: newVersion(doctorId) })
      .where(sql`${waitlistEntries.id} = ${id} and ${waitlistEntries.state} = 'active'`),
  ]);
};
