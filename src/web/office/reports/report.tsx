import type { InferResponseType } from 'hono/client';
import { addDays, parseLocalDate } from '../../../domain/local-date.ts';
import { asked, type PageApi, type Problem, wanted } from '../../api.ts';
import { Field, Select } from '../../components/field.tsx';
import { ActionButton } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty, Table } from '../../components/parts.tsx';
import { Plot, tintOf } from '../../components/plot.tsx';
import { formPage } from '../../form-page.tsx';
import { moneyText, monthText, numberText, timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { todayIn } from '../dates.ts';
import { can } from '../gate.ts';
import { inJson } from '../json.ts';
import { officeWords } from '../words/words.ts';

type Summary = InferResponseType<PageApi['admin']['reports']['monthly']['summary']['$get'], 200>;
type Report = Extract<Summary, { days: unknown }>;
type Figures = Report['total'];

/** The month before the one of a date: the newest that may be over. */
const monthBefore = (today: string): string => {
  const first = parseLocalDate(`${today.slice(0, 7)}-01`);
  return (first === null ? today : addDays(first, -1)).slice(0, 7);
};

/** The report of a month: of all, or of a clinic. */
export const reportPage = async (
  visit: Visit,
  query: Readonly<Record<string, string>>,
  problem: Problem | null = null,
): Promise<Response> => {
  const { reader, api } = visit;
  const words = officeWords[reader.locale].reports.reports;
  const month = /^20\d\d-(0[1-9]|1[0-2])$/.test(query.month ?? '')
    ? (query.month ?? '')
    : monthBefore(todayIn(reader.timeZone));
  const of = { month, ...(query.clinic ? { clinicId: query.clinic } : {}) };
  const [report, clinics] = await Promise.all([
    asked(api.admin.reports.monthly.summary.$get({ query: of as never })),
    wanted(api.clinics.$get({ query: { limit: '100' } as never })),
  ]);
  // Nothing reported yet is no failure; whatever else is refused is.
  if (!report.ok && report.problem.status !== 404)
    await wanted(api.admin.reports.monthly.summary.$get({ query: of as never }));
  return formPage(
    visit,
    { title: `${words.title}: ${monthText(month, reader.locale)}`, lead: words.lead, at: 'reports', problem },
    <>
      <form method="get" action="/admin/reports" class="row">
        <Field name="month" type="month" label={words.month} value={month} />
        <Select
          name="clinic"
          label={words.clinic}
          value={query.clinic}
          options={[['', words.all], ...clinics.items.map(({ id, name }) => [id, name] as const)]}
        />
        <button type="submit">{words.show}</button>
      </form>
      {report.ok ? (
        <Shown visit={visit} report={inJson(report.value) as Report} of={of} />
      ) : (
        <Empty icon="file" title={words.none(monthText(month, reader.locale))}>
          <p>{words.noneHint}</p>
        </Empty>
      )}
      {can(visit, 'report.regenerate') ? (
        <div class="actions">
          <ActionButton visit={visit} action="/admin/reports/regenerate" fields={{ month, clinic: query.clinic ?? '' }}>
            {words.regenerate}
          </ActionButton>{' '}
          <span class="soft">{words.regenerateHint}</span>
        </div>
      ) : null}
    </>,
  );
};

const Shown = ({
  visit,
  report,
  of,
}: {
  readonly visit: Visit;
  readonly report: Report;
  readonly of: Readonly<Record<string, string>>;
}) => {
  const { locale, timeZone } = visit.reader;
  const words = officeWords[locale].reports.reports;
  const n = (value: number) => numberText(value, locale);
  const share = (value: number | null) =>
    value === null ? '–' : numberText(value, locale, { style: 'percent', maximumFractionDigits: 0 });
  const shown = ['booked', 'completed', 'noShows', 'cancelledByPatient', 'cancelledByPractice', 'newPatients'] as const;
  const rows = (figures: Figures): string[] => [
    ...shown.map((name) => n(figures[name])),
    share(figures.fillRate),
    share(figures.noShowRate),
    figures.income.map((money) => moneyText(money, locale)).join(', ') || '–',
    figures.stars === null ? '–' : numberText(figures.stars, locale, { maximumFractionDigits: 1 }),
  ];
  const before = report.previous === null ? null : rows(report.previous as Figures);
  const names = [...shown, 'fillRate', 'noShowRate', 'income', 'stars'] as const;
  const day = (date: string) => numberText(Number(date.slice(8)), locale);
  const file = (kind: 'summary' | 'by-doctor', format: 'pdf' | 'csv', text: string) => (
    <li>
      <a href={`/api/v1/admin/reports/monthly/${kind}?${new URLSearchParams({ ...of, format })}`}>
        <Icon name="download" /> {text}
      </a>
    </li>
  );
  return (
    <>
      <p class="soft">
        {report.kind === 'all' ? '' : `${report.name} · `}
        {words.revision(n(report.revision), timeText(report.madeAt, timeZone ?? 'UTC', locale))}
      </p>
      <Plot
        {...{ visit, title: words.days, write: n }}
        labels={report.days.map(({ date }) => day(date))}
        series={[
          { name: words.completed, tint: tintOf.completed, values: report.days.map(({ completed }) => completed) },
          { name: words.noShows, tint: tintOf.noShow, values: report.days.map(({ noShows }) => noShows) },
          { name: words.cancelled, tint: tintOf.cancelled, values: report.days.map(({ cancelled }) => cancelled) },
        ]}
      />
      <h2>{words.figures}</h2>
      <Table
        caption={words.compared}
        head={[words.figure, words.thisMonth, ...(before === null ? [] : [words.before])]}
        rows={rows(report.total).map((value, i) => [
          words.names[names[i] ?? 'booked'],
          value,
          ...(before === null ? [] : [before[i] ?? '']),
        ])}
      />
      {report.doctors.length === 0 ? null : (
        <>
          <h2>{words.doctors}</h2>
          <Table
            caption={words.byDoctorCaption}
            head={[words.doctor, words.visits, words.noShows, words.names.fillRate, words.names.income]}
            rows={report.doctors.map(({ name, total }) => [
              name,
              n(total.completed),
              n(total.noShows),
              share(total.fillRate),
              total.income.map((money) => moneyText(money, locale)).join(', ') || '–',
            ])}
          />
        </>
      )}
      <h2>{words.downloads}</h2>
      <ul class="row">
        {file('summary', 'pdf', words.summaryPdf)}
        {file('summary', 'csv', words.summaryCsv)}
        {file('by-doctor', 'pdf', words.doctorsPdf)}
        {file('by-doctor', 'csv', words.doctorsCsv)}
      </ul>
    </>
  );
};

/** Has the reports of a month made anew. */
export const regenerate = async (visit: Visit): Promise<Response> => {
  const { form } = visit;
  const clinic = form.given('clinic');
  const month = form.text('month');
  const json = { month, ...(clinic === undefined ? {} : { clinicId: clinic }) };
  const made = await asked(visit.api.admin.reports.monthly.regenerate.$post({ json }, visit.once));
  const query: Record<string, string> = { month, ...(clinic === undefined ? {} : { clinic }) };
  return visit.done(made, `/admin/reports?${new URLSearchParams(query)}`, 'reports_made', (problem) =>
    reportPage(visit, query, problem),
  );
};
