import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Displaced, substitutesFor } from '../../src/domain/absence.ts';
import { remainingSeats } from '../../src/domain/availability.ts';
import { addDays, parseLocalDate } from '../../src/domain/local-date.ts';
import type { DoctorSchedule } from '../../src/domain/schedule.ts';
import { planDays } from '../../src/domain/schedule-plan.ts';
import { aheadOf, inTurn } from '../../src/domain/visits/queue.ts';
import { instantOf } from '../../src/domain/zoned-time.ts';

const minuteMs = 60_000;

describe('the waiting room', () => {
  const one = (appointmentId: string, starts: number, came: number, isEmergency = false) => ({
    ...{ appointmentId, isEmergency },
    startsAtMs: starts * minuteMs,
    checkedInAtMs: came * minuteMs,
  });

  it('[VS2] goes by the time, from when one came if that was later, emergencies first', () => {
    const [early, late, onTime, urgent] = [
      one('early', 30, -60),
      one('late', 0, 25),
      one('onTime', 15, 10),
      one('urgent', 45, 20, true),
    ];
    const waiting = [late, early, urgent, onTime];
    expect(inTurn(waiting).map(({ appointmentId }) => appointmentId)).toEqual(['urgent', 'onTime', 'late', 'early']);
    expect(aheadOf(waiting, 'late')).toBe(2);
    expect(aheadOf(waiting, 'nobody')).toBeNull();
  });

  it('[VS2] nobody who comes later gets before somebody who is on time and due earlier', () => {
    const somebody = fc.record({ starts: fc.integer({ min: 0, max: 40 }), came: fc.integer({ min: -40, max: 80 }) });
    fc.assert(
      fc.property(fc.array(somebody, { maxLength: 12 }), (people) => {
        const waiting = people.map(({ starts, came }, i) => one(`p${i}`, starts, came));
        const order = inTurn(waiting);
        for (const [i, first] of order.entries())
          for (const next of order.slice(i + 1)) {
            const wronged = next.checkedInAtMs <= next.startsAtMs && next.startsAtMs < first.startsAtMs;
            expect(wronged).toBe(false);
          }
      }),
    );
  });
});

describe('somebody else’s times in an absence', () => {
  const monday = parseLocalDate('2027-03-01');
  if (monday === null) throw new Error('a date');
  const zone = 'Asia/Dhaka';
  const shape = {
    slotMinutes: 30,
    bufferMinutes: 0,
    mode: 'in_person',
    effectiveFrom: null,
    effectiveUntil: null,
  } as const;
  const rules = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => [
    { id: `a${weekday}`, weekday, start: '09:00', end: '11:00', capacity: 2, clinicId: 'c_near', ...shape },
    { id: `b${weekday}`, weekday, start: '12:00', end: '13:00', capacity: 1, clinicId: 'c_far', ...shape },
  ]);
  const schedule: DoctorSchedule = {
    ...{ doctorId: 'u_x', timeZone: zone, version: 1, bookable: true, approvalRequired: false },
    ...{ fee: { amount: 0, currency: 'BDT' }, minimumNoticeMinutes: 0, bookingWindowDays: 14, rules, sessions: [] },
    timeOff: [{ id: 't', from: monday, to: monday, start: null, end: null }],
  };
  const window = { from: monday, to: addDays(monday, 5) };
  const at = (time: string, days = 0): number => instantOf(addDays(monday, days), time, zone);
  const displaced = (id: string, time: string, clinicId = 'c_near', patientId = `u_${id}`): Displaced => ({
    ...{ appointmentId: id, patientId, clinicId, mode: 'in_person' },
    startsAtMs: at(time),
    endsAtMs: at(time) + 30 * minuteMs,
  });

  it('[AB1] each gets the next free slot of the same mode at the same clinic, the first to be seen first', () => {
    const taken = { startsAtMs: at('09:00', 1), endsAtMs: at('09:30', 1) };
    const found = substitutesFor(
      [displaced('b', '09:30'), displaced('a', '09:00'), displaced('far', '12:00', 'c_far')],
      schedule,
      [taken],
      window,
      at('00:00'),
    );
    expect(found.get('a')?.startsAtMs).toBe(at('09:00', 1));
    expect(found.get('b')?.startsAtMs).toBe(at('09:30', 1));
    expect(found.get('far')?.startsAtMs).toBe(at('12:00', 1));
  });

  it('[AB1] no seat is given twice, and no patient two times that overlap', () => {
    const some = fc.array(fc.record({ slot: fc.integer({ min: 0, max: 3 }), who: fc.integer({ min: 0, max: 5 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(some, fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }), (people, live) => {
        const wanting = people.map(({ slot, who }, i) =>
          displaced(`a${i}`, ['09:00', '09:30', '10:00', '10:30'][slot] ?? '', 'c_near', `u_${who}`),
        );
        const booked = live.map((n) => {
          const startsAtMs = at('09:00', 1) + n * 30 * minuteMs;
          return { startsAtMs, endsAtMs: startsAtMs + 30 * minuteMs };
        });
        const found = substitutesFor(wanting, schedule, booked, window, at('00:00'));
        const slots = [...planDays(schedule, window.from, window.to).values()].flat();
        for (const slot of slots) {
          const given = [...found.values()].filter(({ startsAtMs }) => startsAtMs === slot.startsAtMs).length;
          expect(given).toBeLessThanOrEqual(remainingSeats(slot, booked));
        }
        const times = wanting.flatMap(({ appointmentId, patientId }) => {
          const to = found.get(appointmentId);
          return to === undefined ? [] : [`${patientId} ${to.startsAtMs}`];
        });
        expect(new Set(times).size).toBe(times.length);
      }),
    );
  });
});
