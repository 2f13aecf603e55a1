import { zoneOf } from '../account/security.tsx';
import { Plot, type Series } from '../components/plot.tsx';
import { dayText, numberText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import type { Entry } from './entry.tsx';
import { recordWords } from './words.ts';

type Vitals = NonNullable<Entry['vitals']>;
/** The values of an entry for the lines of a plot, in their order; `null` where it has none in that unit. */
type Read = (vitals: Vitals) => readonly number[] | null;

const pressure: Read = ({ bloodPressure: one }) => (one === undefined ? null : [one.systolic, one.diastolic]);
const inUnit =
  (name: 'weight' | 'glucose', unit: string): Read =>
  ({ [name]: one }) =>
    one === undefined || one.unit !== unit ? null : [one.value];

/** Plots of what was measured more than once, the oldest on the left. */
export const VitalPlots = ({ visit, entries }: { readonly visit: Visit; readonly entries: readonly Entry[] }) => {
  const words = recordWords[visit.reader.locale];
  const plots: readonly (readonly [title: string, lines: readonly string[], read: Read])[] = [
    [words.record.pressurePlot, [words.vitals.systolic, words.vitals.diastolic], pressure],
    [words.record.weightPlot, [words.vitals.names.weight ?? ''], inUnit('weight', 'kg')],
    [words.record.glucosePlot, [words.vitals.names.glucose ?? ''], inUnit('glucose', 'mmol/L')],
  ];
  const good = entries.filter(({ withdrawnAt, vitals }) => withdrawnAt === null && vitals !== undefined).reverse();
  return (
    <div class="plots">
      {plots.map(([title, lines, read]) => {
        const points = good.flatMap(({ at, vitals }) => {
          const values = vitals === undefined ? null : read(vitals);
          return values === null ? [] : [{ at, values }];
        });
        if (points.length < 2) return null;
        const series: Series[] = lines.map((name, n) => ({ name, values: points.map(({ values }) => values[n] ?? 0) }));
        return (
          <Plot
            {...{ visit, title, series, kind: 'lines' }}
            labels={points.map(({ at }) => dayText(at, zoneOf(visit), visit.reader.locale))}
            write={(value) => numberText(value, visit.reader.locale)}
          />
        );
      })}
    </div>
  );
};
