import { and, eq, sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { calendarFeeds, type FeedKind } from '../../db/schema.ts';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { describeError, report } from '../../http/log.ts';
import { RefusalException } from '../../http/problem.ts';
import { auditStatement } from '../audit/record.ts';
import type { FetchedAppointment, FetchedFeed } from './feed-query.ts';

/** What reaches D1 later than this after it happened may be shown without a row of its own. */
const marginMs = 10 * 60_000;
/** As many as one row of the audit names. */
const maxPatients = 1_000;

/**
 * Records whose data a feed gives away, before it does. Programs fetch a feed every few minutes for years: a row for
 * each would flood the audit, and what patients see of it, until nobody finds the look that matters. So the first fetch
 * that shows an appointment as it is now is recorded, for every feed; one that shows nothing new is not. What says no
 * more than “busy” tells of nobody. While D1 takes no row the feed is refused as `temporarily_unavailable`.
 */
export const recordFetch = async (
  c: Context<AppEnv>,
  kind: FeedKind,
  feed: FetchedFeed,
  appointments: readonly FetchedAppointment[],
  nowMs: number,
): Promise<void> => {
  if (feed.privacy === 'busy') return;
  const fresh = appointments.filter(({ updatedAtMs }) => updatedAtMs > feed.recordedThroughMs);
  const patientIds = [...new Set(fresh.map(({ patientId }) => patientId))].filter((id) => id !== feed.ownerId).sort();
  if (patientIds.length === 0) return;
  const db = database(c.env.DB);
  const still = and(eq(calendarFeeds.id, feed.id), eq(calendarFeeds.recordedThroughMs, feed.recordedThroughMs));
  const through = Math.max(feed.recordedThroughMs, nowMs - marginMs);
  const why = kind === 'doctor' ? ('treatment' as const) : ('guardian' as const);
  const rows = chunks(patientIds).map((ids) =>
    auditStatement(db, {
      stream: `account:${feed.ownerId}`,
      actor: { id: feed.ownerId, role: kind },
      action: 'calendar_feed.read',
      subjectId: feed.id,
      data: { why, patientIds: ids, clinicId: null, appointments: fresh.length },
      atMs: nowMs,
    }),
  );
  try {
    await db.batch([
      guard(db, sql`exists (select 1 from ${calendarFeeds} where ${still})`),
      db.update(calendarFeeds).set({ recordedThroughMs: through }).where(still),
      ...rows,
    ]);
  } catch (error) {
    // Another fetch at the same time has recorded the same, or the feed is gone and is not shown again.
    if (guardFailed(error)) return;
    report('read_not_recorded', { requestId: c.get('requestId'), ...describeError(error) });
    throw new RefusalException(refusal('temporarily_unavailable'));
  }
};

const chunks = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / maxPatients) }, (_, i) =>
    ids.slice(i * maxPatients, (i + 1) * maxPatients),
  );
