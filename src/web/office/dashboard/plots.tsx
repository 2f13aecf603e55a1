import type { InferResponseType } from 'hono/client';
import type { PageApi } from '../../api.ts';
import { Plot, tintOf } from '../../components/plot.tsx';
import { moneyText, numberText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';

type Statistics = InferResponseType<PageApi['admin']['statistics']['$get'], 200>;
type Figures = InferResponseType<PageApi['admin']['dashboard']['$get'], 200>;
type Ledger = InferResponseType<PageApi['admin']['notifications']['$get'], 200>;

const states = ['delivered', 'sent', 'claimed', 'scheduled', 'suppressed', 'failed'] as const;

/** The plots of a period. What is counted by status is of all clinics, so it is left out when one is chosen. */
export const Plots = ({
  visit,
  statistics,
  figures,
  notifications,
  ofClinic,
  isAhead,
}: {
  readonly visit: Visit;
  readonly statistics: Statistics;
  readonly figures: Figures;
  readonly notifications: Ledger | null;
  readonly ofClinic: boolean;
  readonly isAhead: boolean;
}) => {
  const { locale } = visit.reader;
  const words = officeWords[locale].dashboard.plots;
  const day = (date: string) =>
    new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'bn-BD', {
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    }).format(new Date(`${date}T00:00:00Z`));
  const n = (value: number) => numberText(value, locale);
  const percent = (value: number) => numberText(value / 100, locale, { style: 'percent', maximumFractionDigits: 0 });
  const { byDay } = statistics.bookings;
  const { periods } = figures;
  const labels = periods.map(({ from }) => day(from));
  const currencies = [...new Set(periods.flatMap(({ income }) => income.map(({ currency }) => currency)))].sort();
  const counts = notifications?.counts ?? {};
  return (
    <div class="plots">
      {ofClinic ? null : (
        <Plot
          {...{ visit, title: words.bookings, write: n }}
          labels={byDay.map(({ date }) => day(date))}
          series={[
            { name: words.confirmed, tint: tintOf.confirmed, values: byDay.map(({ byStatus }) => byStatus.confirmed) },
            { name: words.completed, tint: tintOf.completed, values: byDay.map(({ byStatus }) => byStatus.completed) },
            {
              name: words.waiting,
              tint: tintOf.waiting,
              values: byDay.map(({ byStatus }) => byStatus.pending + byStatus.awaiting_approval),
            },
            { name: words.noShow, tint: tintOf.noShow, values: byDay.map(({ byStatus }) => byStatus.no_show) },
            {
              name: words.cancelled,
              tint: tintOf.cancelled,
              values: byDay.map(({ byStatus }) => byStatus.cancelled + byStatus.rejected),
            },
          ]}
        />
      )}
      {isAhead ? null : (
        <Plot
          {...{ visit, labels, title: words.fillRate, kind: 'lines', write: percent }}
          series={[{ name: words.fillRate, values: periods.map(({ fillRate }) => Math.round((fillRate ?? 0) * 100)) }]}
        />
      )}
      <Plot
        {...{ visit, labels, title: words.misses, write: n }}
        series={[
          { name: words.noShow, tint: tintOf.noShow, values: periods.map(({ noShows }) => noShows) },
          {
            name: words.byPatient,
            tint: tintOf.cancelled,
            values: periods.map(({ cancelledByPatient }) => cancelledByPatient),
          },
          {
            name: words.byPractice,
            tint: tintOf.cancelledByPractice,
            values: periods.map(({ cancelledByPractice }) => cancelledByPractice),
          },
        ]}
      />
      {currencies.map((currency) => (
        <Plot
          {...{ visit, labels, title: words.income(currency) }}
          series={[
            {
              name: words.income(currency),
              values: periods.map(({ income }) => income.find((one) => one.currency === currency)?.amount ?? 0),
            },
          ]}
          write={(amount) => moneyText({ amount, currency }, locale)}
        />
      ))}
      {notifications === null ? null : (
        <Plot
          {...{ visit, title: words.notifications, write: n }}
          labels={states.map((state) => words.states[state] ?? state)}
          series={[{ name: words.notifications, values: states.map((state) => counts[state] ?? 0) }]}
        />
      )}
    </div>
  );
};
