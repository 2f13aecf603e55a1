import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountId } from '../../src/domain/ids.ts';
import { root } from './build.ts';

/** The statements that bring an empty D1 to its schema. */
export const migrationStatements = (): string[] => {
  const folder = join(root, 'migrations');
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('--> statement-breakpoint'))
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
};

/** The account id that belongs to a name, the same in every run. */
export const accountNamed = (name: string): string =>
  accountId(new Uint8Array(createHash('sha256').update(name).digest().subarray(0, 12)));

/** A doctor who works in Dhaka from nine, every day, in quarter hours. */
export interface Practice {
  readonly doctorId: string;
  readonly slots: number;
  readonly capacity: number;
}

const slotMinutes = 15;

/** The statements that put verified doctors with their hours into D1. */
export const practiceStatements = (practices: readonly Practice[]): string[] =>
  practices.flatMap(({ doctorId, slots, capacity }) => {
    const endMinute = 9 * 60 + slots * slotMinutes;
    const end = `${String(Math.floor(endMinute / 60)).padStart(2, '0')}:${String(endMinute % 60).padStart(2, '0')}`;
    return [
      `insert into accounts (id, email, password_hash, full_name, role, created_at_ms)
       values ('${doctorId}', '${doctorId}@example.org', '-', 'Bench Doctor', 'doctor', 0)`,
      `insert into doctors (id, full_name, license_number, specialization, currency, time_zone, verified_at_ms,
         booking_window_days, created_at_ms)
       values ('${doctorId}', 'Bench Doctor', '${doctorId}', 'Cardiology', 'BDT', 'Asia/Dhaka', 1, 365, 0)`,
      ...[1, 2, 3, 4, 5, 6, 7].map(
        (weekday) => `insert into weekly_rules (id, doctor_id, weekday, start, end, slot_minutes, buffer_minutes,
           capacity, mode) values ('r_${weekday}${doctorId}', '${doctorId}', ${weekday}, '09:00', '${end}',
           ${slotMinutes}, 0, ${capacity}, 'video')`,
      ),
    ];
  });
