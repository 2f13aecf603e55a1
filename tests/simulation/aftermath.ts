import { isDeepStrictEqual } from 'node:util';
import { dayName } from '../../src/domain/ids.ts';
import type { Inspector } from './inspector.ts';
import type { People } from './people.ts';
import type { Plan } from './plan.ts';
import { pokeRooms } from './quiet.ts';
import { hasStored, storedIn } from './stored.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

const dayMs = 86_400_000;
const waits = new Set(['pending', 'awaiting_approval']);

/**
 * Waits until nothing runs out any more. A seat whose hold runs out goes from one who waits to the next, for the time of
 * an offer each; nobody has two turns at it, so the line's length bounds that.
 */
const letHoldsRunOut = async (world: World, plan: Plan, run: (ms: number) => Promise<void>): Promise<void> => {
  const [line] = world.d1.rows<{ length: number }>('SELECT count(*) AS length FROM waitlist_entries');
  const boundMs = ((line?.length ?? 0) + 1) * plan.limits.offerTtlMs;
  for (let waitedMs = 0; holdsIn(world).length > 0; waitedMs += 60_000) {
    promise(waitedMs < boundMs, 'WL9', () => `${holdsIn(world)} are held though everybody had their turn`);
    await run(60_000);
  }
  // D1 hears of the last.
  await run(60_000);
};

const holdsIn = (world: World): string[] =>
  [...world.hosts.values()]
    .flatMap(({ storage }) =>
      [...storedIn(storage).appointments.values()].filter((one) => one.expiresAtMs !== null && waits.has(one.status)),
    )
    .map(({ id }) => id);

/**
 * Long after a run: the days are past and delete their storage, while things go wrong again. D1 keeps everything, and
 * no day looks free. Throws a violation.
 */
export const growOld = async (world: World, people: People, inspector: Inspector, plan: Plan): Promise<void> => {
  const { scheduler, d1 } = world;
  const run = (ms: number) => world.runUntil(scheduler.elapsedMs() + ms, inspector.afterStep);
  const rows = () => d1.rows('SELECT * FROM appointments ORDER BY id');
  const audit = () => d1.rows('SELECT * FROM audit_events ORDER BY stream, seq');
  world.setClock(2 * dayMs);
  await run(600_000);
  await letHoldsRunOut(world, plan, run);
  const before = [rows(), audit()];
  world.faults.resume();
  world.setClock(4 * dayMs + plan.limits.retentionMs);
  for (const id of people.promises.ids) void people.read(id);
  await run(600_000);
  world.faults.stop();
  for (const host of world.hosts.values()) {
    // A lost alarm is armed when the object next starts.
    host.kill();
    host.deliver((engine) => engine.get('')).catch(() => undefined);
  }
  for (const host of world.roomHosts.values()) {
    host.kill();
    pokeRooms(host);
  }
  await run(3 * 3_600_000);
  inspector.rooms.checkCleaned();
  promise(isDeepStrictEqual([rows(), audit()], before), 'DD33', () => 'D1 changed when the days were cleaned away');
  for (const { day, storage } of world.hosts.values()) {
    promise(!hasStored(storage), 'DD33', () => `${dayName(day)} is long past and still stored`);
  }
  const cleaned = d1.rows<{ day: string }>(
    `SELECT doctor_id || '/' || date AS day FROM doctor_days WHERE cleaned_at_ms IS NOT NULL`,
  );
  const opened = d1.rows<{ day: string }>(
    "SELECT doctor_id || '/' || date AS day FROM doctor_days WHERE version > 0 AND opened_at_ms IS NOT NULL",
  );
  promise(cleaned.length === opened.length, 'DD33', () => `${opened.length} days were open, ${cleaned.length} cleaned`);
  for (const host of world.hosts.values()) {
    let offered: number | null = null;
    void host
      .deliver((engine) => engine.slots())
      .then((view) => {
        offered = view?.slots.reduce((sum, { remaining }) => sum + remaining, 0) ?? 0;
      });
    await run(60_000);
    promise(offered === 0, 'DD33', () => `${dayName(host.day)} is long past and offers ${offered} seats`);
  }
};
