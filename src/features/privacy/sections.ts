import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import {
  accounts,
  appointments,
  auditEvents,
  breakGlass,
  busyDays,
  calendarSources,
  dependants,
  doctors,
  passkeys,
  recordAccesses,
  reviews,
  sessions,
} from '../../db/schema.ts';
import type { Settings } from '../../env.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { after, few, iso, type Pages, pageRows, pages } from './pages.ts';
import { paymentSection } from './payment-section.ts';
import { prescriptionSection } from './prescription-section.ts';
import { recordSections } from './record-sections.ts';
import { toldSections } from './told-sections.ts';
import { visitSections } from './visit-sections.ts';
import { waitlistSection } from './waitlist-section.ts';

/** What is held about the holder of an account and their dependants, by the name that it has in the file. */
export const sectionsOf = (
  db: Database,
  settings: Settings,
  { openFor }: Sealing,
  accountId: string,
  subjectIds: readonly string[],
): Readonly<Record<string, Pages>> => {
  /** The appointments of one person after the other: each walks the index of their patient. */
  const appointmentsOf = (patientId: string): Pages =>
    pages(
      (last: typeof appointments.$inferSelect | null) =>
        db
          .select()
          .from(appointments)
          .where(
            and(
              eq(appointments.patientId, patientId),
              after(
                last,
                (row) => sql`(${appointments.startsAtMs}, ${appointments.id}) > (${row.startsAtMs}, ${row.id})`,
              ),
            ),
          )
          .orderBy(asc(appointments.startsAtMs), asc(appointments.id))
          .limit(pageRows),
      async (row) => ({
        id: row.id,
        patientId,
        doctorId: row.doctorId,
        clinicId: row.clinicId,
        status: row.status,
        mode: row.mode,
        priority: row.priority,
        startsAt: iso(row.startsAtMs),
        endsAt: iso(row.endsAtMs),
        timeZone: row.timeZone,
        consultationFee: { amount: row.feeMinor, currency: row.currency },
        paid: row.paidMinor === null ? null : { amount: row.paidMinor, currency: row.paidCurrency },
        createdAt: iso(row.createdAtMs),
        updatedAt: iso(row.updatedAtMs),
        ...Object.fromEntries(
          await Promise.all(
            (['reason', 'symptoms', 'statusReason'] as const).map(async (column) => [
              column,
              await openFor(patientId, { table: 'appointments', row: row.id, column }, row[column]),
            ]),
          ),
        ),
      }),
    );

  return {
    account: few(
      () => db.select().from(accounts).where(eq(accounts.id, accountId)),
      ({ passwordHash: _, createdAtMs, emailVerifiedAtMs, phoneVerifiedAtMs, deactivatedAtMs, ...row }) => ({
        ...row,
        createdAt: iso(createdAtMs),
        emailVerifiedAt: iso(emailVerifiedAtMs),
        phoneVerifiedAt: iso(phoneVerifiedAtMs),
        deactivatedAt: iso(deactivatedAtMs),
      }),
    ),
    doctorProfile: few(
      () => db.select().from(doctors).where(eq(doctors.id, accountId)),
      (row) => row,
    ),
    /** A doctor's calendars elsewhere; their addresses are shown to nobody. */
    calendarSources: few(
      () => db.select().from(calendarSources).where(eq(calendarSources.doctorId, accountId)),
      ({ id, name, host, createdAtMs, readAtMs, failingSinceMs, failure }) => ({
        ...{ id, name, host, failure },
        createdAt: iso(createdAtMs),
        readAt: iso(readAtMs),
        failingSince: iso(failingSinceMs),
      }),
    ),
    busyDays: pages(
      (last: typeof busyDays.$inferSelect | null) =>
        db
          .select()
          .from(busyDays)
          .where(
            and(
              eq(busyDays.doctorId, accountId),
              after(last, (row) => sql`(${busyDays.date}, ${busyDays.sourceId}) > (${row.date}, ${row.sourceId})`),
            ),
          )
          .orderBy(asc(busyDays.date), asc(busyDays.sourceId))
          .limit(pageRows),
      ({ sourceId, date, minutes }) => ({ sourceId, date, minutesUtc: JSON.parse(minutes) }),
    ),
    dependants: pages(
      (last: typeof dependants.$inferSelect | null) =>
        db
          .select()
          .from(dependants)
          .where(
            and(
              eq(dependants.guardianId, accountId),
              after(last, (row) => gt(dependants.id, row.id)),
            ),
          )
          .orderBy(asc(dependants.id))
          .limit(pageRows),
      ({ id, fullName, birthDate, createdAtMs, removedAtMs }) => ({
        id,
        fullName,
        birthDate,
        createdAt: iso(createdAtMs),
        removedAt: iso(removedAtMs),
      }),
    ),
    appointments: async function* () {
      for (const id of subjectIds) yield* appointmentsOf(id)();
    },
    waitlist: waitlistSection(db, subjectIds),
    sessions: pages(
      (last: typeof sessions.$inferSelect | null) =>
        db
          .select()
          .from(sessions)
          .where(
            and(
              eq(sessions.accountId, accountId),
              after(last, (row) => gt(sessions.id, row.id)),
            ),
          )
          .orderBy(asc(sessions.id))
          .limit(pageRows),
      ({ id, device, place, createdAtMs, lastSeenAtMs, endedAtMs }) => ({
        id,
        device,
        place,
        createdAt: iso(createdAtMs),
        lastSeenAt: iso(lastSeenAtMs),
        endedAt: iso(endedAtMs),
      }),
    ),
    passkeys: few(
      () => db.select().from(passkeys).where(eq(passkeys.accountId, accountId)),
      ({ id, name, createdAtMs, lastUsedAtMs }) => ({
        id,
        name,
        createdAt: iso(createdAtMs),
        lastUsedAt: iso(lastUsedAtMs),
      }),
    ),
    ...recordSections(db, { openFor }, subjectIds),
    ...visitSections(db, { openFor }, subjectIds),
    payments: paymentSection(db, subjectIds),
    prescriptions: prescriptionSection(db, { openFor }, subjectIds),
    /** What the person, or a guardian for them, said of visits; of a doctor, what others said is theirs. */
    reviews: pages(
      (last: typeof reviews.$inferSelect | null) =>
        db
          .select()
          .from(reviews)
          .where(
            and(
              eq(reviews.authorId, accountId),
              after(last, (row) => gt(reviews.id, row.id)),
            ),
          )
          .orderBy(asc(reviews.id))
          .limit(pageRows),
      ({ id, appointmentId, doctorId, stars, text, showsName, createdAtMs, editedAtMs, hiddenReason, reply }) => ({
        ...{ id, appointmentId, doctorId, stars, text, showName: showsName, hiddenReason, reply },
        createdAt: iso(createdAtMs),
        editedAt: iso(editedAtMs),
      }),
    ),
    ...toldSections(db, settings, accountId),
    /** Who looked at the record: what the audit has of reads. */
    accesses: pages(
      (last: { patientId: string; atMs: number; stream: string; seq: number } | null) =>
        db
          .select({
            patientId: recordAccesses.patientId,
            atMs: recordAccesses.atMs,
            stream: recordAccesses.stream,
            seq: recordAccesses.seq,
            actorId: auditEvents.actorId,
            actorRole: auditEvents.actorRole,
            action: auditEvents.action,
          })
          .from(recordAccesses)
          .innerJoin(
            auditEvents,
            and(eq(auditEvents.stream, recordAccesses.stream), eq(auditEvents.seq, recordAccesses.seq)),
          )
          .where(
            and(
              inArray(recordAccesses.patientId, listOf(subjectIds)),
              after(
                last,
                (row) =>
                  sql`(${recordAccesses.patientId}, ${recordAccesses.atMs}, ${recordAccesses.stream}, ${recordAccesses.seq}) > (${row.patientId}, ${row.atMs}, ${row.stream}, ${row.seq})`,
              ),
            ),
          )
          .orderBy(
            asc(recordAccesses.patientId),
            asc(recordAccesses.atMs),
            asc(recordAccesses.stream),
            asc(recordAccesses.seq),
          )
          .limit(pageRows),
      ({ patientId, atMs, actorId, actorRole, action }) => ({ patientId, at: iso(atMs), actorId, actorRole, action }),
    ),
    breakGlass: few(
      () =>
        db
          .select()
          .from(breakGlass)
          .where(inArray(breakGlass.patientId, listOf(subjectIds))),
      async ({ id, doctorId, patientId, openedAtMs, endsAtMs, reason }) => ({
        doctorId,
        patientId,
        openedAt: iso(openedAtMs),
        endsAt: iso(endsAtMs),
        reason: await openFor(patientId, { table: 'break_glass', row: id, column: 'reason' }, reason),
      }),
    ),
    /** What was done with the account; from where, if it was the person: an admin's address is not theirs to take. */
    history: pages(
      (last: typeof auditEvents.$inferSelect | null) =>
        db
          .select()
          .from(auditEvents)
          .where(
            and(
              eq(auditEvents.stream, `account:${accountId}`),
              after(last, (row) => gt(auditEvents.seq, row.seq)),
            ),
          )
          .orderBy(asc(auditEvents.seq))
          .limit(pageRows),
      ({ seq, atMs, action, actorId, actorRole, data }) => ({
        seq,
        at: iso(atMs),
        action,
        actorId,
        actorRole,
        data: JSON.parse(data, (key, value) => (key === 'from' && actorId !== accountId ? undefined : value)),
      }),
    ),
  };
};
