import { and, eq, isNull, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { absenceItems, absences, appointments } from '../../db/schema.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import { loadSchedules } from '../../doctor-days/schedule-query.ts';
import type { Principal } from '../../domain/access.ts';
import type { RequestKey } from '../../domain/doctor-day/reply.ts';
import { parseSlotId } from '../../domain/ids.ts';
import { addDays, type LocalDate } from '../../domain/local-date.ts';
import type { Refusal, RefusalCode } from '../../domain/refusal.ts';
import { describeError, report } from '../../http/log.ts';
import { tellPatients } from '../../notifications/tell.ts';
import { displaced, slotOf, substitutes } from './absence-plan.ts';

/** Absences that one turn looks at, and how many of an absence's items it does. */
const absencesAtOnce = 10;
const itemsAtOnce = 50;
/** How many slots are tried for an appointment, before its patient is asked to choose. */
const maxTries = 5;

type Absence = typeof absences.$inferSelect;
type Item = typeof absenceItems.$inferSelect;
type Settled = Pick<Item, 'state' | 'why'>;

/** What passes by itself: the item waits for the next turn. */
const passing: ReadonlySet<RefusalCode> = new Set([
  ...(['temporarily_unavailable', 'day_frozen', 'move_in_progress', 'request_in_flight'] as const),
]);
/** What is about the slot: another may do. `forbidden` is one to which whoever is at work may move nobody. */
const aboutSlot: ReadonlySet<RefusalCode> = new Set([
  ...(['slot_full', 'slot_not_found', 'outside_booking_window', 'mode_unavailable', 'already_booked'] as const),
  ...(['same_slot', 'move_failed', 'resource_unavailable', 'forbidden'] as const),
]);

/** Goes on with every absence that is under way. Every minute; gives how many appointments came to rest. */
export const workOnAbsences = async (env: Env, nowMs: number): Promise<number> => {
  const rows = await database(env.DB)
    .select()
    .from(absences)
    .where(isNull(absences.doneAtMs))
    .orderBy(absences.createdAtMs)
    .limit(absencesAtOnce);
  let settled = 0;
  for (const row of rows) settled += await workOn(env, row, nowMs);
  return settled;
};

/** Goes on with one, at once. */
export const workOnAbsence = async (env: Env, id: string, nowMs: number): Promise<void> => {
  const [row] = await database(env.DB)
    .select()
    .from(absences)
    .where(and(eq(absences.id, id), isNull(absences.doneAtMs)));
  if (row !== undefined) await workOn(env, row, nowMs);
};

/**
 * Works on an absence: each item by commands that can be repeated, so that a crash between doing and noting does nothing
 * twice, and two at once do what one does.
 */
const workOn = async (env: Env, absence: Absence, nowMs: number): Promise<number> => {
  const db = database(env.DB);
  const items = await db
    .select()
    .from(absenceItems)
    .where(and(eq(absenceItems.absenceId, absence.id), eq(absenceItems.state, 'pending')))
    .limit(itemsAtOnce);
  await closeDays(env, db, absence, items);
  let settled = 0;
  for (const item of items) {
    try {
      const outcome = await done(env, db, absence, item, nowMs);
      if (outcome === null) continue;
      await db
        .update(absenceItems)
        .set({ ...outcome, settledAtMs: nowMs })
        .where(and(ofItem(item), eq(absenceItems.state, 'pending')));
      settled += 1;
    } catch (error) {
      report('absence_item_failed', {
        absenceId: absence.id,
        appointmentId: item.appointmentId,
        ...describeError(error),
      });
    }
  }
  await db
    .update(absences)
    .set({ doneAtMs: nowMs })
    .where(
      and(
        eq(absences.id, absence.id),
        sql`not exists (select 1 from absence_items where absence_id = ${absence.id} and state = 'pending')`,
      ),
    );
  return settled;
};

/** Before a seat is freed its day hears of the absence, or somebody else would be given it. */
const closeDays = async (env: Env, db: Database, { doctorId }: Absence, items: readonly Item[]): Promise<void> => {
  const rows = await db
    .selectDistinct({ date: appointments.date })
    .from(appointments)
    .where(
      sql`${appointments.id} in (select value from json_each(${JSON.stringify(items.map((item) => item.appointmentId))}))`,
    );
  const dates = rows.map(({ date }) => date as LocalDate).toSorted();
  const [from, to] = [dates[0], dates.at(-1)];
  if (from === undefined || to === undefined) return;
  const schedule = (await loadSchedules(db, [doctorId], { from: addDays(from, -2), to: addDays(to, 2) })).get(doctorId);
  if (schedule === undefined) return;
  for (const date of dates) await doctorDays(env).applySchedule({ doctorId, date }, schedule);
};

const ofItem = ({ absenceId, appointmentId }: Item) =>
  and(eq(absenceItems.absenceId, absenceId), eq(absenceItems.appointmentId, appointmentId));

const done = async (env: Env, db: Database, absence: Absence, item: Item, nowMs: number): Promise<Settled | null> => {
  const { appointmentId, action } = item;
  if (action === 'offer') return asked(env, appointmentId, null, nowMs);
  if (action === 'move') return moved(env, db, absence, item, nowMs);
  const principal: Principal = JSON.parse(absence.actor);
  const command = { type: 'cancel', principal, appointmentId, statusReason: null } as const;
  const answer = await doctorDays(env).execute(command, keyOf(item, 'cancel'));
  if (answer?.ok) return { state: 'cancelled', why: null };
  return unresolved(answer?.refusal);
};

const moved = async (env: Env, db: Database, absence: Absence, item: Item, nowMs: number): Promise<Settled | null> => {
  const principal: Principal = JSON.parse(absence.actor);
  const taken = new Set<number>();
  let { slotId } = item;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const slot = slotId === null ? null : parseSlotId(slotId);
    if (slot === null) break;
    const move = { principal, appointmentId: item.appointmentId, moveId: crypto.randomUUID() };
    const key = keyOf(item, slotId ?? '');
    const to = { to: slot.day, startsAtMs: slot.startsAtMs };
    const answer = await doctorDays(env).reschedule({ ...move, ...to }, key, nowMs);
    if (answer?.ok) return { state: 'moved', why: null };
    const refusal = answer?.refusal;
    if (refusal === undefined || !aboutSlot.has(refusal.code)) return unresolved(refusal);
    taken.add(slot.startsAtMs);
    slotId = await nextSlot(db, absence.doctorId, item.appointmentId, taken, nowMs);
    await db.update(absenceItems).set({ slotId }).where(ofItem(item));
  }
  return asked(env, item.appointmentId, 'slot_full', nowMs);
};

