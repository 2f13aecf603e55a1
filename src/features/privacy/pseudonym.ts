import { eq, inArray } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import {
  accounts,
  attendances,
  authenticators,
  calendarFeeds,
  challenges,
  dependants,
  followUps,
  idempotencyRecords,
  messages,
  notificationPreferences,
  notifications,
  passkeys,
  pictures,
  pushSubscriptions,
  recoveryCodes,
  refreshTokens,
  reviews,
  sessions,
} from '../../db/schema.ts';
import { destroyDataKey } from '../../sealing/data-keys.ts';
import { erasingRecords } from './record-sections.ts';

const nobody = 'Erased person';
const noBirthDate = '1900-01-01';

/** As {@link erasingStatements}, of a dependant alone. Answers that are kept for the guardian may name the dependant. */
export const erasingDependantStatements = (db: Database, id: string, guardianId: string, nowMs: number) =>
  [
    destroyDataKey(db, id, nowMs),
    ...erasingRecords(db, [id], nowMs),
    db.delete(followUps).where(eq(followUps.patientId, id)),
    db
      .update(dependants)
      .set({ fullName: nobody, birthDate: noBirthDate, removedAtMs: nowMs })
      .where(eq(dependants.id, id)),
    db.delete(reviews).where(eq(reviews.patientId, id)),
    db.delete(idempotencyRecords).where(eq(idempotencyRecords.principal, guardianId)),
  ] as const;

/**
 * The statements that leave of a person an id and nothing else: every data key is destroyed, and with it every word,
 * wherever it lies; name, addresses and password are gone and free for others; what only served the person is deleted.
 * What stays, and why, is in docs/security.md.
 */
export const erasingStatements = (
  db: Database,
  accountId: string,
  subjectIds: readonly string[],
  /** The scopes of Idempotency-Keys under which answers to the person may be kept. */
  scopes: readonly string[],
  nowMs: number,
) => {
  const own = db.select({ id: sessions.id }).from(sessions).where(eq(sessions.accountId, accountId));
  return [
    ...subjectIds.map((id) => destroyDataKey(db, id, nowMs)),
    ...erasingRecords(db, subjectIds, nowMs),
    db
      .update(accounts)
      .set({
        email: `${accountId}@erased.invalid`,
        // No password has this for its hash.
        passwordHash: 'erased',
        fullName: nobody,
        phone: null,
        timeZone: null,
        emailVerifiedAtMs: null,
        phoneVerifiedAtMs: null,
        deactivatedAtMs: nowMs,
      })
      .where(eq(accounts.id, accountId)),
    db
      .update(dependants)
      .set({ fullName: nobody, birthDate: noBirthDate, removedAtMs: nowMs })
      .where(eq(dependants.guardianId, accountId)),
    db.delete(followUps).where(inArray(followUps.patientId, listOf(subjectIds))),
    db.delete(refreshTokens).where(inArray(refreshTokens.sessionId, own)),
    db.delete(sessions).where(eq(sessions.accountId, accountId)),
    db.delete(authenticators).where(eq(authenticators.accountId, accountId)),
    db.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId)),
    db.delete(passkeys).where(eq(passkeys.accountId, accountId)),
    db.delete(pushSubscriptions).where(eq(pushSubscriptions.accountId, accountId)),
    db.delete(challenges).where(eq(challenges.accountId, accountId)),
    db.delete(calendarFeeds).where(eq(calendarFeeds.accountId, accountId)),
    db.delete(attendances).where(eq(attendances.accountId, accountId)),
    // The sweep of every minute takes the file, and the row after it.
    db.update(pictures).set({ deletedAtMs: nowMs }).where(eq(pictures.accountId, accountId)),
    db.delete(reviews).where(eq(reviews.authorId, accountId)),
    db.delete(reviews).where(inArray(reviews.patientId, listOf(subjectIds))),
    db.delete(messages).where(eq(messages.accountId, accountId)),
    db.delete(notificationPreferences).where(eq(notificationPreferences.accountId, accountId)),
    db.delete(notifications).where(eq(notifications.recipientId, accountId)),
    db.delete(idempotencyRecords).where(inArray(idempotencyRecords.principal, listOf(scopes))),
  ] as const;
};
