import { eq } from 'drizzle-orm';
import { database } from '../../src/db/client.ts';
import { doctors, weeklyRules } from '../../src/db/schema.ts';
import { bumpSchedule } from '../../src/doctor-days/schedule-changes.ts';
import type { LocalDate } from '../../src/domain/local-date.ts';
import type { DoctorSchedule } from '../../src/domain/schedule.ts';
import type { SqliteD1 } from '../support/sim/sqlite-d1.ts';
import type { Plan, SimDoctor } from './plan.ts';
import type { Random } from './random.ts';
import { drawRequires, settleRooms } from './rooms-plan.ts';

const shapeOf = (doctor: SimDoctor) => ({
  start: doctor.start,
  end: doctor.end,
  slotMinutes: doctor.slotMinutes,
  bufferMinutes: 0,
  capacity: doctor.capacity,
  emergencySeats: doctor.emergencySeats ?? 0,
  mode: 'in_person' as const,
  clinicId: null,
});

const weekdays = [1, 2, 3, 4, 5, 6, 7];

/** Puts a plan's people and schedules into D1, before anything can fail. */
export const settle = (d1: SqliteD1, plan: Plan): void => {
  const run = (query: string, ...values: (string | number | null)[]) => void d1.run(query, values);
  if (plan.rooms !== undefined) settleRooms(d1, plan.rooms);
  const clinicId = plan.rooms?.clinicId ?? null;
  for (const doctor of plan.doctors) {
    run(
      `INSERT INTO accounts (id, email, password_hash, full_name, role, created_at_ms) VALUES (?, ?, '', 'D', 'doctor', 0)`,
      doctor.id,
      doctor.id,
    );
    run(
      `INSERT INTO doctors (id, full_name, license_number, specialization, fee_minor, currency, time_zone, approval_required, payment_required,
         minimum_notice_minutes, booking_window_days, verified_at_ms, created_at_ms)
       VALUES (?, 'D', ?, 'x', 1000, 'EUR', ?, ?, ?, ?, 4, 1, 0)`,
      doctor.id,
      doctor.id,
      doctor.timeZone,
      Number(doctor.approvalRequired),
      Number(doctor.paymentRequired ?? false),
      doctor.minimumNoticeMinutes,
    );
    for (const weekday of weekdays) {
      const { start, end, slotMinutes, capacity } = doctor;
      run(
        `INSERT INTO weekly_rules (id, doctor_id, weekday, start, end, slot_minutes, buffer_minutes, capacity, mode, clinic_id, requires,
           emergency_seats)
         VALUES (?, ?, ?, ?, ?, ?, 0, ?, 'in_person', ?, ?, ?)`,
        `${doctor.id}/${weekday}`,
        doctor.id,
        weekday,
        start,
        end,
        slotMinutes,
        capacity,
        clinicId,
        JSON.stringify(doctor.requires ?? []),
        doctor.emergencySeats ?? 0,
      );
    }
  }
};

/** The schedule that a doctor of a plan begins with. */
export const firstSchedule = (doctor: SimDoctor): DoctorSchedule => ({
  doctorId: doctor.id,
  timeZone: doctor.timeZone,
  version: 1,
  bookable: true,
  approvalRequired: doctor.approvalRequired,
  paymentRequired: doctor.paymentRequired ?? false,
  fee: { amount: 1_000, currency: 'EUR' },
  minimumNoticeMinutes: doctor.minimumNoticeMinutes,
  bookingWindowDays: 4,
  rules: weekdays.map((weekday) => ({
    id: `${doctor.id}/${weekday}`,
    weekday,
    effectiveFrom: null as LocalDate | null,
    effectiveUntil: null as LocalDate | null,
    ...shapeOf(doctor),
  })),
  sessions: [],
  timeOff: [],
});

/** An edit of a doctor's schedule or terms, committed with the rise of its version in one batch. */
export const edit = async (d1: D1Database, doctor: SimDoctor, random: Random): Promise<string> => {
  const db = database(d1);
  const always = ['capacity', 'hours', 'length', 'approval', 'fee', 'verified', 'mode'] as const;
  const what = random.pick([
    ...always,
    ...(doctor.requires === undefined ? [] : (['requires', 'requires'] as const)),
    ...(doctor.paymentRequired === undefined ? [] : (['payment', 'fee'] as const)),
    ...(doctor.emergencySeats === undefined ? [] : (['emergencies', 'capacity'] as const)),
  ]);
  const rules = (values: Partial<typeof weeklyRules.$inferInsert>) => db.update(weeklyRules).set(values);
  const profile = (values: Partial<typeof doctors.$inferInsert>) => db.update(doctors).set(values);
  const change = {
    capacity: () => rules({ capacity: random.between(1, 3) }),
    hours: () =>
      rules({ start: random.pick(['00:00', '01:00', '01:30', '02:00']), end: random.pick(['03:00', '04:30']) }),
    length: () => rules({ slotMinutes: random.pick([30, 45, 60]) }),
    approval: () => profile({ approvalRequired: random.chance(0.5) }),
    fee: () => profile({ feeMinor: random.between(1, 9) * 1_000 }),
    verified: () => profile({ verifiedAtMs: random.chance(0.7) ? 1 : null }),
    mode: () => rules({ mode: random.pick(['in_person', 'video']) }),
    payment: () => profile({ paymentRequired: random.chance(0.6) }),
    emergencies: () => rules({ emergencySeats: random.between(0, 2) }),
    requires: () => rules({ requires: drawRequires(random) }),
  }[what]();
  const column = ['capacity', 'hours', 'length', 'mode', 'requires', 'emergencies'].includes(what)
    ? weeklyRules.doctorId
    : doctors.id;
  await db.batch([change.where(eq(column, doctor.id)) as never, bumpSchedule(db, doctor.id)]);
  return what;
};
