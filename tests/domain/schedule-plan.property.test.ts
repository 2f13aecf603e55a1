import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import { addDays, datesBetween, isoWeekday, type LocalDate } from '../../src/domain/local-date.ts';
import type { DoctorSchedule, PlannedSlot, SlotShape } from '../../src/domain/schedule.ts';
import { planDay, planDays, scheduleAround } from '../../src/domain/schedule-plan.ts';
import { instantOf, localDateOf, startOfDayMs } from '../../src/domain/zoned-time.ts';
import { on, schedule } from '../support/schedules.ts';

// fast-check prints the seed and the smallest counterexample of a failure; put such a case into schedule-plan.test.ts.

/** Zones with the dates round which something odd happens to their clocks. */
const scenes = [
  { timeZone: 'Europe/London', around: '2026-03-29' },
  { timeZone: 'Europe/London', around: '2026-10-25' },
  { timeZone: 'America/New_York', around: '2026-03-08' },
  { timeZone: 'America/New_York', around: '2026-11-01' },
  { timeZone: 'Australia/Lord_Howe', around: '2026-04-05' },
  { timeZone: 'Australia/Lord_Howe', around: '2026-10-04' },
  { timeZone: 'America/Sao_Paulo', around: '2018-02-18' },
  { timeZone: 'America/Sao_Paulo', around: '2018-11-04' },
  { timeZone: 'America/St_Johns', around: '2006-10-29' },
  { timeZone: 'America/St_Johns', around: '2006-04-02' },
  { timeZone: 'Africa/Cairo', around: '2026-10-30' },
  { timeZone: 'Africa/Casablanca', around: '2026-02-15' },
  { timeZone: 'Pacific/Apia', around: '2011-12-30' },
  { timeZone: 'Pacific/Kiritimati', around: '2026-06-08' },
  { timeZone: 'Pacific/Honolulu', around: '2026-06-08' },
  { timeZone: 'Asia/Kathmandu', around: '2026-06-08' },
] as const;

const time = fc
  .integer({ min: 0, max: 24 * 12 - 1 })
  .map((n) => `${String(Math.floor(n / 12)).padStart(2, '0')}:${String((n % 12) * 5).padStart(2, '0')}`);

const shape = fc.record({
  start: time,
  end: time,
  slotMinutes: fc.integer({ min: 5, max: 120 }),
  bufferMinutes: fc.integer({ min: 0, max: 30 }),
  capacity: fc.integer({ min: 1, max: 5 }),
  clinicId: fc.constant(null),
});

/** A time in another calendar, to the millisecond, on any of the dates around one. */
const elsewhere = (around: string): fc.Arbitrary<Interval> =>
  fc
    .record({
      startsAtMs: fc.integer({ min: -4 * 86_400_000, max: 4 * 86_400_000 }),
      lengthMs: fc.oneof(fc.integer({ min: 0, max: 7_200_000 }), fc.integer({ min: 0, max: 172_800_000 })),
    })
    .map(({ startsAtMs, lengthMs }) => {
      const atMs = Date.parse(`${around}T00:00:00Z`) + startsAtMs;
      return { startsAtMs: atMs, endsAtMs: atMs + lengthMs };
    });

/** Any schedule near odd dates: rules (in person), sessions (by video) and time off may overlap in every way. */
const scene: fc.Arbitrary<{ plan: DoctorSchedule; from: LocalDate; to: LocalDate }> = fc
  .constantFrom(...scenes)
  .chain(({ timeZone, around }) => {
    const near = fc.integer({ min: -4, max: 4 }).map((days) => addDays(on(around), days));
    const rule = fc.record({
      weekday: fc.integer({ min: 1, max: 7 }),
      effectiveFrom: fc.option(near, { freq: 8 }),
      effectiveUntil: fc.option(near, { freq: 8 }),
      shape,
    });
    const absence = fc.record({
      from: near,
      days: fc.integer({ min: 0, max: 2 }),
      part: fc.option(fc.record({ start: time, end: time })),
    });
    return fc
      .record({
        rules: fc.array(rule, { maxLength: 12 }),
        sessions: fc.array(fc.record({ date: near, shape }), { maxLength: 4 }),
        timeOff: fc.array(absence, { maxLength: 2 }),
        busy: fc.array(elsewhere(around), { maxLength: 6 }),
      })
      .map(({ rules, sessions, timeOff, busy }) => ({
        from: addDays(on(around), -4),
        to: addDays(on(around), 4),
        plan: schedule({
          timeZone,
          rules: rules.map(({ shape, ...rule }, i) => ({ id: `r_${i}`, mode: 'in_person', ...rule, ...shape })),
          sessions: sessions.map(({ date, shape }, i) => ({ id: `x_${i}`, mode: 'video', date, ...shape })),
          timeOff: timeOff.map(({ from, days, part }, i) => ({
            id: `t_${i}`,
            from,
            to: addDays(from, days),
            start: part?.start ?? null,
            end: part?.end ?? null,
          })),
          busy,
        }),
      }));
  });

const windowOf = (date: LocalDate, { start, end }: Pick<SlotShape, 'start' | 'end'>, timeZone: string): Interval => ({
  startsAtMs: instantOf(date, start, timeZone),
  endsAtMs: instantOf(end > start ? date : addDays(date, 1), end, timeZone),
});

