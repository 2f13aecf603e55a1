import { and, eq, isNull, lt, or } from 'drizzle-orm';
import type { Context } from 'hono';
import { type FeedAppointment, feedOf } from '../../calendar/feed.ts';
import { keyedCalendarUid } from '../../calendar/keyed-uid.ts';
import { database } from '../../db/client.ts';
import { calendarFeeds } from '../../db/schema.ts';
import { calendarUid } from '../../domain/ids.ts';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { startOfDayMs } from '../../domain/zoned-time.ts';
import { background } from '../../http/background.ts';
import type { AppEnv } from '../../http/context.ts';
import { limitFeed } from '../../http/rate-limit.ts';
import { tokenHash, tokenIn } from './address.ts';
import { type FetchedAppointment, type FetchedFeed, fetchFeed } from './feed-query.ts';
import { freeTimesOf } from './free-times.ts';
import { recordFetch } from './record-read.ts';

const daysBack = 30;
const daysAhead = 180;
const cancelledForMs = 30 * 86_400_000;
/** Noting every fetch would be a write for each; to the quarter of an hour is enough to see that a feed is in use. */
const notedEveryMs = 15 * 60_000;

/**
 * The calendar at a secret address, as iCalendar text. Refuses with `not_found`, alike for what never was an address,
 * what is none any more, and feeds of people who were deactivated; `rate_limited`; `temporarily_unavailable`.
 */
export const calendarAt = async (c: Context<AppEnv>, file: string): Promise<Result<string, Refusal>> => {
  const named = tokenIn(file);
  if (named === null) return refused(refusal('not_found'));
  const nowMs = Date.now();
  const today = utcDate(nowMs);
  const window = {
    fromMs: startOfDayMs(addDays(today, -daysBack), 'UTC'),
    untilMs: startOfDayMs(addDays(today, daysAhead + 1), 'UTC'),
    keptSinceMs: nowMs - cancelledForMs,
  };
  const db = database(c.env.DB);
  const { kind } = named;
  const found = await fetchFeed(db, await tokenHash(named.token), kind, window, nowMs);
  if (found === null) return refused(refusal('not_found'));
  const { feed, appointments } = found;
  await limitFeed(c, feed.id);
  await recordFetch(c, kind, feed, appointments, nowMs);
  noteFetch(c, feed, nowMs);
  return ok(
    feedOf({
      kind,
      privacy: feed.privacy,
      label: feed.label,
      appointments: await Promise.all(appointments.map((one) => shown(c, feed, one))),
      free: feed.showsFree ? await freeTimesOf(db, feed.ownerId, nowMs) : null,
      freeStampMs: startOfDayMs(today, 'UTC'),
    }),
  );
};

const shown = async (
  c: Context<AppEnv>,
  feed: FetchedFeed,
  { id, patientId, doctorName, patientName, ...same }: FetchedAppointment,
): Promise<FeedAppointment> => ({
  ...same,
  uid: await uidOf(c, feed, id),
  own: patientId === feed.ownerId,
  doctorName: doctorName ?? '',
  patientName: patientName ?? '',
});

/**
 * The UID of an appointment in a feed: the one that invitations have. But an appointment's id names its doctor and can be
 * found again by whoever knows it: where a feed does not tell with whom, the UID hides the id as well.
 */
const uidOf = async (c: Context<AppEnv>, { privacy }: FetchedFeed, id: string): Promise<string> =>
  privacy === 'full' ? calendarUid(id) : keyedCalendarUid(c.get('settings').dataKey, id);

const noteFetch = (c: Context<AppEnv>, feed: FetchedFeed, nowMs: number): void => {
  const due = nowMs - notedEveryMs;
  if (feed.lastFetchedAtMs !== null && feed.lastFetchedAtMs >= due) return;
  const { id, lastFetchedAtMs } = calendarFeeds;
  const isDue = and(eq(id, feed.id), or(isNull(lastFetchedAtMs), lt(lastFetchedAtMs, due)));
  const noted = database(c.env.DB).update(calendarFeeds).set({ lastFetchedAtMs: nowMs }).where(isDue);
  background(c, 'feed_not_noted', Promise.resolve(noted));
};
