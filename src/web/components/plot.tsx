import type { Visit } from '../visit.tsx';
import { Table } from './parts.tsx';

type Tint = 1 | 2 | 3 | 4 | 5 | 6;

/** What a state of appointments looks like in every plot: no two that stand in one plot look alike. */
export const tintOf = {
  confirmed: 1,
  completed: 2,
  cancelled: 3,
  noShow: 4,
  cancelledByPractice: 5,
  waiting: 6,
  rejected: 6,
} as const satisfies Record<string, Tint>;

/** One line or one kind of bar: its name, and a value for each label of the plot. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  /** Which colour it has, 1 to 6; by default that of its place. */
  readonly tint?: Tint;
}

const width = 640;
const height = 220;
const edge = { left: 64, right: 8, top: 12, bottom: 28 } as const;
/** So many labels, two rows of them, have room on a phone. */
const maxLabels = 6;
/** How wide a letter of a label is about. */
const perLetter = 7;
const inner = { width: width - edge.left - edge.right, height: height - edge.top - edge.bottom } as const;

/** The largest value of an axis: a round number whose half is a whole one, for what is counted has no halves. */
const roundedUp = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return power * ([...(power === 1 ? [] : [1]), 2, 4, 6, 8, 10].find((step) => step * power >= value) ?? 10);
};

interface PlotOf {
  readonly visit: Visit;
  readonly title: string;
  /** What stands below each value, for example dates. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** Writes a value, for example as money. */
  readonly write?: (value: number) => string;
  readonly kind?: 'bars' | 'lines';
}

/** A plot as SVG, with the same figures as a table below it: colours tell nothing that cannot be read. */
export const Plot = ({ visit, title, labels, series, write = String, kind = 'bars' }: PlotOf) => {
  const stacked = labels.map((_, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));
  const most = kind === 'bars' ? stacked : series.flatMap(({ values }) => values);
  const isEmpty = most.every((value) => value === 0);
  const top = roundedUp(Math.max(...most, 1));
  const y = (value: number): number => edge.top + inner.height * (1 - value / top);
  const step = inner.width / Math.max(labels.length, 1);
  const x = (i: number): number => edge.left + step * (i + 0.5);
  const longest = Math.max(0, ...labels.map(({ length }) => length));
  const everyNth = labels.length <= maxLabels ? 1 : Math.ceil((longest * perLetter + 12) / step);
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {[0, 0.5, 1].map((part) => (
          <g>
            <line class="grid" x1={edge.left} x2={width - edge.right} y1={y(top * part)} y2={y(top * part)} />
            {isEmpty ? null : (
              <text class="tick end" x={edge.left - 6} y={y(top * part) + 4}>
                {write(top * part)}
              </text>
            )}
          </g>
        ))}
        {labels.map((label, i) =>
          i % everyNth === 0 ? (
            <text
              class={`tick middle${i % (everyNth * 2) === 0 ? '' : labels.length > maxLabels ? ' second' : ' lower'}`}
              x={x(i)}
              y={height - 8}
            >
              {label}
            </text>
          ) : null,
        )}
        {isEmpty ? (
          <text class="tick middle" x={edge.left + inner.width / 2} y={y(top / 4) + 4}>
            {visit.words.figure.nothing}
          </text>
        ) : null}
        {kind === 'bars' ? <Bars {...{ labels, series, write, x, y, step }} /> : null}
        {kind === 'lines' && !isEmpty
          ? series.map(({ values, tint }, n) => (
              <polyline
                class={`line tint-${tint ?? n + 1}`}
                points={values.map((v, i) => `${x(i)},${y(v)}`).join(' ')}
              />
            ))
          : null}
      </svg>
      {series.length === 1 ? null : <Legend series={series} />}
      <details>
        <summary>{visit.words.figure.asTable}</summary>
        <Table
          caption={title}
          head={['', ...series.map(({ name }) => name)]}
          rows={labels.map((label, i) => [label, ...series.map(({ values }) => write(values[i] ?? 0))])}
        />
      </details>
    </figure>
  );
};

const Legend = ({ series }: Pick<PlotOf, 'series'>) => (
  <ul class="legend">
    {series.map(({ name, tint }, n) => (
      <li>
        <svg class="key" viewBox="0 0 12 12" aria-hidden="true">
          <rect class={`tint-${tint ?? n + 1}`} width="12" height="12" rx="2" />
        </svg>
        {name}
      </li>
    ))}
  </ul>
);

const Bars = ({
  labels,
  series,
  write,
  x,
  y,
  step,
}: Pick<PlotOf, 'labels' | 'series'> & {
  readonly write: (value: number) => string;
  readonly x: (i: number) => number;
  readonly y: (value: number) => number;
  readonly step: number;
}) => {
  const bar = Math.min(step * 0.7, 32);
  return (
    <>
      {labels.map((label, i) => {
        let below = 0;
        return series.map(({ name, values, tint }, n) => {
          const value = values[i] ?? 0;
          const from = y(below);
          below += value;
          return value === 0 ? null : (
            <rect class={`tint-${tint ?? n + 1}`} x={x(i) - bar / 2} y={y(below)} width={bar} height={from - y(below)}>
              <title>{`${label}, ${name}: ${write(value)}`}</title>
            </rect>
          );
        });
      })}
    </>
  );
};
