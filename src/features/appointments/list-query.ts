import { and, asc, desc, eq, gte, inArray, lte, not, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Database } from '../../db/client.ts';
import { appointments } from '../../db/schema.ts';
import { type Principal, relationsFor } from '../../domain/access.ts';
import type { Status } from '../../domain/doctor-day/appointment.ts';
import type { AppointmentView } from '../../domain/doctor-day/view.ts';
import { addDays, type LocalDate } from '../../domain/local-date.ts';
import { viewOf } from './queries.ts';

/** Where a page of appointments goes on. */
export interface Position {
  readonly startsAtMs: number;
  readonly id: string;
}

export interface Filter {
  readonly status?: Status | undefined;
  /** Local dates, both included. */
  readonly from?: LocalDate | undefined;
  readonly to?: LocalDate | undefined;
  readonly doctorId?: string | undefined;
  readonly patientId?: string | undefined;
  readonly clinicId?: string | undefined;
  readonly outsideSchedule?: boolean | undefined;
  /** By their start. */
  readonly order?: 'oldest' | 'newest' | undefined;
}

/** Whose appointments a list may show: those with one of these ids in a column, or (`null`) all. */
export type Scope = { readonly by: 'patientId' | 'doctorId' | 'clinicId'; readonly ids: readonly string[] } | null;

/** What a principal's lists hold: all that it may read. A record that a doctor has opened is asked for by patient. */
export const scopeOf = (principal: Principal): Scope => {
  const relations = relationsFor(principal, 'appointment.read');
  if (relations.includes('any')) return null;
  if (relations.includes('patient')) return { by: 'patientId', ids: [principal.id, ...principal.dependantIds] };
  if (relations.includes('doctor')) return { by: 'doctorId', ids: [principal.id] };
  if (relations.includes('clinic')) return { by: 'clinicId', ids: principal.clinicIds };
  return { by: 'patientId', ids: [] };
};

/** One more than a page of appointments within a scope. */
export const listAppointments = async (
  db: Database,
  scope: Scope,
  filter: Filter,
  after: Position | null,
  limit: number,
  nowMs: number,
): Promise<AppointmentView[]> => {
  const pageOf = (table: Table, owner: SQL | undefined): SQL | undefined =>
    and(owner, wanted(table, filter, nowMs), after === null ? undefined : isAfter(table, after, filter.order));
  const by = filter.order === 'newest' ? desc : asc;
  const ordered = (table: Table): [SQL, SQL] => [by(table.startsAtMs), by(table.id)];
  const [only] = scope?.ids ?? [];
  if (scope !== null && only === undefined) return [];
  const several = scope !== null && scope.ids.length > 1;
  const owner = scope === null || only === undefined ? undefined : eq(appointments[scope.by], only);
  // Of several owners each has a page of its own along an index, and of those the first are the page.
  const own = (column: 'patientId' | 'doctorId' | 'clinicId') =>
    db
      .select({ id: each.id })
      .from(each)
      .where(pageOf(each, sql`${each[column]} = owner.value`))
      .orderBy(...ordered(each))
      .limit(limit + 1);
  const rows = await db
    .select()
    .from(appointments)
    .where(
      several
        ? sql`${appointments.id} in (select one.id from json_each(${JSON.stringify(scope.ids)}) as owner,
            ${appointments} as one where one.id in ${own(scope.by)})`
        : pageOf(appointments, owner),
    )
    .orderBy(...ordered(appointments))
    .limit(limit + 1);
  return rows.map((row) => viewOf(row, nowMs));
};

const each = alias(appointments, 'each_one');
type Table = typeof appointments | typeof each;

const wanted = (table: Table, filter: Filter, nowMs: number): SQL | undefined =>
  and(
    filter.doctorId === undefined ? undefined : eq(table.doctorId, filter.doctorId),
    filter.patientId === undefined ? undefined : eq(table.patientId, filter.patientId),
    filter.clinicId === undefined ? undefined : eq(table.clinicId, filter.clinicId),
    filter.status === undefined ? undefined : statusIs(table, filter.status, nowMs),
    // Spelt out and not bound, so that the index of the few that are outside serves.
    filter.outsideSchedule === undefined
      ? undefined
      : sql`${table.outsideSchedule} = ${sql.raw(filter.outsideSchedule ? '1' : '0')}`,
    within(table, filter),
  );

const isAfter = (table: Table, after: Position, order: Filter['order']): SQL =>
  order === 'newest'
    ? sql`(${table.startsAtMs}, ${table.id}) < (${after.startsAtMs}, ${after.id})`
    : sql`(${table.startsAtMs}, ${table.id}) > (${after.startsAtMs}, ${after.id})`;

const timed = ['pending', 'awaiting_approval'] as const;

/** A hold whose time is up counts as expired even before its doctor-day has written that down. */
const statusIs = (table: Table, status: Status, nowMs: number): SQL | undefined => {
  const stored = eq(table.status, status);
  const runOut = and(inArray(table.status, [...timed]), lte(table.expiresAtMs, nowMs)) as SQL;
  if (status === 'expired') return or(stored, runOut);
  return timed.some((one) => one === status) ? and(stored, not(runOut)) : stored;
};

/** Local dates, with bounds on the instant so that an index by start serves them: zones reach from -12 to +14 hours. */
const within = (table: Table, { from, to }: Filter): SQL | undefined => {
  const hourMs = 3_600_000;
  const midnightMs = (date: LocalDate): number => Date.parse(`${date}T00:00:00Z`);
  return and(
    from && and(gte(table.date, from), gte(table.startsAtMs, midnightMs(from) - 14 * hourMs)),
    to && and(lte(table.date, to), lte(table.startsAtMs, midnightMs(addDays(to, 1)) + 12 * hourMs)),
  );
};
