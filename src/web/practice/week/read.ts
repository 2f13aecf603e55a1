import type { InferResponseType } from 'hono/client';
import { holdsSeat } from '../../../domain/doctor-day/status.ts';
import { addDays, datesBetween, type LocalDate, parseLocalDate } from '../../../domain/local-date.ts';
import { localDateOf } from '../../../domain/zoned-time.ts';
import { asked, type PageApi, wanted } from '../../api.ts';
import type { Visit } from '../../visit.tsx';
import { ownId } from '../own.ts';

export const daysShown = 7;

type Appointments = InferResponseType<PageApi['appointments']['$get'], 200>['items'];
type Days = InferResponseType<PageApi['doctors'][':id']['availability']['$get'], 200>['days'];
export type Appointment = Appointments[number];
export type Free = NonNullable<Days[number]['freeSlots']>[number];
type Off = InferResponseType<PageApi['doctors'][':id']['time-off']['$get'], 200>['items'][number];

/** One date of the week. */
export interface Day {
  readonly date: LocalDate;
  readonly appointments: readonly Appointment[];
  readonly free: readonly Free[];
  readonly away: readonly Off[];
}

/** A doctor as their own pages need them: who, and which date it is there. */
export const doctorNow = async (visit: Visit) => {
  const doctor = await wanted(visit.api.doctors[':id'].$get({ param: { id: ownId(visit) } }));
  return { doctor, today: localDateOf(Date.now(), doctor.timeZone) };
};

/** A date as it was asked for in an address, or another. */
export const dateOr = (text: string | undefined, other: LocalDate): LocalDate => parseLocalDate(text ?? '') ?? other;

/** What is free from a date on, by date; nothing for a doctor whom nobody can book yet. */
export const freeFrom = async (visit: Visit, from: LocalDate): Promise<ReadonlyMap<string, readonly Free[]>> => {
  const query = { from, to: addDays(from, daysShown - 1), include: 'slots' } as const;
  const found = await asked(visit.api.doctors[':id'].availability.$get({ param: { id: ownId(visit) }, query }));
  return new Map(found.ok ? found.value.days.map(({ date, freeSlots }) => [date, freeSlots ?? []]) : []);
};

/** The seven days from a date on: what is booked, what is free, and when the doctor is away. */
export const weekFrom = async (visit: Visit, from: LocalDate, timeZone: string): Promise<Day[]> => {
  const { api } = visit;
  const to = addDays(from, daysShown - 1);
  const [{ items }, free, off] = await Promise.all([
    wanted(api.appointments.$get({ query: { from, to, limit: '100' } as never })),
    freeFrom(visit, from),
    wanted(
      api.doctors[':id']['time-off'].$get({ param: { id: ownId(visit) }, query: { from, limit: '100' } as never }),
    ),
  ]);
  return datesBetween(from, to).map((date) => ({
    date,
    appointments: items.filter(
      ({ status, startsAt }) => holdsSeat[status] && localDateOf(Date.parse(startsAt), timeZone) === date,
    ),
    free: free.get(date) ?? [],
    away: off.items.filter((one) => one.from <= date && date <= one.to),
  }));
};
