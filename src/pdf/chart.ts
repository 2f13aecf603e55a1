import { accent, type Colour, faint, muted } from './canvas.ts';
import { contentWidth, type Flow, page } from './flow.ts';

export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

export interface Chart {
  readonly title: string;
  /** What stands below each group of bars, or each point. */
  readonly labels: readonly string[];
  /** At most four. */
  readonly series: readonly Series[];
  /** How a value on the axis is written. */
  readonly format?: (value: number) => string;
  /** Points, 150 unless said otherwise. */
  readonly height?: number;
}

/** Told apart by lightness, too, for those who see no colours and for printers that have none. */
const colours: readonly Colour[] = [accent, [0.93, 0.6, 0.18], [0.45, 0.55, 0.85], [0.65, 0.7, 0.68]];
const dashes: readonly (readonly number[])[] = [[], [5, 3], [2, 2], [8, 3, 2, 3]];
const small = 8;
const axisWidth = 46;

/** Steps of 1, 2 or 5 times a power of ten, at most five of them. */
const axisOf = (highest: number): { readonly top: number; readonly steps: readonly number[] } => {
  const rough = Math.max(highest, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough);
  const count = Math.ceil(Math.max(highest, 1) / step);
  return { top: count * step, steps: Array.from({ length: count + 1 }, (_, i) => i * step) };
};

interface Plot {
  readonly left: number;
  readonly width: number;
  readonly bottom: number;
  readonly yOf: (value: number) => number;
  readonly band: number;
}

/** Title, legend, axis and labels, and where the values go. Values below 0 are drawn as 0. */
const frame = (flow: Flow, { title, labels, series, format = String, height = 150 }: Chart): Plot => {
  flow.room(height + 62);
  flow.write(flow.lines(title, contentWidth, { size: 10, bold: true }), page.left, { size: 10, bold: true });
  const style = { size: small, colour: muted };
  if (series.length > 1) {
    let x: number = page.left;
    for (const [i, { name }] of series.entries()) {
      const [said] = flow.lines(name, 120, style);
      if (said === undefined) continue;
      flow.canvas().box({ x, y: flow.y() - 9, width: 8, height: 8, colour: colours[i] ?? muted });
      flow.line(said, x + 12, flow.y() - 8, style);
      x += 26 + said.width * small;
    }
    flow.down(14);
  }
  const { top, steps } = axisOf(Math.max(0, ...series.flatMap(({ values }) => values)));
  const left = page.left + axisWidth;
  const width = contentWidth - axisWidth;
  const bottom = flow.y() - 6 - height;
  const yOf = (value: number): number => bottom + (Math.max(0, value) / top) * height;
  for (const step of steps) {
    const y = yOf(step);
    flow.canvas().path(
      [
        [left, y],
        [left + width, y],
      ],
      { colour: faint, width: 0.5 },
    );
    const [said] = flow.lines(format(step), axisWidth, style);
    if (said !== undefined) flow.line(said, left - 6 - said.width * small, y - 2.5, style);
  }
  const band = width / Math.max(1, labels.length);
  const widest = Math.max(...labels.map((label) => (flow.lines(label, contentWidth, style)[0]?.width ?? 0) * small));
  const every = Math.max(1, Math.ceil((widest + 4) / band));
  for (const [i, label] of labels.entries()) {
    const [said] = i % every === 0 ? flow.lines(label, contentWidth, style) : [];
    if (said !== undefined) flow.line(said, left + band * (i + 0.5) - (said.width * small) / 2, bottom - 12, style);
  }
  flow.down(height + 34);
  return { left, width, bottom, yOf, band };
};

/** Bars, side by side where there are several series. */
export const drawBars = (flow: Flow, chart: Chart): void => {
  const { left, bottom, yOf, band } = frame(flow, chart);
  const each = (band * 0.7) / Math.max(1, chart.series.length);
  for (const [s, { values }] of chart.series.entries()) {
    for (const [i, value] of values.slice(0, chart.labels.length).entries()) {
      const x = left + band * (i + 0.15) + each * s;
      const height = yOf(value) - bottom;
      if (height > 0) flow.canvas().box({ x, y: bottom, width: each * 0.94, height, colour: colours[s] ?? muted });
    }
  }
};

/** Lines from value to value. */
export const drawCurves = (flow: Flow, chart: Chart): void => {
  const { left, yOf, band } = frame(flow, chart);
  for (const [s, { values }] of chart.series.entries()) {
    const colour = colours[s] ?? muted;
    const points = values
      .slice(0, chart.labels.length)
      .map((value, i) => [left + band * (i + 0.5), yOf(value)] as const);
    if (points.length > 1) flow.canvas().path(points, { colour, width: 1.6, dash: dashes[s] ?? [] });
    for (const [x, y] of points) flow.canvas().box({ x: x - 1.8, y: y - 1.8, width: 3.6, height: 3.6, colour });
  }
};
