import { type SQL, sql } from 'drizzle-orm';
import { type Database, database } from '../db/client.ts';
import { waitlists } from '../db/schema.ts';
import type { DayKey } from '../domain/ids.ts';
import { describeError, report } from '../http/log.ts';
import { sendForDays } from './queue.ts';
import { yesterday } from './schedule-changes.ts';

/** Entries that one run of the sweep looks after. */
const maxEntriesASweep = 100;

/**
 * The statement that raises the version of a doctor's waitlist. It belongs into the same batch as every change of an
 * entry, before it; the entry takes the version and is owed; {@link announceWaitlistChange} follows the commit.
 */
export const bumpWaitlist = (db: Database, doctorId: string) =>
  db
    .insert(waitlists)
    .values({ doctorId, version: 1 })
    .onConflictDoUpdate({ target: waitlists.doctorId, set: { version: sql`${waitlists.version} + 1` } });

/** The version that {@link bumpWaitlist} has just made, for an entry that changes with it. */
export const newVersion = (doctorId: string): SQL<number> =>
  sql`(select version from waitlists where doctor_id = ${doctorId})`;

/** Opened days, from yesterday on, that an entry of theirs has changed for since they were last told. */
const behind = (which: SQL, nowMs: number): SQL => sql`
  select distinct d.doctor_id as "doctorId", d.date as date, e.id as "entryId"
  from waitlist_entries e cross join doctor_days d
  where ${which} and e.owed = 1 and d.doctor_id = e.doctor_id
    and d.date between max(e.from_date, ${yesterday(nowMs)}) and e.to_date
    and d.opened_at_ms is not null and d.cleaned_at_ms is null and d.waitlist_version < e.version`;

/**
 * Tells the opened days that changes of entries concern. Call it after the commit. Never throws: the changes stand, and
 * what the queue did not take, the sweep tells.
 */
export const announceWaitlistChange = async (env: Env, entryIds: readonly string[], nowMs: number): Promise<void> => {
  try {
    await sendForDays(env.DAY_QUEUE, 'waitlist_changed', daysOf(await lateFor(env, entryIds, nowMs)));
  } catch (error) {
    report('waitlist_change_not_announced', { entries: entryIds.length, ...describeError(error) });
  }
};

type Late = DayKey & { readonly entryId: string };

const lateFor = (env: Env, entryIds: readonly string[], nowMs: number): Promise<Late[]> =>
  database(env.DB).all<Late>(behind(sql`e.id in (select value from json_each(${JSON.stringify(entryIds)}))`, nowMs));

const daysOf = (late: readonly Late[]): DayKey[] => [
  ...new Map(late.map(({ doctorId, date }) => [`${doctorId}/${date}`, { doctorId, date }])).values(),
];

/**
 * Tells days again that do not know of a change, for messages that the queue lost; a change that every day knows is owed
 * no more. Gives how many days were told.
 */
export const sweepWaitlist = async (env: Env, nowMs: number): Promise<number> => {
  const db = database(env.DB);
  const owed = await db.all<{ id: string }>(
    sql`select id from waitlist_entries where owed = 1 order by id limit ${maxEntriesASweep}`,
  );
  if (owed.length === 0) return 0;
  const late = await lateFor(
    env,
    owed.map(({ id }) => id),
    nowMs,
  );
  const days = daysOf(late);
  await sendForDays(env.DAY_QUEUE, 'waitlist_changed', days);
  const waiting = new Set(late.map(({ entryId }) => entryId));
  const done = owed.filter(({ id }) => !waiting.has(id)).map(({ id }) => id);
  // One that has changed meanwhile is owed anew: then some day is behind it, and it stays.
  await db.run(sql`update waitlist_entries set owed = 0
    where id in (select value from json_each(${JSON.stringify(done)})) and not exists (${behind(sql`e.id = waitlist_entries.id`, nowMs)})`);
  return days.length;
};
