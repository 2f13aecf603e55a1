import { describe, expect, test } from 'vitest';
import { bookableFromMs, dayAvailability, remainingSeats } from '../../src/domain/availability.ts';
import type { PlannedSlot } from '../../src/domain/schedule.ts';
import { planDay } from '../../src/domain/schedule-plan.ts';
import { on, schedule, weekly } from '../support/schedules.ts';

const at = (time: string) => Date.parse(`2026-06-08T${time}+06:00`);
const visit = (from: string, to: string) => ({ startsAtMs: at(from), endsAtMs: at(to) });
/** 09:00, 09:30 and 10:00 in Dhaka, two seats each. */
const slots = planDay(schedule({ rules: [weekly(1, '09:00', '10:30', { capacity: 2 })] }), on('2026-06-08'));
const [nine, halfPast] = slots as [PlannedSlot, PlannedSlot];

describe('seats left', () => {
  test('[SL14] capacity less the live appointments of the slot, never below none', () => {
    const booked = visit('09:00', '09:30');
    expect(remainingSeats(nine, [])).toBe(2);
    expect(remainingSeats(nine, [booked])).toBe(1);
    expect(remainingSeats(nine, [booked, booked, booked])).toBe(0);
    expect(remainingSeats(halfPast, [booked])).toBe(2);
  });

  test('[SL14] none while the doctor is busy with an appointment that overlaps but is not of the slot', () => {
    expect(remainingSeats(nine, [visit('08:45', '09:15')])).toBe(0);
    expect(remainingSeats(nine, [visit('09:00', '09:20')])).toBe(0);
    expect(remainingSeats(nine, [visit('08:30', '09:00'), visit('09:30', '10:00')])).toBe(2);
  });

  test('[SL13] a slot that starts sooner than the minimum notice has none', () => {
    const fromMs = bookableFromMs({ minimumNoticeMinutes: 45 }, at('08:45'));
    expect(fromMs).toBe(at('09:30'));
    expect(dayAvailability(slots, [], fromMs)).toEqual({
      slots: 3,
      remaining: 4,
      firstAvailableAtMs: at('09:30'),
      lastAvailableAtMs: at('10:00'),
    });
  });

  test('[SL13] without a notice a slot can be booked up to its start', () => {
    expect(bookableFromMs({ minimumNoticeMinutes: 0 }, at('09:00'))).toBe(at('09:00'));
    expect(dayAvailability(slots, [], at('09:00')).firstAvailableAtMs).toBe(at('09:00'));
    expect(dayAvailability(slots, [], at('09:00') + 1).firstAvailableAtMs).toBe(at('09:30'));
  });

  test('a full day and a day without slots offer nothing', () => {
    const full = slots.flatMap((slot) => [slot, slot]);
    const nothing = { remaining: 0, firstAvailableAtMs: null, lastAvailableAtMs: null };
    expect(dayAvailability(slots, full, at('00:00'))).toEqual({ slots: 3, ...nothing });
    expect(dayAvailability([], [], at('00:00'))).toEqual({ slots: 0, ...nothing });
  });
});
