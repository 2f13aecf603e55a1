import { accountId } from '../../../src/domain/ids.ts';
import { Random } from '../random.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A month in which clocks go forward in New York (8 March) and Berlin (29 March), and back in Sydney (5 April). */
const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Sydney', 'Asia/Dhaka'] as const;
const monthFromMs = Date.UTC(2026, 2, 6);

export interface SimDoctor {
  readonly id: string;
  readonly timeZone: string;
  readonly approvalRequired: boolean;
}

export interface SimPatient {
  readonly id: string;
  /** Where the patient sleeps; `null`: where the appointment is. */
  readonly timeZone: string | null;
  /** Never wants quiet. */
  readonly restless: boolean;
  readonly offsetsMinutes: readonly number[] | null;
  /** Whose mailbox takes nothing, ever; they have a phone. */
  readonly unreachable: boolean;
}

export type Fate = 'none' | 'cancel' | 'move' | 'move_back' | 'describe';

/** A wish for an appointment; what becomes of it is the doctor-days' to say. */
export interface Wish {
  readonly doctor: number;
  readonly patient: number;
  /** Days from the beginning of the month, by the doctor's calendar. */
  readonly day: number;
  /** Which of the day's slots. */
  readonly slot: number;
  /** How long before it starts it is booked. */
  readonly leadMs: number;
  readonly fate: Fate;
  /** When that happens, as a part of the time between booking and start. */
  readonly when: number;
  readonly to: { readonly doctor: number; readonly day: number; readonly slot: number };
  /** How long the doctor takes to accept; `null`: does not. */
  readonly acceptMs: number | null;
}

export interface MonthPlan {
  readonly seed: number;
  readonly fromMs: number;
  readonly days: number;
  readonly doctors: readonly SimDoctor[];
  readonly patients: readonly SimPatient[];
  readonly wishes: readonly Wish[];
  readonly outage: { readonly fromMs: number; readonly untilMs: number };
}

/** How large a month is drawn. */
export interface MonthSize {
  readonly appointments: number;
  readonly days: number;
  readonly doctors: number;
  readonly fromMs?: number;
}

/** Draws a month, or a part of one. */
export const drawMonth = (seed: number, size: MonthSize): MonthPlan => {
  const random = new Random(seed);
  const id = (): string => accountId(random.bytes(12));
  const doctors = Array.from(
    { length: size.doctors },
    (_, i): SimDoctor => ({
      ...{
        id: id(),
        timeZone: zones[i % zones.length] ?? 'Asia/Dhaka',
        approvalRequired: i % 4 === 3 && i >= zones.length,
      },
    }),
  );
  const patients = Array.from(
    { length: Math.ceil(size.appointments / 8) },
    (): SimPatient => ({
      id: id(),
      timeZone: random.chance(0.2) ? random.pick(zones) : null,
      restless: random.chance(0.1),
      offsetsMinutes: random.chance(0.15) ? random.pick([[60], [2 * 1440, 30], [1440, 240, 60], []]) : null,
      unreachable: random.chance(0.05),
    }),
  );
  const place = () => ({ doctor: random.int(doctors.length), day: random.int(size.days), slot: random.int(24) });
  const wishes = Array.from(
    { length: size.appointments },
    (): Wish => ({
      ...place(),
      patient: random.int(patients.length),
      leadMs: leadOf(random),
      fate: random.weighted({ none: 58, cancel: 15, move: 15, move_back: 6, describe: 6 }),
      when: random.next(),
      to: place(),
      acceptMs: random.chance(0.1) ? null : random.between(1, 10 * 60) * minuteMs,
    }),
  );
  const fromMs = size.fromMs ?? monthFromMs;
  const outageFromMs = fromMs + Math.floor(size.days / 2) * dayMs + 14 * hourMs;
  return {
    ...{ seed, fromMs, days: size.days, doctors, patients, wishes },
    outage: { fromMs: outageFromMs, untilMs: outageFromMs + 6 * hourMs },
  };
};

const leadOf = (random: Random): number => {
  switch (random.weighted({ late: 12, day: 20, week: 68 })) {
    case 'late':
      return random.between(10, 120) * minuteMs;
    case 'day':
      return random.between(2 * 60, 24 * 60) * minuteMs;
    case 'week':
      return random.between(24 * 60, 12 * 24 * 60) * minuteMs;
  }
};
