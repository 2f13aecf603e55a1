import { and, eq, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { waitlistEntries } from '../../db/schema.ts';
import { type DoctorCalendar, loadCalendars } from '../../doctor-days/availability-query.ts';
import { announceWaitlistChange, bumpWaitlist, newVersion } from '../../doctor-days/waitlist-changes.ts';
import { may, type Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import type { PartOfDay } from '../../domain/doctor-day/waiting.ts';
import type { LocalDate } from '../../domain/local-date.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { Mode } from '../../domain/schedule.ts';
import { bookingWindow } from '../../domain/zoned-time.ts';
import { patientOf } from '../../patients/patients.ts';
import { auditStatement } from '../audit/record.ts';
import { clinicsOf, type Entry } from './entries.ts';
import { freeSeats } from './free-seats.ts';

/** Entries of one patient that wait at once. */
const maxForPatient = 10;
/** Entries that wait for one doctor at once: each day of theirs holds them all. */
const maxForDoctor = 500;

/** For what somebody would wait. */
export interface Wish {
  readonly doctorId: string;
  readonly patientId: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly part: PartOfDay;
  readonly mode: Mode | null;
}

export interface Joined {
  readonly entry: Entry;
  readonly free: ReturnType<typeof freeSeats>;
}

/**
 * Puts a patient at the end of a doctor's line. Refuses with `forbidden`, `unknown_patient`, `unknown_doctor`,
 * `outside_booking_window` (some of the dates cannot be booked), `already_waiting` (for some of the dates),
 * `too_many_items` (of the patient's), `waitlist_full`.
 */
export const join = async (
  env: Env,
  principal: Principal,
  wish: Wish,
  nowMs: number,
): Promise<Result<Joined, Refusal>> => {
  const db = database(env.DB);
  const { doctorId, patientId, from, to } = wish;
  const clinicIds = await clinicsOf(db, doctorId);
  if (!may(principal, 'waitlist.join', { patientId, doctorId, clinicIds })) return refused(refusal('forbidden'));
  const isOwn = principal.role === 'patient' && patientId === principal.id;
  if (!isOwn && (await patientOf(db, patientId)) === null) return refused(refusal('unknown_patient'));
  const calendar = (await loadCalendars(db, [doctorId], { from, to }, nowMs)).get(doctorId);
  const fault = calendar === undefined ? refusal('unknown_doctor') : faultOf(calendar, wish, nowMs);
  if (calendar === undefined || fault !== null) return refused(fault ?? refusal('unknown_doctor'));
  const entry = await enter(db, principal, wish, nowMs);
  if (entry === null) return refused(await whyNot(db, wish));
  await announceWaitlistChange(env, [entry.id], nowMs);
  return ok({ entry, free: freeSeats(calendar, wish, nowMs) });
};

const faultOf = ({ schedule }: DoctorCalendar, { from, to }: Wish, nowMs: number): Refusal | null => {
  if (!schedule.bookable) return refusal('unknown_doctor');
  const open = bookingWindow(schedule, nowMs);
  if (from >= open.from && to <= open.to) return null;
  return refusal('outside_booking_window', `This doctor can be booked from ${open.from} to ${open.to}.`);
};

const active = sql`${waitlistEntries.state} = 'active'`;
const samePatient = ({ doctorId, patientId, from, to }: Wish) =>
  and(
    active,
    eq(waitlistEntries.patientId, patientId),
    eq(waitlistEntries.doctorId, doctorId),
    sql`${waitlistEntries.from} <= ${to} and ${waitlistEntries.to} >= ${from}`,
  );
const ofPatient = (wish: Wish) => and(active, eq(waitlistEntries.patientId, wish.patientId));
const ofDoctor = (wish: Wish) => and(active, eq(waitlistEntries.doctorId, wish.doctorId));

/** Enters a wish; `null` when a limit stands against it. */
const enter = async (db: Database, actor: Principal, wish: Wish, nowMs: number): Promise<Entry | null> => {
  const { doctorId, from, to, part, mode } = wish;
  const id = `w_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;
  const made = { id, ...wish, joinedAtMs: nowMs, state: 'active', closedAtMs: null, owed: true } as const;
  const data = { doctorId, patientId: wish.patientId, from, to, part, mode };
  try {
    const [, , [entry]] = await db.batch([
      guard(
        db,
        sql`not exists (select 1 from ${waitlistEntries} where ${samePatient(wish)})
          and (select count(*) from ${waitlistEntries} where ${ofPatient(wish)}) < ${maxForPatient}
          and (select count(*) from ${waitlistEntries} where ${ofDoctor(wish)}) < ${maxForDoctor}`,
      ),
      bumpWaitlist(db, doctorId),
      db
        .insert(waitlistEntries)
        .values({ ...made, version: newVersion(doctorId) })
        .returning(),
      auditStatement(db, {
        stream: `doctor:${doctorId}`,
        actor,
        action: 'waitlist.joined',
        subjectId: id,
        data,
        atMs: nowMs,
      }),
    ]);
    return entry ?? null;
  } catch (error) {
    if (guardFailed(error)) return null;
    throw error;
  }
};

/** Which limit it was. */
const whyNot = async (db: Database, wish: Wish): Promise<Refusal> => {
  const [same, own] = await db.batch([
    db.select({ id: waitlistEntries.id }).from(waitlistEntries).where(samePatient(wish)).limit(1),
    db.select({ id: waitlistEntries.id }).from(waitlistEntries).where(ofPatient(wish)).limit(maxForPatient),
  ]);
  if (same.length > 0) return refusal('already_waiting');
  return own.length >= maxForPatient
    ? refusal('too_many_items', `A patient waits in at most ${maxForPatient} lines.`)
    : refusal('waitlist_full');
};
