import type { Summary } from '../../domain/figures.ts';
import { datesOf, type Month, monthBefore } from '../../domain/report.ts';
import { pdfDocument } from '../../pdf/pdf.ts';
import type { ReportRow } from './queries.ts';
import { type Line, writtenIncome } from './view.ts';

const monthName = (month: Month): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-15T00:00:00Z`),
  );
const day = (ms: number): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(ms));
const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 1_000) / 10} %`);
const number = (value: number | null, digits = 0): string =>
  value === null ? '–' : new Intl.NumberFormat('en', { maximumFractionDigits: digits }).format(value);
/** A lead in hours until two days, then in days. */
const lead = (hours: number | null): string =>
  hours === null ? '–' : hours < 48 ? `${number(hours, 1)} h` : `${number(hours / 24, 1)} days`;

/** How a value compares with the one of the month before: `+4 on October`. */
const against = (now: number | null, before: number | null | undefined, name: string, unit = ''): string => {
  if (now === null || before === null || before === undefined) return '';
  const change = Math.round((now - before) * 10) / 10;
  if (change === 0) return `as in ${name}`;
  return `${change > 0 ? '+' : '−'}${number(Math.abs(change), 1)}${unit} on ${name}`;
};
const points = (share: number | null | undefined): number | null =>
  share === null || share === undefined ? null : share * 100;

const kinds = { doctor: 'Doctor', clinic: 'Clinic', all: 'Everything in this Daybook' } as const;

/** Each date's count added to those before it. */
const grown = (values: readonly number[]): number[] => {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
};

const cancelled = ({ cancelledByPatient, cancelledByPractice }: Summary): number =>
  cancelledByPatient + cancelledByPractice;

/** A report as a paper: what matters most, the month as pictures, and every figure beside the month before. */
export const reportPaper = async (env: Pick<Env, 'ASSETS'>, row: ReportRow): Promise<Uint8Array> => {
  const { kind, month, revision, madeAtMs } = row;
  const { name, total, previous, days, previousVisits, rating, doctors } = row.report;
  const [title, earlier] = [monthName(month), monthName(monthBefore(month)).split(' ')[0] ?? ''];
  const pdf = await pdfDocument(env, {
    ...{ title: `Monthly report ${month} · ${name}`, language: 'en', atMs: madeAtMs },
    foot: `${name} · ${title} · revision ${revision}`,
  });
  const { to } = datesOf(month);
  pdf.letterhead({
    name,
    lines: [kinds[kind]],
    aside: ['Monthly report', `1 – ${Number(to.slice(8))} ${title}`, `Revision ${revision}, made ${day(madeAtMs)}`],
  });
  pdf.heading(title);
  pdf.tiles([
    {
      label: 'Visits',
      value: number(total.completed),
      note: against(total.completed, previous?.completed, earlier),
    },
    {
      label: 'New patients',
      value: number(total.newPatients),
      note: `${number(total.returningPatients)} returned`,
    },
    { label: 'Income', value: writtenIncome(total), note: 'paid online, and fees of other visits' },
    {
      label: 'Seats filled',
      value: percent(total.fillRate),
      note:
        against(points(total.fillRate), points(previous?.fillRate), earlier, ' pts') ||
        (total.offered === 0 ? 'not known what was offered' : `of ${number(total.offered)} offered`),
    },
    {
      label: 'Missed by patients',
      value: percent(total.noShowRate),
      note:
        against(points(total.noShowRate), points(previous?.noShowRate), earlier, ' pts') ||
        `${number(total.noShows)} visits`,
    },
    {
      label: rating === null ? 'Stars given' : 'Rating',
      value: number(rating ?? total.stars, 2),
      note: `${number(total.reviews)} ${total.reviews === 1 ? 'review' : 'reviews'} of these visits`,
    },
  ]);
  const labels = days.map(({ date }) => String(Number(date.slice(8))));
  pdf.bars({
    title: 'Visits by day',
    labels,
    series: [
      { name: 'Completed', values: days.map(({ completed }) => completed) },
      { name: 'Missed', values: days.map(({ noShows }) => noShows) },
      { name: 'Cancelled', values: days.map((one) => one.cancelled) },
    ],
    height: 165,
  });
  const longer = Math.max(days.length, previousVisits.length);
  pdf.curves({
    title: 'Visits since the first of the month',
    labels: Array.from({ length: longer }, (_, i) => String(i + 1)),
    series: [
      { name: title, values: grown(days.map(({ completed }) => completed)) },
      ...(previousVisits.length === 0 ? [] : [{ name: monthName(monthBefore(month)), values: grown(previousVisits) }]),
    ],
    height: 135,
  });
  pdf.heading('Every figure', 2);
  const line = (label: string, show: (of: Summary) => string): string[] => [
    label,
    show(total),
    previous === null ? '–' : show(previous),
  ];
  pdf.table({
    columns: [
      { title: '', width: 2.2 },
      { title: title, align: 'right' },
      { title: monthName(monthBefore(month)), align: 'right' },
    ],
    rows: [
      line('Booked', ({ booked }) => number(booked)),
      line('Completed', ({ completed }) => number(completed)),
      line('\u2003of new patients', ({ newPatients }) => number(newPatients)),
      line('\u2003of patients who returned', ({ returningPatients }) => number(returningPatients)),
      line('Missed', ({ noShows }) => number(noShows)),
      line('Cancelled by patients', ({ cancelledByPatient }) => number(cancelledByPatient)),
      line('Cancelled by the practice', ({ cancelledByPractice }) => number(cancelledByPractice)),
      line('Requests rejected', ({ rejected }) => number(rejected)),
      line('Holds and requests that ran out', ({ expired }) => number(expired)),
      line('Seats offered', ({ offered }) => (offered === 0 ? '–' : number(offered))),
      line('Seats filled', ({ fillRate }) => percent(fillRate)),
      line('Cancelled, of what was booked', ({ cancellationRate }) => percent(cancellationRate)),
      line('Booked ahead by, on average', ({ leadHours }) => lead(leadHours)),
      line('Stars, on average', ({ stars }) => number(stars, 2)),
      line('Income', writtenIncome),
    ],
  });
  if (doctors.length > 0) {
    pdf.heading('By doctor', 2);
    pdf.table(doctorsTable(doctors));
  }
  pdf.paragraph(
    'Booked is what both sides agreed on. A patient is new to a doctor on the first visit. Income is what was paid online ' +
      'and not given back, and the fee of every other visit that took place; currencies are never added. Dates are those ' +
      'of each doctor’s own zone.',
    { size: 8, quiet: true },
  );
  return pdf.bytes();
};

