import { dayNumber, utcDate } from '../../../src/domain/local-date.ts';
import type { Booked } from './bookings.ts';
import { type Agreement, agreementsOf, clockIn, offsetsOf, type Sleeper, shouldGoAtMs, standingAt } from './oracle.ts';
import type { MonthPlan } from './plan.ts';
import type { MonthWorld } from './world.ts';

const minuteMs = 60_000;
/** Crons that do not come, queues that take nothing and providers that fail may keep a reminder for so long. */
const toleranceMs = 90 * minuteMs;
/** What was true when a message was made is taken to be true for so long, and a minute is the world's smallest step. */
const freshMs = 2 * minuteMs;
/** What was due before the night may go this far into it. */
const nightGraceMs = 30 * minuteMs;
const nightMs = 9 * 60 * minuteMs;

interface Row {
  readonly id: string;
  readonly subjectId: string;
  readonly version: number;
  readonly kind: string;
  readonly offsetMinutes: number;
  readonly channel: string;
  readonly recipientId: string;
  readonly startsAtMs: number;
  readonly dueAtMs: number;
  readonly state: string;
  readonly reason: string | null;
  readonly sentAtMs: number | null;
  /** When its message was taken, if it has one and it was. */
  readonly takenAtMs: number | null;
}

/** What a month came to. */
export interface MonthVerdict {
  /** What broke, each with its rule. */
  readonly failures: string[];
  readonly reminded: number;
  readonly suppressed: Readonly<Record<string, number>>;
  readonly latestMs: number;
}

const readSql = `
  SELECT n.id, n.subject_id AS subjectId, n.version, n.kind, n.offset_minutes AS offsetMinutes, n.channel,
    n.recipient_id AS recipientId, n.starts_at_ms AS startsAtMs, n.due_at_ms AS dueAtMs, n.state, n.reason,
    n.sent_at_ms AS sentAtMs, CASE WHEN n.channel = 'in_app' THEN n.sent_at_ms ELSE m.sent_at_ms END AS takenAtMs
  FROM notifications n LEFT JOIN messages m ON m.id = 'm_' || n.id`;

/** Holds a month against its promises. */
export const checkMonth = (world: MonthWorld, plan: MonthPlan, booked: readonly Booked[]): MonthVerdict => {
  const rows = world.days.d1.rows<Row>(readSql);
  const failures: string[] = [];
  const fail = (rule: string, what: string): void => void failures.push(`[${rule}] ${what}`);
  checkOnce(world, rows, fail);
  const bySubject = Map.groupBy(rows, ({ subjectId }) => subjectId);
  const tally = { reminded: 0, latestMs: 0 };
  for (const one of booked) {
    const told = bySubject.get(one.id) ?? [];
    const patient = plan.patients[one.patient];
    if (patient === undefined) continue;
    for (const agreement of agreementsOf(one)) {
      const sleeper: Sleeper = { timeZone: patient.timeZone ?? agreement.timeZone, sleeps: !patient.restless };
      const asDoctor: Sleeper = { timeZone: agreement.timeZone, sleeps: true };
      for (const offset of offsetsOf(patient)) {
        checkReminder(plan, one, agreement, told, { offset, id: patient.id, sleeper, outward: true }, fail, tally);
      }
      for (const offset of [1440, 120]) {
        const doctor = { offset, id: agreement.doctorId, sleeper: asDoctor, outward: false };
        checkReminder(plan, one, agreement, told, doctor, fail, tally);
      }
    }
    checkNoneDead(one, told, fail);
  }
  checkDigests(plan, rows, booked, fail);
  const suppressed = Map.groupBy(
    rows.filter(({ kind, state }) => kind === 'reminder' && state === 'suppressed'),
    ({ reason }) => reason ?? '',
  );
  return {
    failures,
    ...tally,
    suppressed: Object.fromEntries([...suppressed].map(([why, some]) => [why, some.length])),
  };
};

type Fail = (rule: string, what: string) => void;

const at = (ms: number): string => new Date(ms).toISOString().slice(5, 16);

/** Every row has come to rest and says why, and nobody was sent the same row twice. */
const checkOnce = (world: MonthWorld, rows: readonly Row[], fail: Fail): void => {
  const times = Map.groupBy(world.taken, ({ notificationId }) => notificationId);
  for (const [id, taken] of times) if (taken.length > 1) fail('NT5', `${id} was sent ${taken.length} times`);
  for (const row of rows) {
    const { id, kind, state, reason, takenAtMs } = row;
    if (state === 'scheduled' || state === 'claimed')
      fail('NT4', `${kind} ${id} is still ${state}, due ${at(row.dueAtMs)}`);
    if (state === 'suppressed' && reason === null) fail('NT4', `${kind} ${id} does not say why it is suppressed`);
    if (state === 'sent' && takenAtMs === null) fail('NT4', `${kind} ${id} is said to be sent, and was not taken`);
  }
  const waiting = world.days.d1.rows('SELECT id FROM notification_intents').length;
  if (waiting > 0) fail('NT3', `${waiting} intents were never taken up`);
};

interface Reminded {
  readonly offset: number;
  readonly id: string;
  readonly sleeper: Sleeper;
  /** Whether they are reminded by a way that leaves the application. */
  readonly outward: boolean;
}

