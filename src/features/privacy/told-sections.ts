import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import {
  attendances,
  calendarFeeds,
  messages,
  notificationPreferences,
  notifications,
  pictures,
  pushSubscriptions,
} from '../../db/schema.ts';
import type { Settings } from '../../env.ts';
import { type Content, contentColumn, holdsSecret } from '../../messages/message.ts';
import { after, few, iso, type Pages, pageRows, pages } from './pages.ts';

/** What is held of how somebody is told, and of what they were told, by the name that it has in the file. */
export const toldSections = (db: Database, settings: Settings, accountId: string): Readonly<Record<string, Pages>> => ({
  calendarFeeds: few(
    () => db.select().from(calendarFeeds).where(eq(calendarFeeds.accountId, accountId)),
    ({ id, label, privacy, showsFree, createdAtMs, rotatedAtMs, lastFetchedAtMs }) => ({
      ...{ id, label, privacy, showFree: showsFree },
      createdAt: iso(createdAtMs),
      rotatedAt: iso(rotatedAtMs),
      lastFetchedAt: iso(lastFetchedAtMs),
    }),
  ),
  /** The file itself is at `GET /users/me/picture`. */
  picture: few(
    () => db.select().from(pictures).where(eq(pictures.accountId, accountId)),
    ({ mediaType, width, height, storedAtMs, deletedAtMs }) => ({
      ...{ mediaType, width, height },
      storedAt: iso(storedAtMs),
      deletedAt: iso(deletedAtMs),
    }),
  ),
  /** Invitations that were accepted by mail. */
  attendances: few(
    () => db.select().from(attendances).where(eq(attendances.accountId, accountId)),
    ({ appointmentId, startsAtMs, acceptedAtMs }) => ({
      appointmentId,
      startsAt: iso(startsAtMs),
      acceptedAt: iso(acceptedAtMs),
    }),
  ),
  pushSubscriptions: few(
    () => db.select().from(pushSubscriptions).where(eq(pushSubscriptions.accountId, accountId)),
    ({ id, service, name, createdAtMs, lastUsedAtMs }) => ({
      id,
      service,
      name,
      createdAt: iso(createdAtMs),
      lastUsedAt: iso(lastUsedAtMs),
    }),
  ),
  notificationPreferences: few(
    () => db.select().from(notificationPreferences).where(eq(notificationPreferences.accountId, accountId)),
    ({ accountId: _, revision: _revision, updatedAtMs, ...row }) => ({ ...row, updatedAt: iso(updatedAtMs) }),
  ),
  messages: pages(
    (last: typeof messages.$inferSelect | null) =>
      db
        .select()
        .from(messages)
        .where(
          and(
            eq(messages.accountId, accountId),
            after(last, (row) => sql`(${messages.createdAtMs}, ${messages.id}) > (${row.createdAtMs}, ${row.id})`),
          ),
        )
        .orderBy(asc(messages.createdAtMs), asc(messages.id))
        .limit(pageRows),
    async ({ id, channel, kind, content, createdAtMs, sentAtMs }) => ({
      id,
      channel,
      kind,
      content: content === null || holdsSecret(kind) ? null : await wordsOf(settings, id, content),
      createdAt: iso(createdAtMs),
      sentAt: iso(sentAtMs),
    }),
  ),
  notifications: pages(
    (last: typeof notifications.$inferSelect | null) =>
      db
        .select()
        .from(notifications)
        .where(
          and(
            eq(notifications.recipientId, accountId),
            after(
              last,
              (row) => sql`(${notifications.createdAtMs}, ${notifications.id}) > (${row.createdAtMs}, ${row.id})`,
            ),
          ),
        )
        .orderBy(asc(notifications.createdAtMs), asc(notifications.id))
        .limit(pageRows),
    ({ id, kind, channel, subjectId, state, reason, startsAtMs, dueAtMs, createdAtMs, sentAtMs, readAtMs }) => ({
      ...{ id, kind, channel, subjectId, state, reason },
      startsAt: iso(startsAtMs),
      dueAt: iso(dueAtMs),
      createdAt: iso(createdAtMs),
      sentAt: iso(sentAtMs),
      readAt: iso(readAtMs),
    }),
  ),
});

/** What a message said, without what its mail carries for programs: addresses that answer or unsubscribe for whoever has them. */
const wordsOf = async (settings: Settings, id: string, content: string) => {
  const { to, subject, text }: Content = JSON.parse(await contentColumn(settings.dataKey).open(id, content));
  return { to, subject, text };
};