/** Every working window near a range, straight from the rules' words. */
const workingHours = ({ rules, sessions, timeZone }: DoctorSchedule, from: LocalDate, to: LocalDate) => {
  const dates = datesBetween(addDays(from, -3), addDays(to, 3));
  return [
    ...sessions.map((session) => ({ session: true, shape: session, ...windowOf(session.date, session, timeZone) })),
    ...rules.flatMap((rule) =>
      dates
        .filter((date) => isoWeekday(date) === rule.weekday)
        .filter((date) => (rule.effectiveFrom ?? date) <= date && date <= (rule.effectiveUntil ?? date))
        .map((date) => ({ session: false, shape: rule, ...windowOf(date, rule, timeZone) })),
    ),
  ];
};

const absences = ({ timeOff, timeZone, busy }: DoctorSchedule): Interval[] => [
  ...(busy ?? []),
  ...timeOff.flatMap((off) =>
    off.start === null || off.end === null
      ? [{ startsAtMs: startOfDayMs(off.from, timeZone), endsAtMs: startOfDayMs(addDays(off.to, 1), timeZone) }]
      : datesBetween(off.from, off.to).map((date) =>
          windowOf(date, { start: off.start ?? '', end: off.end ?? '' }, timeZone),
        ),
  ),
];

const within = (outer: Interval, inner: Interval): boolean =>
  outer.startsAtMs <= inner.startsAtMs && inner.endsAtMs <= outer.endsAtMs;

const check = (property: (plan: DoctorSchedule, from: LocalDate, to: LocalDate, slots: PlannedSlot[]) => void) =>
  fc.assert(
    fc.property(scene, ({ plan, from, to }) => {
      const slots = datesBetween(from, to).flatMap((date) => planDay(plan, date));
      property(plan, from, to, slots);
    }),
    { numRuns: 300 },
  );

describe('whatever the schedule', () => {
  test('[SL11] no slot overlaps another, on its date or on a neighbouring one', () => {
    check((_plan, _from, _to, slots) => {
      const inOrder = slots.toSorted((a, b) => a.startsAtMs - b.startsAtMs);
      inOrder.forEach((slot, i) => {
        expect(slot.startsAtMs).toBeLessThan(slot.endsAtMs);
        expect(inOrder[i - 1]?.endsAtMs ?? 0).toBeLessThanOrEqual(slot.startsAtMs);
      });
    });
  });

  test('[SL6] every slot lies in a window of its own shape, and starts on a whole minute', () => {
    check((plan, from, to, slots) => {
      const hours = workingHours(plan, from, to);
      for (const slot of slots) {
        const home = hours.find(
          ({ shape, ...window }) =>
            within(window, slot) &&
            shape.capacity === slot.capacity &&
            shape.mode === slot.mode &&
            shape.slotMinutes * 60_000 === slot.endsAtMs - slot.startsAtMs,
        );
        expect(home).toBeDefined();
        expect(slot.startsAtMs % 60_000).toBe(0);
      }
    });
  });

  test('[SL9] [BI1] no slot overlaps time off, or what other calendars hold', () => {
    check((plan, _from, _to, slots) => {
      const off = absences(plan);
      for (const slot of slots) expect(off.some((absence) => overlaps(absence, slot))).toBe(false);
    });
  });

  test('[SL7] no slot of a rule overlaps a session', () => {
    check((plan, from, to, slots) => {
      const sessions = workingHours(plan, from, to).filter((window) => window.session);
      for (const slot of slots.filter((slot) => slot.mode === 'in_person')) {
        expect(sessions.some((window) => overlaps(window, slot))).toBe(false);
      }
    });
  });

  test('[SL3] every slot starts on the local date it belongs to', () => {
    check((plan, from, to) => {
      for (const date of datesBetween(from, to)) {
        for (const slot of planDay(plan, date)) expect(localDateOf(slot.startsAtMs, plan.timeZone)).toBe(date);
      }
    });
  });

  test('[SL11] no slot is lost between days: planning a longer range finds the same slots', () => {
    check((plan, from, to, slots) => {
      const wider = [...planDays(plan, addDays(from, -6), addDays(to, 6))];
      const inside = wider.filter(([date]) => from <= date && date <= to).flatMap(([, day]) => day);
      expect(inside).toEqual(slots);
      const all = wider.flatMap(([, day]) => day).length;
      expect(new Set(wider.flatMap(([, day]) => day.map((slot) => slot.startsAtMs))).size).toBe(all);
    });
  });

  test('[SL11] no slot is lost: where nothing overlaps, every window is filled', () => {
    check((plan, from, to, slots) => {
      const hours = workingHours(plan, from, to).filter((window) => window.startsAtMs < window.endsAtMs);
      const off = absences(plan);
      const starts = new Set(slots.map((slot) => slot.startsAtMs));
      for (const window of hours) {
        if (hours.some((other) => other !== window && overlaps(other, window))) continue;
        if (off.some((absence) => overlaps(absence, window))) continue;
        const lengthMs = window.shape.slotMinutes * 60_000;
        const stepMs = lengthMs + window.shape.bufferMinutes * 60_000;
        for (let atMs = window.startsAtMs; atMs + lengthMs <= window.endsAtMs; atMs += stepMs) {
          const date = localDateOf(atMs, plan.timeZone);
          const wholeDayOff = plan.timeOff.some((t) => t.start === null && t.from <= date && date <= t.to);
          if (from <= date && date <= to && !wholeDayOff) expect(starts.has(atMs)).toBe(true);
        }
      }
    });
  });

  test('the part of a schedule round a date plans that date as the whole does', () => {
    check((plan, from, to) => {
      for (const date of datesBetween(from, to)) {
        expect(planDay(scheduleAround(plan, date), date)).toEqual(planDay(plan, date));
      }
    });
  });
});
