import { and, desc, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { accounts, breakGlass, doctors } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { Settings } from '../../env.ts';
import { dispatch, type Message, postMessage } from '../../messages/message.ts';
import { patientOf } from '../../patients/patients.ts';
import type { Place } from '../../sealing/sealed-text.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { auditStatement } from '../audit/record.ts';

/** A record that was opened. */
export type Opened = typeof breakGlass.$inferSelect;

/** How long a record stays open. */
const openMs = 60 * 60_000;
/** How many a doctor opens within 24 hours: an emergency room's worst day, not somebody's curiosity. */
const maxADay = 10;
const dayMs = 86_400_000;
/** How many admins are told. */
const maxTold = 20;

/** Where the reason of an opening stands. It is about the patient, so it is sealed with the patient's key. */
const reasonPlace = (id: string): Place => ({ table: 'break_glass', row: id, column: 'reason' });

/**
 * Opens a patient's record to a doctor who has no relation to the patient: for reading, for an hour. In one transaction
 * with it stand its audit and the messages to the patient (or the guardian) and to the admins who look after the audit.
 * While it is open, opening it again gives the same opening, with its first reason and end, and tells nobody anew.
 * Refuses with `forbidden` (a doctor who is not verified: anybody can register as one), `not_found` (no such patient),
 * `break_glass_limit`.
 */
export const openRecord = async (
  { env, settings, sealing }: { readonly env: Env; readonly settings: Settings; readonly sealing: Sealing },
  doctor: Identity,
  patientId: string,
  reason: string,
  nowMs: number,
): Promise<Result<{ readonly opened: Opened; readonly isNew: boolean }, Refusal>> => {
  const db = database(env.DB);
  const [verified] = await db
    .select({ fullName: doctors.fullName })
    .from(doctors)
    .where(and(eq(doctors.id, doctor.id), isNotNull(doctors.verifiedAtMs)));
  if (verified === undefined) return refused(refusal('forbidden'));
  const patient = await patientOf(db, patientId);
  if (patient === null) return refused(refusal('not_found'));
  const before = await stillOpen(db, doctor.id, patientId, nowMs);
  if (before !== null) return ok({ opened: before, isNew: false });
  const id = `b_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;
  const opened: Opened = {
    id,
    doctorId: doctor.id,
    patientId,
    reason: await sealing.sealFor(patientId, reasonPlace(id), reason),
    openedAtMs: nowMs,
    endsAtMs: nowMs + openMs,
  };
  const told = [
    toPatient(patient, verified.fullName, opened),
    ...(await auditors(db)).map((one) => toAdmin(one, opened)),
  ];
  const messages = await Promise.all(told.map((message) => postMessage(db, settings.dataKey, message, nowMs)));
  try {
    await db.batch([
      guard(
        db,
        sql`(select count(*) from break_glass where doctor_id = ${doctor.id} and opened_at_ms > ${nowMs - dayMs}) < ${maxADay}
          and not exists (select 1 from break_glass where ${opening(doctor.id, patientId, nowMs)})`,
      ),
      db.insert(breakGlass).values(opened),
      auditStatement(db, {
        stream: `account:${doctor.id}`,
        actor: doctor,
        action: 'breakglass.opened',
        subjectId: patientId,
        data: { breakglass: true, why: 'break_glass', patientIds: [patientId], id, endsAtMs: opened.endsAtMs },
        atMs: nowMs,
      }),
      ...messages.map(({ statement }) => statement),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    const meanwhile = await stillOpen(db, doctor.id, patientId, nowMs);
    return meanwhile === null ? refused(refusal('break_glass_limit')) : ok({ opened: meanwhile, isNew: false });
  }
  await dispatch(env, ...messages.map((message) => message.id));
  return ok({ opened, isNew: true });
};

const opening = (doctorId: string, patientId: string, nowMs: number) =>
  and(eq(breakGlass.doctorId, doctorId), eq(breakGlass.patientId, patientId), gt(breakGlass.endsAtMs, nowMs));

const stillOpen = async (db: Database, doctorId: string, patientId: string, nowMs: number): Promise<Opened | null> =>
  (
    await db
      .select()
      .from(breakGlass)
      .where(opening(doctorId, patientId, nowMs))
      .limit(1)
  )[0] ?? null;

/** Openings, newest first; one more than `limit` when there are more. */
export const openings = (
  db: Database,
  after: { readonly openedAtMs: number; readonly id: string } | null,
  limit: number,
): Promise<Opened[]> =>
  db
    .select()
    .from(breakGlass)
    .where(
      after === null
        ? undefined
        : sql`(${breakGlass.openedAtMs}, ${breakGlass.id}) < (${after.openedAtMs}, ${after.id})`,
    )
    .orderBy(desc(breakGlass.openedAtMs), desc(breakGlass.id))
    .limit(limit + 1);

/** The reason of an opening; `null` once the patient was erased. */
export const reasonFor = ({ openFor }: Sealing, { id, patientId, reason }: Opened): Promise<string | null> =>
  openFor(patientId, reasonPlace(id), reason);

/** The admins who look after the audit. */
const auditors = (db: Database): Promise<{ id: string; email: string }[]> =>
  db
    .select({ id: accounts.id, email: accounts.email })
    .from(accounts)
    .where(
      and(
        eq(accounts.role, 'admin'),
        isNull(accounts.deactivatedAtMs),
        sql`exists (select 1 from json_each(${accounts.adminPermissions}) where value = 'audit')`,
      ),
    )
    .orderBy(accounts.createdAtMs, accounts.id)
    .limit(maxTold);

const until = ({ endsAtMs }: Opened): string =>
  `${new Date(endsAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Mail is read by others than its owner: it says that the record was opened, and nothing of what is in it. */
const toPatient = (
  { accountId, email }: { readonly accountId: string; readonly email: string },
  doctorName: string,
  opened: Opened,
): Message => ({
  channel: 'email',
  accountId,
  to: email,
  kind: 'break_glass',
  subject: 'A doctor opened your record in an emergency',
  text: [
    `${doctorName}, with whom you have no appointment that would allow it, opened your record in an emergency and may read it until ${until(opened)}. A reason had to be given, and those who look after privacy here have been told.`,
    'Daybook shows you who has looked at your record. If you do not know why this happened, write to your clinic.',
    'Daybook',
  ].join('\n\n'),
});

const toAdmin = ({ id, email }: { readonly id: string; readonly email: string }, opened: Opened): Message => ({
  channel: 'email',
  accountId: id,
  to: email,
  kind: 'break_glass_review',
  subject: 'A patient’s record was opened in an emergency',
  text: [
    `Doctor ${opened.doctorId} opened the record of patient ${opened.patientId} until ${until(opened)}.`,
    `Its reason is in the list of openings, under ${opened.id}. Please see whether it holds.`,
    'Daybook',
  ].join('\n\n'),
});