const doctorsTable = (lines: readonly Line[]) => ({
  columns: [
    { title: 'Name', width: 2.6 },
    { title: 'Visits', align: 'right' as const },
    { title: 'New', align: 'right' as const },
    { title: 'Missed', align: 'right' as const },
    { title: 'Cancelled', width: 1.25, align: 'right' as const },
    { title: 'Filled', width: 1.1, align: 'right' as const },
    { title: 'Income', width: 2.2, align: 'right' as const },
  ],
  rows: lines.map(({ name, total }) => [
    name,
    number(total.completed),
    number(total.newPatients),
    number(total.noShows),
    number(cancelled(total)),
    percent(total.fillRate),
    writtenIncome(total),
  ]),
});

/** Bars of a picture that can still be told apart. */
const maxBars = 12;

/** Months of many as a paper: those with the most visits as a picture, and all as a table. */
export const linesPaper = async (
  env: Pick<Env, 'ASSETS'>,
  month: Month,
  lines: readonly Line[],
  atMs: number,
): Promise<Uint8Array> => {
  const title = monthName(month);
  const pdf = await pdfDocument(env, { title: `Monthly reports ${month}`, language: 'en', atMs });
  pdf.letterhead({ name: 'Daybook', lines: ['Monthly reports'], aside: [title, `Made ${day(atMs)}`] });
  pdf.heading(title);
  const first = lines.toSorted((a, b) => b.total.completed - a.total.completed).slice(0, maxBars);
  if (first.length > 0) {
    pdf.bars({
      title: 'Visits',
      labels: first.map(({ name }) => (name.length > 14 ? `${name.slice(0, 13)}…` : name)),
      series: [
        { name: 'Completed', values: first.map(({ total }) => total.completed) },
        { name: 'Missed', values: first.map(({ total }) => total.noShows) },
      ],
    });
  }
  pdf.table(doctorsTable(lines));
  return pdf.bytes();
};
