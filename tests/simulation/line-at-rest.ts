import type { WaitingList } from '../../src/domain/doctor-day/waiting.ts';
import { dayName } from '../../src/domain/ids.ts';
import type { Host } from './host.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

/** Once everything has drained: the day knows who waits for it, and D1 who has got a seat there. */
export const checkLine = (world: World, { day, storage }: Host): void => {
  const name = dayName(day);
  const records = (kind: string) =>
    storage.sql.exec('SELECT id, value FROM records WHERE kind = ?', kind).toArray() as { id: string; value: string }[];
  const told = records('waiting').map(({ value }) => JSON.parse(value) as WaitingList)[0];
  const ids = (told?.entries ?? []).map(({ id }) => id);
  const waiting = world.d1.rows<{ id: string }>(
    `SELECT id FROM waitlist_entries WHERE doctor_id = ? AND state = 'active' AND from_date <= ? AND to_date >= ?
     ORDER BY joined_at_ms, id`,
    day.doctorId,
    day.date,
    day.date,
  );
  const known = waiting.map(({ id }) => id);
  promise(ids.join() === known.join(), 'WL3', () => `${name} thinks that ${ids} wait for it, and ${known} do`);
  for (const { id } of records('taken')) {
    const state = world.d1.rows<{ state: string }>('SELECT state FROM waitlist_entries WHERE id = ?', id)[0]?.state;
    promise(state !== 'active', 'WL11', () => `${id} got a seat on ${name} and still waits`);
  }
};
