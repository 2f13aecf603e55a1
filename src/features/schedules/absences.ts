import type { z } from '@hono/zod-openapi';
import { and, desc, eq, inArray, lt, or } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { insertRows } from '../../db/insert-rows.ts';
import { absenceItems, absences, appointments, doctors } from '../../db/schema.ts';
import { may, type Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { type PlannedItem, planAbsence, slotOf } from './absence-plan.ts';
import type { absencePositionSchema, absenceSchema, NewAbsence } from './absence-schema.ts';
import { addTimeOff } from './time-off.ts';

type Item = typeof absenceItems.$inferSelect;

/**
 * Takes time off and leaves a work list of what is done about everybody who is booked then, in one transaction. What is
 * not said otherwise is done as proposed. Refuses as a plan and a time off do, and with `invalid_request` for a choice
 * about an appointment that is not concerned.
 */
export const beginAbsence = async (
  env: Env,
  doctorId: string,
  { timeOff, choices }: NewAbsence,
  actor: Principal,
  nowMs: number,
): Promise<Result<string, Refusal>> => {
  const planned = await planAbsence(env, doctorId, timeOff, actor, nowMs);
  if (!planned.ok) return planned;
  const concerned = new Map(planned.value.map((item) => [item.row.id, item]));
  const errors = choices.flatMap((choice, i) => {
    const item = concerned.get(choice.appointmentId);
    const at = (field: string, message: string) => [{ path: `choices.${i}.${field}`, message }];
    if (item === undefined) return at('appointmentId', 'is not an appointment that stands in this absence');
    const goes = choice.action === 'move';
    if (goes && choice.slotId === undefined && item.substitute === null)
      return at('slotId', 'is missing: nothing is free');
    return !goes && choice.slotId !== undefined ? at('slotId', 'is for a move only') : [];
  });
  if (errors.length > 0) return refused(refusal('invalid_request', undefined, { errors }));
  const id = `b_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;
  const items = planned.value.map((item) => itemOf(id, doctorId, item, choices));
  const added = await addTimeOff(env, doctorId, timeOff, actor, nowMs, {
    data: { absenceId: id, appointments: items.length },
    statements: (db, timeOffId) => [
      db.insert(absences).values({
        ...{ id, doctorId, timeOffId, actor: JSON.stringify(actor), createdAtMs: nowMs },
        doneAtMs: items.length === 0 ? nowMs : null,
      }),
      insertRows(db, absenceItems, items),
    ],
  });
  return added.ok ? ok(id) : added;
};

const itemOf = (
  absenceId: string,
  doctorId: string,
  { row, substitute }: PlannedItem,
  choices: NewAbsence['choices'],
): Item => {
  const choice = choices.find(({ appointmentId }) => appointmentId === row.id);
  const action = choice?.action ?? (substitute === null ? 'offer' : 'move');
  const slotId = action === 'move' ? (choice?.slotId ?? slotOf(doctorId, substitute)) : null;
  return { absenceId, appointmentId: row.id, action, slotId, state: 'pending', why: null, settledAtMs: null };
};

/**
 * A doctor's absences with what the reader may see of their work lists, newest first: one more than `limit` if there are;
 * `null` for no doctor.
 */
export const absencePage = async (
  db: Database,
  doctorId: string,
  after: z.output<typeof absencePositionSchema> | null,
  limit: number,
  reader: Principal,
) => {
  const [known] = await db.select({ id: doctors.id }).from(doctors).where(eq(doctors.id, doctorId));
  if (known === undefined) return null;
  const rows = await db
    .select()
    .from(absences)
    .where(
      and(
        eq(absences.doctorId, doctorId),
        after === null
          ? undefined
          : or(
              lt(absences.createdAtMs, after.createdAtMs),
              and(eq(absences.createdAtMs, after.createdAtMs), lt(absences.id, after.id)),
            ),
      ),
    )
    .orderBy(desc(absences.createdAtMs), desc(absences.id))
    .limit(limit + 1);
  return withItems(db, rows, reader);
};

/** An absence of a doctor, with what the reader may see of its work list; `null` when there is none. */
export const absenceOf = async (db: Database, doctorId: string, id: string, reader: Principal) => {
  const rows = await db
    .select()
    .from(absences)
    .where(and(eq(absences.id, id), eq(absences.doctorId, doctorId)));
  return (await withItems(db, rows, reader))[0] ?? null;
};

type Absence = typeof absences.$inferSelect & { readonly items: readonly Item[] };

const withItems = async (
  db: Database,
  rows: readonly (typeof absences.$inferSelect)[],
  reader: Principal,
): Promise<Absence[]> => {
  if (rows.length === 0) return [];
  const items = await db
    .select()
    .from(absenceItems)
    .where(inArray(absenceItems.absenceId, listOf(rows.map(({ id }) => id))));
  const isWhole = rows.every(({ doctorId }) => may(reader, 'absence.manage', { doctorId }));
  const shown = isWhole ? items : await readableBy(db, reader, items);
  const byAbsence = Map.groupBy(shown, ({ absenceId }) => absenceId);
  return rows.map((row) => ({ ...row, items: byAbsence.get(row.id) ?? [] }));
};

/** Of some items, those whose appointments a reader may read: staff, those at their clinics. */
const readableBy = async (db: Database, reader: Principal, items: readonly Item[]): Promise<Item[]> => {
  const { id, patientId, doctorId, clinicId } = appointments;
  const rows = await db
    .select({ id, patientId, doctorId, clinicId })
    .from(appointments)
    .where(inArray(appointments.id, listOf(items.map(({ appointmentId }) => appointmentId))));
  const readable = new Set(rows.filter((row) => may(reader, 'appointment.read', row)).map((row) => row.id));
  return items.filter(({ appointmentId }) => readable.has(appointmentId));
};

/** An absence as it is shown. */
export const absenceView = (row: Absence): z.input<typeof absenceSchema> => ({
  id: row.id,
  doctorId: row.doctorId,
  timeOffId: row.timeOffId,
  createdAt: new Date(row.createdAtMs).toISOString(),
  doneAt: row.doneAtMs === null ? null : new Date(row.doneAtMs).toISOString(),
  items: row.items.map(({ appointmentId, action, slotId, state, why }) => ({
    ...{ appointmentId, action, slotId, state, why },
  })),
});
