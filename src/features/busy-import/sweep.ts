import { and, eq } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { busyDays, type calendarSources } from '../../db/schema.ts';
import type { LocalDate } from '../../domain/local-date.ts';
import { type Settings, settingsOf } from '../../env.ts';
import { describeError, report } from '../../http/log.ts';
import { claim, type Due, dueSources, isResting, type Outcome, stillOurs } from './due.ts';
import { edit } from './edit.ts';
import { blockUnknown, keepFailing } from './failing.ts';
import { type Fetched, fetchCalendar } from './fetch-calendar.ts';
import { ownAmong } from './own-appointments.ts';
import { differenceOf, everyMsOf, rowsOf } from './rows.ts';
import { addressColumn } from './sources.ts';
import { reaches, type Spread, type Spreading, spreadOut } from './spread.ts';

/** Calendars of any size, up to three at once, fit into the memory of a Worker. */
const atOnce = 3;
const longestRunMs = 120_000;
/** What a run may compute: characters, at least so many for each calendar that is read whole. */
const charactersARun = 20_000_000;
const leastCharacters = 50_000;

/**
 * Reads calendars that are due, a bounded number and for a bounded time; the rest is due still. A calendar that changed
 * is one edit of its doctor's schedule; one that did not is none. One that fails keeps the times that are known.
 */
export const readDueCalendars = async (env: Env, nowMs: number): Promise<Record<Outcome, number>> => {
  const db = database(env.DB);
  const settings = settingsOf(env);
  const startedMs = Date.now();
  const counts = { same: 0, changed: 0, failing: 0 };
  let left = charactersARun;
  const waiting = await dueSources(db, nowMs);
  const work = async (): Promise<void> => {
    for (let due = waiting.shift(); due !== undefined; due = waiting.shift()) {
      if (left <= 0 || Date.now() - startedMs > longestRunMs) return;
      const claimed = await claim(db, due, nowMs);
      if (claimed === null) continue;
      const { outcome, characters } = await tried(env, settings, claimed, nowMs);
      counts[outcome] += 1;
      left -= characters;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return counts;
};

const tried = async (env: Env, settings: Settings, due: Due, nowMs: number) => {
  const { source, doctor } = due;
  try {
    if (isResting(due)) {
      await blockUnknown(env, due, nowMs);
      return { outcome: 'same', characters: 0 } as const;
    }
    const address = await addressColumn(settings).open(source.id, source.address);
    const before: Spread = { until: source.spreadUntil as LocalDate, zone: source.spreadZone };
    const fetched = await fetchCalendar(settings, address, reaches(before, doctor, nowMs) ? source : null);
    const characters = fetched.kind === 'calendar' ? Math.max(leastCharacters, fetched.text.length) : 0;
    return { outcome: await settle(env, settings, due, fetched, before, nowMs), characters };
  } catch (error) {
    report('calendar_not_read', { sourceId: source.id, ...describeError(error) });
    return { outcome: await failed(env, settings, due, nowMs), characters: leastCharacters };
  }
};

/** What went wrong may keep us from writing it down as well. */
const failed = async (env: Env, settings: Settings, due: Due, nowMs: number): Promise<Outcome> => {
  try {
    return await keepFailing(env, settings, due, 'internal_error', nowMs);
  } catch (error) {
    report('calendar_not_kept', { sourceId: due.source.id, ...describeError(error) });
    return 'failing';
  }
};

const settle = async (
  env: Env,
  settings: Settings,
  due: Due,
  fetched: Fetched,
  before: Spread,
  nowMs: number,
): Promise<Outcome> => {
  const well = { readAtMs: nowMs, failingSinceMs: null, failure: null, toldAtMs: null };
  if (fetched.kind === 'fault') return keepFailing(env, settings, due, fetched.fault, nowMs);
  if (fetched.kind === 'unchanged') {
    await stillOurs(database(env.DB), due, well);
    return 'same';
  }
  const own = ownAmong(database(env.DB), settings, due.source.doctorId);
  const spreading = await spreadOut(fetched.text, due.doctor, before, nowMs, own);
  if (!spreading.ok) return keepFailing(env, settings, due, spreading.fault, nowMs);
  return replace(env, due, spreading, { ...well, ...fetched.validators }, nowMs);
};

/** Puts a calendar's new times in the place of the old ones: one edit of the schedule, or none if nothing differs. */
const replace = async (
  env: Env,
  due: Due,
  { from, spread, days, refreshMs }: Extract<Spreading, { ok: true }>,
  set: Partial<typeof calendarSources.$inferInsert>,
  nowMs: number,
): Promise<Outcome> => {
  const db = database(env.DB);
  const { id, doctorId } = due.source;
  const ofSource = and(eq(busyDays.doctorId, doctorId), eq(busyDays.sourceId, id));
  const stored = await db.select().from(busyDays).where(ofSource);
  const difference = differenceOf(stored, rowsOf(due.source, days), from);
  const kept = { ...set, spreadUntil: spread.until, spreadZone: spread.zone, everyMs: everyMsOf(refreshMs) };
  return (await edit(env, due, difference, kept, nowMs)) ? 'changed' : 'same';
};