const checkReminder = (
  plan: MonthPlan,
  one: Booked,
  agreement: Agreement,
  told: readonly Row[],
  who: Reminded,
  fail: Fail,
  tally: { reminded: number; latestMs: number },
): void => {
  const { offset, id, sleeper, outward } = who;
  const { startsAtMs, fromMs, untilMs } = agreement;
  const dueMs = shouldGoAtMs(startsAtMs, offset, sleeper);
  const rows = told.filter(
    (row) =>
      row.kind === 'reminder' &&
      row.offsetMinutes === offset &&
      row.recipientId === id &&
      row.startsAtMs === startsAtMs &&
      (row.channel === 'in_app') !== outward,
  );
  const reminded = rows.filter(({ takenAtMs }) => takenAtMs !== null);
  const name = `${one.id} at ${at(startsAtMs)}, ${offset} minutes before, ${outward ? 'patient' : 'doctor'}`;
  if (reminded.length > 1) fail('NT13', `${name}: reminded ${reminded.length} times`);
  const states = rows
    .map(({ version, channel, state, reason }) => `v${version} ${channel} ${state} ${reason}`)
    .join('; ');
  const isOut = dueMs + toleranceMs > plan.outage.fromMs && dueMs < plan.outage.untilMs;
  // What an outage kept may meet the night.
  const latestMs = isOut ? plan.outage.untilMs + toleranceMs + (sleeper.sleeps ? nightMs : 0) : dueMs + toleranceMs;
  if (dueMs <= fromMs || untilMs <= latestMs) {
    if (rows.length === 0 && untilMs - fromMs > 30 * minuteMs && !overlaps(plan, fromMs, untilMs)) {
      fail('NT4', `${name}: the ledger says nothing`);
    }
    return;
  }
  const [reminder] = reminded;
  if (reminder?.takenAtMs == null) {
    const excused = isOut && rows.some(({ reason }) => reason === 'too_late' || reason === 'quiet_hours');
    if (!excused) {
      fail('NT18', `${name}: due ${at(dueMs)}, never reminded (${states || 'no row'})`);
    }
    return;
  }
  tally.reminded += 1;
  const { takenAtMs, sentAtMs } = reminder;
  if (!isOut) tally.latestMs = Math.max(tally.latestMs, takenAtMs - dueMs);
  if (takenAtMs < dueMs) fail('NT9', `${name}: due ${at(dueMs)}, reminded ${at(takenAtMs)}, too early`);
  if (takenAtMs > latestMs) fail('NT18', `${name}: due ${at(dueMs)}, reminded ${at(takenAtMs)}, too late (${states})`);
  const clock = clockIn(sentAtMs ?? 0, sleeper.timeZone);
  const atNight = clock >= '22:00' || clock < '07:00';
  if (sleeper.sleeps && atNight && (sentAtMs ?? 0) - dueMs > nightGraceMs) {
    // By another way, when the first gave up; what is under way is not held.
    const instead = rows.length > 1;
    if (!instead) fail('NT10', `${name}: reminded at ${clock} in ${sleeper.timeZone}`);
  }
};

const overlaps = ({ outage }: MonthPlan, fromMs: number, untilMs: number): boolean =>
  fromMs < outage.untilMs && outage.fromMs < untilMs;

/** Nobody was reminded of what did not stand: when it was decided, and but for a moment when it went. */
const checkNoneDead = (one: Booked, told: readonly Row[], fail: Fail): void => {
  for (const { kind, takenAtMs, sentAtMs, startsAtMs, id } of told) {
    if (kind !== 'reminder' || takenAtMs === null || sentAtMs === null) continue;
    for (const ms of [sentAtMs, Math.max(sentAtMs, takenAtMs - freshMs)]) {
      const standing = standingAt(one, ms);
      if (standing?.status === 'confirmed' && standing.startsAtMs === startsAtMs && ms < startsAtMs) continue;
      fail('NT14', `${one.id}: reminded (${id}) at ${at(ms)} of ${at(startsAtMs)}, when it was ${standing?.status}`);
    }
  }
};

/** Of every day that had something at 09:00 the day before, its doctor had one digest. */
const checkDigests = (plan: MonthPlan, rows: readonly Row[], booked: readonly Booked[], fail: Fail): void => {
  const agreements = booked.flatMap(agreementsOf);
  const digests = Map.groupBy(
    rows.filter(({ kind, channel }) => kind === 'digest' && channel === 'email'),
    ({ recipientId, version }) => `${recipientId}/${version}`,
  );
  for (const { id, timeZone } of plan.doctors) {
    for (let day = 1; day <= plan.days; day += 1) {
      const noonMs = plan.fromMs + day * 86_400_000 + 43_200_000;
      const version = dayNumber(utcDate(noonMs));
      const [digest, ...more] = digests.get(`${id}/${version}`) ?? [];
      if (more.length > 0) fail('NT17', `${id} has several digests of ${utcDate(noonMs)}`);
      if (digest === undefined) continue;
      const clock = clockIn(digest.dueAtMs, timeZone);
      if (clock !== '09:00') fail('NT17', `the digest of ${utcDate(noonMs)} in ${timeZone} is due at ${clock}`);
      const onDay = agreements.filter(
        (one) => one.doctorId === id && Math.abs(one.startsAtMs - digest.startsAtMs - 43_200_000) <= 43_200_000,
      );
      const stood = onDay.some(
        ({ fromMs, untilMs }) => fromMs < digest.dueAtMs && untilMs > digest.dueAtMs + 6 * 3_600_000 + toleranceMs,
      );
      if (stood && digest.takenAtMs === null) {
        fail('NT17', `no digest of ${utcDate(noonMs)} in ${timeZone}: ${digest.state} ${digest.reason}`);
      }
    }
  }
};
