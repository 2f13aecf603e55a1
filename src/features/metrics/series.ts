/** A metric as it is shown: name, kind, help, and its samples by labels. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
}

/** Every metric of Daybook. docs/metrics.md says of each where it comes from; a test holds the two together. */
export const metrics = [
  counter('daybook_requests_total', 'Requests answered, by method, route template and status.'),
  counter('daybook_refusals_total', 'Requests refused, by problem code.'),
  histogram('daybook_request_seconds', 'Time from the arrival of a request to its answer, by rate class of the route.'),
  counter('daybook_booking_attempts_total', 'Holds asked for, by outcome: held, or the code of the refusal.'),
  counter('daybook_security_events_total', 'Security events, by kind.'),
  counter('daybook_login_failures_total', 'Sign-ins refused.'),
  counter('daybook_queue_messages_total', 'Messages that consumers were given, by queue and outcome: done or retried.'),
  counter('daybook_booking_events_total', 'Events of doctor-days that D1 has taken, by kind.'),
  gauge('daybook_holds', 'Holds, by state: live, or expired and not swept by their day yet.'),
  gauge('daybook_outbox_days', 'Doctor-days whose outbox could not be drained at its last try.'),
  gauge('daybook_outbox_events', 'Events that D1 has not taken, of those doctor-days.'),
  gauge('daybook_outbox_oldest_seconds', 'Age of the oldest of those events; 0 when none waits.'),
  gauge('daybook_quarantined_rows', 'Appointments that D1 refused to show.'),
  gauge('daybook_dead_letters', 'Messages that no try could deliver and nobody has sent again.'),
  gauge('daybook_messages', 'Mail and SMS by state: waiting, overdue, failed in the last 30 days.'),
  gauge('daybook_job_last_success_timestamp_seconds', 'When each job that runs by the clock last succeeded.'),
  gauge('daybook_job_failures_in_row', 'How many runs of each job have failed since it last succeeded.'),
  counter('daybook_job_runs_total', 'Runs of each job that have ended, by outcome: succeeded or failed.'),
  gauge('daybook_scrape_parts_failed', 'Sources that could not be asked for this scrape.'),
] as const satisfies readonly Metric[];

/** The names of the metrics. */
export type MetricName = (typeof metrics)[number]['name'];

function counter<const N extends string>(name: N, help: string) {
  return { name, type: 'counter' as const, help };
}
function gauge<const N extends string>(name: N, help: string) {
  return { name, type: 'gauge' as const, help };
}
function histogram<const N extends string>(name: N, help: string) {
  return { name, type: 'histogram' as const, help };
}

type Suffix = '' | '_bucket' | '_sum' | '_count';

/** A series: a metric's name and its labels as Prometheus writes them. */
export const series = (
  name: MetricName | `${MetricName}${Suffix}`,
  labels: Readonly<Record<string, string>> = {},
): string => {
  const written = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return written.length === 0 ? name : `${name}{${written.join(',')}}`;
};

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** Upper bounds of the histogram's buckets, seconds. */
export const bucketSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Writes samples as the Prometheus text format 0.0.4 has it: the samples of a metric together, under their help. */
export const exposition = (samples: Readonly<Record<string, number>>): string => {
  const lines: string[] = [];
  for (const { name, type, help } of metrics) {
    const own = Object.keys(samples).filter((key) => belongs(key, name, type));
    if (own.length === 0) continue;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const key of own.sort(inOrder)) lines.push(`${key} ${samples[key]}`);
  }
  return `${lines.join('\n')}\n`;
};

const belongs = (key: string, name: string, type: Metric['type']): boolean => {
  const [base = ''] = key.split('{', 1);
  return (
    base === name ||
    (type === 'histogram' && /^_(bucket|sum|count)$/.test(base.slice(name.length)) && base.startsWith(name))
  );
};

/** Buckets of a histogram rise (`le` is a number), everything else goes by its name. */
const inOrder = (a: string, b: string): number => {
  const [headA, headB] = [a.replace(/le="[^"]*"/, ''), b.replace(/le="[^"]*"/, '')];
  if (headA !== headB) return headA < headB ? -1 : 1;
  return boundOf(a) - boundOf(b);
};

const boundOf = (key: string): number => {
  const bound = /le="([^"]*)"/.exec(key)?.[1];
  return bound === undefined || bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
};
