import { addDays, datesBetween, type LocalDate } from '../../../domain/local-date.ts';
import { asked, wanted } from '../../api.ts';
import { Select } from '../../components/field.tsx';
import { Heading } from '../../components/parts.tsx';
import { numberText, shortDateText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { todayIn } from '../dates.ts';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';
import { Attention, type Standing } from './attention.tsx';
import { Plots } from './plots.tsx';

const periods = ['7', '30', '90', 'ahead'] as const;
type Period = (typeof periods)[number];
const aheadDays = 14;

const rangeOf = (period: Period, today: LocalDate): { from: LocalDate; to: LocalDate } =>
  period === 'ahead'
    ? { from: today, to: addDays(today, aheadDays - 1) }
    : { from: addDays(today, 1 - Number(period)), to: today };

/** The dashboard: what needs somebody, the numbers of today, and plots of a period that stands in the address. */
export const dashboardPage = async (visit: Visit, query: Readonly<Record<string, string>>): Promise<Response> => {
  const { reader, api } = visit;
  const words = officeWords[reader.locale].dashboard;
  const period = periods.find((one) => one === query.period) ?? '30';
  const today = todayIn(reader.timeZone);
  const range = rangeOf(period, today);
  const timeZone = reader.timeZone ?? 'UTC';
  const clinic = query.clinic || undefined;
  const [standing, statistics, figures, clinics, notifications] = await Promise.all([
    standingOf(visit),
    can(visit, 'statistics.read') ? wanted(api.admin.statistics.$get({ query: { ...range, timeZone } })) : null,
    can(visit, 'statistics.read')
      ? wanted(
          api.admin.dashboard.$get({
            query: {
              ...range,
              by: period === '90' ? 'week' : 'day',
              ...(clinic === undefined ? {} : { clinicId: clinic }),
            },
          }),
        )
      : null,
    wanted(api.clinics.$get({ query: { limit: '100' } as never })),
    can(visit, 'system.read')
      ? wanted(
          api.admin.notifications.$get({
            query: { limit: '1', from: `${range.from}T00:00:00Z`, to: `${addDays(range.to, 1)}T00:00:00Z` } as never,
          }),
        )
      : null,
  ]);
  const ofToday = statistics?.bookings.byDay.find(({ date }) => date === today);
  // How many seats are offered is written down when their day is near: of two weeks ahead it says nothing.
  const isAhead = period === 'ahead';
  const n = (value: number) => numberText(value, reader.locale);
  const share = (value: number | null) =>
    value === null ? '–' : numberText(value, reader.locale, { style: 'percent', maximumFractionDigits: 0 });
  const tiles: (readonly [string, string])[] =
    statistics === null || figures === null
      ? []
      : [
          [words.tiles.booked, n(ofToday?.total ?? 0)],
          [words.tiles.completed, n(ofToday?.byStatus.completed ?? 0)],
          [words.tiles.noShows, n(ofToday?.byStatus.no_show ?? 0)],
          [words.tiles.waiting, n(statistics.awaitingApproval)],
          ...(isAhead ? [] : [[words.tiles.fillRate, share(figures.total.fillRate)] as const]),
          [words.tiles.newPatients, n(figures.total.newPatients)],
        ];
  const shown = datesBetween(range.from, range.to);
  return visit.show(
    { title: words.title, at: 'dashboard' },
    <>
      <Heading
        title={words.title}
        lead={words.lead(
          shortDateText(range.from, reader.locale),
          shortDateText(shown.at(-1) ?? range.to, reader.locale),
        )}
      />
      <Attention
        visit={visit}
        standing={{
          ...standing,
          ...(can(visit, 'doctor.verify') && statistics !== null ? { doctors: statistics.doctors.submitted } : {}),
          approvals: statistics?.awaitingApproval ?? 0,
        }}
      />
      {statistics === null || figures === null ? <p>{words.noFigures}</p> : null}
      {tiles.length === 0 ? null : (
        <dl class="tiles">
          {tiles.map(([name, value]) => (
            <div class="card">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {statistics === null || figures === null ? null : (
        <>
          <form method="get" action="/admin" class="row">
            <Select
              name="period"
              label={words.period}
              value={period}
              options={periods.map((one) => [one, words.periods[one]] as const)}
            />
            <Select
              name="clinic"
              label={words.clinic}
              value={clinic}
              options={[['', words.allClinics], ...clinics.items.map(({ id, name }) => [id, name] as const)]}
            />
            <button type="submit">{words.show}</button>
          </form>
          <p class="soft">{words.zones}</p>
          <Plots visit={visit} {...{ statistics, figures, notifications, isAhead }} ofClinic={clinic !== undefined} />
        </>
      )}
    </>,
  );
};

/** What may need somebody, of the parts that this admin may see. */
const standingOf = async (visit: Visit): Promise<Omit<Standing, 'approvals'>> => {
  const { api } = visit;
  const system = can(visit, 'system.read');
  const [submitted, jobs, state] = await Promise.all([
    // Who may see figures finds the number there.
    can(visit, 'doctor.verify') && !can(visit, 'statistics.read')
      ? asked(api.admin.doctors.$get({ query: { state: 'submitted', limit: '100' } as never }))
      : null,
    system ? asked(api.admin.jobs.$get()) : null,
    system ? asked(api.admin.system.$get()) : null,
  ]);
  return {
    doctors: submitted?.ok ? submitted.value.items.length : 0,
    jobs: jobs?.ok ? jobs.value.items.filter(({ failuresInRow }) => failuresInRow > 0).length : 0,
    system: state?.ok ? state.value : null,
  };
};
