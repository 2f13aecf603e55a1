import { describe, expect, test } from 'vitest';
import { LiveSlots } from '../../../durable-objects/live-slots.ts';
import type { LiveMessage } from '../../../src/domain/doctor-day/live.ts';
import type { SlotsView } from '../../../src/domain/doctor-day/view.ts';
import { on } from '../../support/schedules.ts';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-12-01T03:00:00Z');

/** A day of slots with so many seats left each; `null` is no slot at that hour. */
const viewOf = (left: readonly (number | null)[]): SlotsView => ({
  doctorId: 'u_AAAAAAAAAAAAAAAA',
  date: on('2026-12-01'),
  timeZone: 'Asia/Dhaka',
  slots: left.flatMap((remaining, hour) => {
    if (remaining === null) return [];
    const startsAtMs = startMs + hour * hourMs;
    const place = { capacity: 3, mode: 'in_person', clinicId: null } as const;
    return [{ ...place, startsAtMs, endsAtMs: startsAtMs + hourMs, remaining, emergencyRemaining: 0 }];
  }),
});

/** What a watcher believes is left, by start; nothing where nothing is left. */
const believed = (messages: readonly string[]): Record<string, number> => {
  const known = new Map<string, number>();
  for (const message of messages) {
    const { type, slots } = JSON.parse(message) as LiveMessage;
    if (type === 'all') known.clear();
    for (const { startsAt, remaining } of slots) known.set(startsAt, remaining);
  }
  return Object.fromEntries([...known].filter(([, left]) => left > 0).sort());
};

/** A day, those who watch it, and the object that tells them, which may fall asleep. */
const stage = (left: (number | null)[]) => {
  const watchers: string[][] = [];
  const pauses: (() => void)[] = [];
  let reads = 0;
  const ports = {
    watchers: {
      count: () => watchers.length,
      tell: (message: string) => watchers.forEach((one) => void one.push(message)),
      dismiss: () => undefined,
    },
    pause: () => new Promise<void>((resolve) => void pauses.push(resolve)),
    background: () => undefined,
    report: () => undefined,
  };
  const make = () =>
    new LiveSlots(ports, async () => {
      reads += 1;
      return viewOf(left);
    });
  let live = make();
  const settle = async (): Promise<void> => {
    while (pauses.length > 0) pauses.shift()?.();
    for (let turns = 0; turns < 8; turns += 1) await Promise.resolve();
  };
  return {
    watchers,
    pauses,
    reads: () => reads,
    live: () => live,
    joins: (): string[] => {
      const messages = [live.welcome(viewOf(left))];
      watchers.push(messages);
      return messages;
    },
    settle,
    sleeps: async () => {
      await settle();
      live = make();
    },
    truth: () => believed([JSON.stringify({ type: 'all', slots: JSON.parse(make().welcome(viewOf(left))).slots })]),
  };
};

describe('telling of free seats', () => {
  test('[LV4] while nobody watches a commit reads nothing, waits for nothing and tells nothing', async () => {
    const day = stage([1, 1]);
    for (let i = 0; i < 1_000; i += 1) day.live().committed();
    await day.settle();
    expect([day.reads(), day.pauses.length]).toEqual([0, 0]);
  });

  test('[LV2] commits that come together are told together, and what is as it was is not told', async () => {
    const left = [1, 1, 1];
    const day = stage(left);
    const watcher = day.joins();
    left[0] = 0;
    day.live().committed();
    left[1] = 0;
    day.live().committed();
    left[1] = 1;
    day.live().committed();
    await day.settle();
    expect(watcher).toHaveLength(2);
    expect((JSON.parse(watcher[1] ?? '') as LiveMessage).slots.map(({ remaining }) => remaining)).toEqual([0]);
    day.live().committed();
    await day.settle();
    expect([watcher.length, day.reads()]).toEqual([2, 2]);
  });

  test('[LV1] [LV2] [LV5] whatever happens in whatever order, in the end everybody knows what is free', async () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      let state = seed;
      const below = (n: number): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return (state >>> 8) % n;
      };
      const left: (number | null)[] = [1, 2, null, 3];
      const day = stage(left);
      for (let step = 0; step < 25; step += 1) {
        const act = below(6);
        // By a commit, or by the clock alone, which says nothing.
        if (act <= 2) left[below(left.length)] = below(5) === 4 ? null : below(4);
        if (act <= 1 || act === 5) day.live().committed();
        if (act === 3 && day.watchers.length < 5) day.joins();
        if (act === 4) await (below(2) === 0 ? day.settle() : day.sleeps());
        if (act === 5 && day.watchers.length > 2) day.watchers.shift();
      }
      day.live().committed();
      await day.settle();
      for (const messages of day.watchers) expect(believed(messages), `seed ${seed}`).toEqual(day.truth());
    }
  });
});
