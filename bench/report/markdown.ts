import type { Sample } from '../measure.ts';
import { type Results, type Summary, summarise } from './result.ts';

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** What reads cost before and after the data grew, a row each. */
export const readsTable = (reads: Results['reads']): string =>
  table(
    ['', 'p50 ms small', 'p50 ms large', 'p99 ms small', 'p99 ms large', 'a second large', 'errors'],
    reads.map(({ title, small, large }) => [
      title,
      number(small.latency.p50, 1),
      number(large.latency.p50, 1),
      number(small.latency.p99, 1),
      number(large.latency.p99, 1),
      number(large.requestsPerSecond),
      number(small.errors + large.errors),
    ]),
  );

const stampedeNote = (samples: readonly Sample[]): string => {
  const won = (contender: string): string => {
    const runs = samples.filter((sample) => sample.contender === contender);
    const winners = new Set(runs.map(({ statuses }) => statuses['201'] ?? 0));
    return `${contender} ${[...winners].join(' or ')}`;
  };
  return `Winners a run, where one seat is to be had: ${[...new Set(samples.map((s) => s.contender))].map(won).join(', ')}.`;
};

const experimentTable = (summaries: readonly Summary[]): string =>
  table(
    ['', 'a second', 'p50 ms', 'p99 ms', 'p99.9 ms', 'errors', 'CPU ms a request', 'broken rules', 'Daybook is'],
    summaries.map((one) => [
      one.contender,
      number(one.perSecond),
      number(one.p50, 1),
      number(one.p99, 1),
      number(one.p999, 1),
      number(one.errors),
      number(one.cpuMsPerRequest, 2),
      number(one.violations),
      one.contender === 'daybook' || one.daybookOver === null ? '' : `${number(one.daybookOver, 2)} ×`,
    ]),
  );

/** The results as a page of Markdown. */
export const markdownOf = (results: Results): string => {
  const { machine, experiments, open, objectAlone, reads, probe, overbooked } = results;
  const parts = [
    '# Benchmark',
    `\`${results.command}\`, ${results.atUtc}, on ${Object.entries(machine)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}. Medians of the rounds. “A second” counts what succeeded, never what was refused.`,
    '![Bookings a second](bench.svg)',
    ...experiments.flatMap(({ name, title, samples }) => [
      `## ${title}`,
      experimentTable(summarise(samples)),
      ...(name.startsWith('stampede') ? [stampedeNote(samples)] : []),
    ]),
    '## Open loop on the hot day: latency at a share of each one’s own saturation, from the intended time of sending',
    table(
      ['', 'offered a second', 'answered a second', 'p50 ms', 'p99 ms', 'p99.9 ms', 'errors'],
      open.map((sample) => [
        sample.contender,
        number(sample.offeredPerSecond ?? 0),
        number(sample.goodPerSecond),
        number(sample.latency.p50, 1),
        number(sample.latency.p99, 1),
        number(sample.latency.p999, 1),
        number(sample.errors),
      ]),
    ),
    '## The object alone: a hundred holds at a time from a Worker beside it, without HTTP, tokens and schemas',
    table(
      ['', 'holds a second'],
      [
        ['daybook', number(objectAlone.daybook)],
        ['floor', number(objectAlone.floor)],
        ['Daybook is', `${number(objectAlone.ratio, 2)} ×`],
      ],
    ),
    '## Reads while the data grows',
    readsTable(reads),
    '## What a booking writes',
    table(
      ['', ...probe.columns],
      probe.rows.map(({ name, values }) => [name, ...values.map((value) => number(value, 2))]),
    ),
    probe.note,
    '## Overbooked slots at the end, in each one’s own storage',
    Object.entries(overbooked)
      .map(([name, slots]) => `${name} ${slots}`)
      .join(', '),
  ];
  return `${parts.join('\n\n')}\n`;
};
