import type { z } from '@hono/zod-openapi';
import { inArray, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { appointments, doctors } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { addDays } from '../../domain/local-date.ts';
import { localDateOf, startOfDayMs } from '../../domain/zoned-time.ts';
import { asTold, isSecondPaymentOf, lateMinutesOf, offeredUntilMsOf } from '../../notifications/as-told.ts';
import { preferencesOf } from '../../notifications/preferences.ts';
import type { WordFacts } from '../../notifications/words/facts.ts';
import { render, titleOf } from '../../notifications/words/render.ts';
import { namesOf } from '../../patients/names.ts';
import type { LedgerRow } from './inbox.ts';
import type { inboxItemSchema } from './inbox-schema.ts';

type Appointment = Pick<
  typeof appointments.$inferSelect,
  'id' | 'doctorId' | 'patientId' | 'clinicId' | 'mode' | 'startsAtMs' | 'endsAtMs' | 'timeZone'
>;

/** What the rows of a page are put into words with, besides what they keep themselves. */
interface Known {
  readonly appointments: ReadonlyMap<string, Appointment>;
  readonly names: ReadonlyMap<string, string>;
  /** How many appointments the day of a digest has, by when it begins. */
  readonly days: ReadonlyMap<number, number>;
  readonly timeZone: string;
}

/**
 * A page of somebody's list in their language. It is put into words as it is read: when, where and with whom it was, as
 * it was told; names as they are now, and none of a patient for who has nothing to do any more with the appointment.
 */
export const inboxItems = async (
  db: Database,
  rows: readonly LedgerRow[],
  reader: Principal,
): Promise<z.input<typeof inboxItemSchema>[]> => {
  const locale = (await preferencesOf(db, [reader.id])).get(reader.id)?.locale ?? 'en';
  const known = await knownOf(db, rows, reader);
  return rows.map((row) => {
    const facts = factsOf(row, known, reader);
    const said = facts === null ? null : render(row.kind, facts, { locale, channel: 'in_app' });
    return {
      id: row.id,
      kind: row.kind,
      audience: row.audience,
      title: said?.subject ?? titleOf(row.kind, row.audience, locale),
      text: said?.text ?? '',
      appointmentId: isOfAppointment(row) ? row.subjectId : null,
      documentId: row.kind === 'document_shared' ? row.subjectId : null,
      startsAt: iso(row.startsAtMs),
      at: iso(row.sentAtMs ?? row.createdAtMs),
      readAt: row.readAtMs === null ? null : iso(row.readAtMs),
    };
  });
};

const isOfAppointment = ({ kind }: LedgerRow): boolean => kind !== 'digest' && kind !== 'document_shared';

// What was given to read ends at the time that its row has; of that, and of a day, nothing else is known.
const factsOf = (row: LedgerRow, known: Known, reader: Principal): WordFacts | null =>
  isOfAppointment(row) ? ofAppointment(row, known, reader) : ofDay(row, known);

const iso = (ms: number): string => new Date(ms).toISOString();

const knownOf = async (db: Database, rows: readonly LedgerRow[], reader: Principal): Promise<Known> => {
  const ids = rows.filter(isOfAppointment).map(({ subjectId }) => subjectId);
  const [found, [doctor]] = await db.batch([
    db
      .select({
        id: appointments.id,
        doctorId: appointments.doctorId,
        patientId: appointments.patientId,
        clinicId: appointments.clinicId,
        mode: appointments.mode,
        startsAtMs: appointments.startsAtMs,
        endsAtMs: appointments.endsAtMs,
        timeZone: appointments.timeZone,
      })
      .from(appointments)
      .where(inArray(appointments.id, listOf([...new Set(ids)]))),
    db
      .select({ timeZone: doctors.timeZone })
      .from(doctors)
      .where(inArray(doctors.id, listOf([reader.id]))),
  ]);
  const timeZone = doctor?.timeZone ?? 'UTC';
  const digests = rows.filter(({ kind }) => kind === 'digest').map(({ startsAtMs }) => startsAtMs);
  return {
    appointments: new Map(found.map((row) => [row.id, row])),
    names: await namesOf(db, [
      ...found.map(({ patientId }) => patientId),
      ...[...found, ...rows].flatMap((one) => [one.doctorId, one.clinicId]),
    ]),
    days: digests.length === 0 ? new Map() : await appointmentsOn(db, reader.id, digests, timeZone),
    timeZone,
  };
};

/** How many appointments a doctor has on days, by the instants at which those begin. */
const appointmentsOn = async (
  db: Database,
  doctorId: string,
  startsMs: readonly number[],
  timeZone: string,
): Promise<Map<number, number>> => {
  const days = startsMs.map((ms) => [ms, startOfDayMs(addDays(localDateOf(ms, timeZone), 1), timeZone)]);
  const counted = await db.all<{ day: number; n: number }>(sql`
    select json_extract(d.value, '$[0]') as day, count(*) as n
    from json_each(${JSON.stringify(days)}) as d
    join ${appointments} as a on a.doctor_id = ${doctorId}
      and a.starts_at_ms >= json_extract(d.value, '$[0]') and a.starts_at_ms < json_extract(d.value, '$[1]')
      and a.status in ('confirmed', 'completed', 'no_show')
    group by 1`);
  return new Map(counted.map(({ day, n }) => [day, n]));
};

const ofAppointment = (row: LedgerRow, known: Known, reader: Principal): WordFacts | null => {
  const appointment = known.appointments.get(row.subjectId);
  if (appointment === undefined) return null;
  const { id, patientId } = appointment;
  const { startsAtMs, endsAtMs, timeZone, mode, doctorId, clinicId } = asTold(row, appointment);
  const isPatients = patientId === reader.id || reader.dependantIds.includes(patientId);
  const mayName = row.audience === 'doctor' ? appointment.doctorId === reader.id : isPatients;
  const nameOf = (of: string | null): string | null => (of === null ? null : (known.names.get(of) ?? null));
  return {
    appointment: { id, startsAtMs, endsAtMs, timeZone, mode },
    doctorName: nameOf(doctorId) ?? '',
    clinicName: nameOf(clinicId),
    patientName: mayName ? nameOf(patientId) : null,
    audience: row.audience,
    appUrl: '',
    unsubscribeUrl: null,
    previousStartsAtMs: row.previousStartsAtMs,
    previousTimeZone: row.previousTimeZone,
    by: row.causedBy,
    lateMinutes: lateMinutesOf(row),
    offeredUntilMs: offeredUntilMsOf(row),
    isSecondPayment: isSecondPaymentOf(row),
  };
};

const ofDay = ({ startsAtMs, timeZone, audience }: LedgerRow, known: Known): WordFacts => ({
  appointment: {
    ...{ id: '', mode: 'in_person', startsAtMs, endsAtMs: startsAtMs },
    timeZone: timeZone ?? known.timeZone,
  },
  doctorName: '',
  clinicName: null,
  patientName: null,
  audience,
  appUrl: '',
  unsubscribeUrl: null,
  count: known.days.get(startsAtMs) ?? 0,
});
