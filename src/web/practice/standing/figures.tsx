import type { InferResponseType } from 'hono/client';
import { addDays, type LocalDate } from '../../../domain/local-date.ts';
import { type PageApi, wanted } from '../../api.ts';
import { Field, Select } from '../../components/field.tsx';
import { Facts, Heading, Pager, Table } from '../../components/parts.tsx';
import { Plot, tintOf } from '../../components/plot.tsx';
import { moneyText, monthText, numberText, shortDateText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { dateOr, doctorNow } from '../week/read.ts';
import { standingWords } from './words.ts';

type Analytics = InferResponseType<PageApi['doctors']['me']['analytics']['$get'], 200>;
type Period = Analytics['periods'][number];

/** What is shown unless something else is asked for, and what a request may ask at most, days. */
const usualDays = 56;
const maxDays = 365;

interface Query {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly by?: string | undefined;
  readonly cursor?: string | undefined;
}

/** What came of a doctor's work: plots over time, and the reports of whole months. */
export const figuresPage = async (visit: Visit, asked: Query): Promise<Response> => {
  const { reader, api } = visit;
  const { locale } = reader;
  const words = standingWords[locale].figures;
  const { today } = await doctorNow(visit);
  const { from, to } = rangeOf(asked, today);
  const by = asked.by !== undefined && Object.hasOwn(words.periods, asked.by) ? asked.by : 'week';
  const query = { limit: '12', ...(asked.cursor === undefined ? {} : { cursor: asked.cursor }) };
  const [figures, reports] = await Promise.all([
    wanted(api.doctors.me.analytics.$get({ query: { from, to, by: by as 'week' } })),
    wanted(api.doctors.me.reports.monthly.$get({ query: query as never })),
  ]);
  const { total, rating } = figures;
  const number = (value: number, digits = 0): string => numberText(value, locale, { maximumFractionDigits: digits });
  const share = (value: number | null): string =>
    value === null ? words.none : numberText(value, locale, { style: 'percent', maximumFractionDigits: 0 });
  return visit.show(
    { title: words.title, at: 'figures' },
    <>
      <Heading title={words.title} lead={words.lead} />
      <form method="get" action="/figures" class="row">
        <Field name="from" type="date" label={words.from} value={from} required />
        <Field name="to" type="date" label={words.to} value={to} required />
        <Select name="by" label={words.by} value={by} options={Object.entries(words.periods)} />
        <button type="submit" class="plain">
          {words.show}
        </button>
      </form>
      <div class="figures below">
        <Facts
          of={[
            [words.booked, number(total.booked)],
            [words.completed, number(total.completed)],
            [words.fill, share(total.fillRate)],
            [words.noShowRate, share(total.noShowRate)],
            [words.newPatients, number(total.newPatients)],
            [words.returning, number(total.returningPatients)],
            [words.ahead, total.leadHours === null ? words.none : words.hours(number(total.leadHours))],
            [words.rating, rating === null ? words.none : visit.words.stars(number(rating, 2))],
            ...total.income.map((money) => [words.income(money.currency), moneyText(money, locale)] as const),
          ]}
        />
      </div>
      <Plots visit={visit} periods={figures.periods} by={by} />
      <h2>{words.reports}</h2>
      {reports.items.length === 0 ? (
        <p class="soft">{words.noReports}</p>
      ) : (
        <Table
          caption={words.reports}
          head={[words.month, words.booked, words.completed, <span class="unseen">{words.pdf}</span>]}
          rows={reports.items.map(({ month, total: of }) => [
            monthText(month, locale),
            number(of.booked),
            number(of.completed),
            <>
              <a
                href={`/api/v1/doctors/me/reports/monthly/${month}?format=pdf`}
                aria-label={words.pdfOf(monthText(month, locale))}
              >
                {words.pdf}
              </a>
              {' · '}
              <a
                href={`/api/v1/doctors/me/reports/monthly/${month}?format=csv`}
                aria-label={words.csvOf(monthText(month, locale))}
              >
                {words.csv}
              </a>
            </>,
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={reports.nextCursor} />
    </>,
  );
};

/** The range that was asked for, in order and not longer than there are figures of at once. */
const rangeOf = (asked: Query, today: LocalDate): { readonly from: LocalDate; readonly to: LocalDate } => {
  const to = dateOr(asked.to, today);
  const wish = dateOr(asked.from, addDays(to, 1 - usualDays));
  const earliest = addDays(to, -maxDays);
  return { to, from: wish > to ? to : wish < earliest ? earliest : wish };
};

const Plots = ({
  visit,
  periods,
  by,
}: {
  readonly visit: Visit;
  readonly periods: readonly Period[];
  readonly by: string;
}) => {
  const { locale } = visit.reader;
  const words = standingWords[locale].figures;
  const labels = periods.map(({ from }) =>
    by === 'month' ? monthText(from.slice(0, 7), locale) : shortDateText(from, locale),
  );
  const series = (name: string, value: (of: Period) => number, tint?: keyof typeof tintOf) => ({
    ...{ name, values: periods.map(value) },
    ...(tint === undefined ? {} : { tint: tintOf[tint] }),
  });
  const currencies = [...new Set(periods.flatMap(({ income }) => income.map(({ currency }) => currency)))];
  const whole = (value: number): string => numberText(value, locale, { maximumFractionDigits: 0 });
  return (
    <div class="plots">
      <Plot
        visit={visit}
        title={words.bookings}
        labels={labels}
        write={whole}
        series={[
          series(words.completed, ({ completed }) => completed, 'completed'),
          series(words.upcoming, upcoming, 'confirmed'),
          series(words.noShows, ({ noShows }) => noShows, 'noShow'),
          series(words.byPatient, ({ cancelledByPatient }) => cancelledByPatient, 'cancelled'),
          series(words.byPractice, ({ cancelledByPractice }) => cancelledByPractice, 'cancelledByPractice'),
          series(words.rejected, ({ rejected }) => rejected, 'rejected'),
        ]}
      />
      <Plot
        visit={visit}
        title={words.rates}
        kind="lines"
        labels={labels}
        write={(value) => `${whole(value)}%`}
        series={[
          series(words.fill, ({ fillRate }) => Math.round((fillRate ?? 0) * 100), 'confirmed'),
          series(words.noShowRate, ({ noShowRate }) => Math.round((noShowRate ?? 0) * 100), 'noShow'),
        ]}
      />
      {currencies.map((currency) => (
        <Plot
          visit={visit}
          title={words.income(currency)}
          labels={labels}
          write={(value) => moneyText({ amount: Math.round(value), currency }, locale)}
          series={[
            series(words.income(currency), ({ income }) =>
              Math.max(0, income.find((one) => one.currency === currency)?.amount ?? 0),
            ),
          ]}
        />
      ))}
    </div>
  );
};

/** What is booked and neither over nor called off. */
const upcoming = ({ booked, completed, noShows, cancelledByPatient, cancelledByPractice }: Period): number =>
  Math.max(0, booked - completed - noShows - cancelledByPatient - cancelledByPractice);
