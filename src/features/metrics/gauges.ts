import { doctorDays } from '../../doctor-days/client.ts';
import { parseDayName } from '../../domain/ids.ts';
import { type BehindDay, meterOf } from './meter.ts';
import { series } from './series.ts';
import { zeros } from './zeros.ts';

/** Counting stops here: a gauge of this value means "at least so many", and a scrape stays cheap whatever happens. */
const most = 10_000;
/** Days that are asked at one scrape how far they are behind. */
const askedDays = 50;
const minuteMs = 60_000;
const overdueMs = 5 * minuteMs;
const monthMs = 30 * 86_400_000;

type Samples = Record<string, number>;

const counted = (from: string): string => `(SELECT count(*) FROM (SELECT 1 FROM ${from} LIMIT ${most}))`;

/** Each along an index that holds little else than what is counted. */
const states = `
  SELECT ${counted("appointments WHERE status = 'pending' AND expires_at_ms > ?1")} AS live,
    ${counted("appointments WHERE status = 'pending' AND expires_at_ms <= ?1")} AS expired,
    ${counted('projection_quarantine')} AS quarantined,
    ${counted('dead_letters WHERE retried_at_ms IS NULL')} AS dead,
    ${counted('messages WHERE due_at_ms IS NOT NULL')} AS waiting,
    ${counted('messages WHERE due_at_ms IS NOT NULL AND due_at_ms < ?2')} AS overdue,
    ${counted('messages WHERE failed_at_ms IS NOT NULL AND failed_at_ms > ?3')} AS failed`;

const jobStates = `
  SELECT name, coalesce(succeeded_at_ms, 0) AS succeededAtMs, runs, failures, failures_in_row AS failuresInRow
  FROM jobs ORDER BY name LIMIT ${most}`;

const ofJob = (row: Readonly<Record<string, number | string>>): Samples => {
  const job = String(row.name);
  const [runs, failures] = [Number(row.runs), Number(row.failures)];
  return {
    [series('daybook_job_last_success_timestamp_seconds', { job })]: Number(row.succeededAtMs) / 1000,
    [series('daybook_job_failures_in_row', { job })]: Number(row.failuresInRow),
    [series('daybook_job_runs_total', { job, outcome: 'succeeded' })]: runs - failures,
    [series('daybook_job_runs_total', { job, outcome: 'failed' })]: failures,
  };
};

/** What D1 knows: states, each counted along an index, and the events of doctor-days, counted as they landed. */
export const fromDatabase = async (d1: D1Database, nowMs: number): Promise<Samples> => {
  const [state, events, jobs] = await d1.batch<Record<string, number | string>>([
    d1.prepare(states).bind(nowMs, nowMs - overdueMs, nowMs - monthMs),
    d1.prepare('SELECT action, n FROM event_counts ORDER BY action'),
    d1.prepare(jobStates),
  ]);
  const of = (name: string): number => Number(state?.results[0]?.[name] ?? 0);
  return {
    [series('daybook_holds', { state: 'live' })]: of('live'),
    [series('daybook_holds', { state: 'expired' })]: of('expired'),
    [series('daybook_quarantined_rows')]: of('quarantined'),
    [series('daybook_dead_letters')]: of('dead'),
    [series('daybook_messages', { state: 'waiting' })]: of('waiting'),
    [series('daybook_messages', { state: 'overdue' })]: of('overdue'),
    [series('daybook_messages', { state: 'failed' })]: of('failed'),
    ...Object.fromEntries(
      (events?.results ?? []).map(({ action, n }) => [
        series('daybook_booking_events_total', { event: String(action) }),
        Number(n),
      ]),
    ),
    ...Object.assign({}, ...(jobs?.results ?? []).map(ofJob)),
  };
};

/**
 * What the meter knows: the sums of what isolates have counted, and which doctor-days could not drain their outbox.
 * Those are asked themselves, so that a day that has caught up since is not shown as behind.
 */
export const fromMeter = async (
  env: Env,
  unsent: ReadonlyMap<string, number> | null,
  nowMs: number,
): Promise<Samples> => {
  const meter = meterOf(env);
  if (unsent !== null) await meter.add(Object.fromEntries(unsent));
  const { series: sums, behind } = await meter.read();
  const asked = await Promise.all(behind.slice(0, askedDays).map((day) => ask(env, day)));
  const all = [...asked, ...behind.slice(askedDays)].filter(({ events }) => events > 0);
  const caughtUp = asked.filter(({ events }) => events === 0).map(({ day }) => day);
  if (caughtUp.length > 0) await meter.caughtUp(caughtUp);
  const oldestAtMs = Math.min(nowMs, ...all.map((day) => day.oldestAtMs));
  return {
    ...zeros,
    ...sums,
    [series('daybook_outbox_days')]: all.length,
    [series('daybook_outbox_events')]: all.reduce((sum, { events }) => sum + events, 0),
    [series('daybook_outbox_oldest_seconds')]: (nowMs - oldestAtMs) / 1000,
  };
};

/** How far a day is behind by its own word; by what it said last when it does not answer. */
const ask = async (env: Env, said: BehindDay): Promise<BehindDay> => {
  const day = parseDayName(said.day);
  if (day === null) return said;
  const status = await doctorDays(env).statusSoon(day);
  if (status === null) return said;
  return { day: said.day, events: status.owed, oldestAtMs: status.oldestOwedAtMs ?? said.oldestAtMs };
};