const nextSlot = async (
  db: Database,
  doctorId: string,
  appointmentId: string,
  taken: ReadonlySet<number>,
  nowMs: number,
): Promise<string | null> => {
  const [row] = await db.select().from(appointments).where(eq(appointments.id, appointmentId));
  if (row === undefined) return null;
  const found = await substitutes(db, doctorId, [displaced(row)], null, nowMs, taken);
  return slotOf(doctorId, found.get(appointmentId) ?? null);
};

/** Asks the patient to choose another time. The appointment stands until they do. */
const asked = async (env: Env, appointmentId: string, why: RefusalCode | null, nowMs: number): Promise<Settled> => {
  await tellPatients(env, { kind: 'rebook', appointmentIds: [appointmentId], causedBy: 'doctor' }, nowMs);
  return { state: 'offered', why };
};

/** `null` for what passes. Anything else a person must look at: mostly, that the patient was faster. */
const unresolved = (refusal: Refusal | undefined): Settled | null =>
  refusal !== undefined && passing.has(refusal.code)
    ? null
    : { state: 'unresolved', why: refusal?.code ?? 'not_found' };

/** The same command again gets the answer that it got. */
const keyOf = ({ absenceId, appointmentId }: Item, what: string): RequestKey => ({
  key: `absence:${absenceId}:${appointmentId.slice(-12)}:${what}`,
  fingerprint: what,
});
