import { describe, expect, it } from 'vitest';
import { type Call, linearize, type Model } from '../simulation/linearizability.ts';

/** A register that is written, read, and changed if it holds what somebody expects. */
interface RegisterCall extends Call {
  readonly does: 'write' | 'read' | 'swap';
  readonly value: number;
  /** For a swap: what it expects, and whether it said that it was so. */
  readonly expected?: number;
  readonly done?: boolean;
}

const register: Model<number, RegisterCall> = {
  initial: 0,
  key: String,
  apply: (held, { does, value, expected, done }) => {
    if (does === 'write') return [value];
    if (does === 'read') return held === value ? [held] : [];
    if (done === undefined) return held === expected ? [value] : [held];
    return (held === expected) === done ? [done ? value : held] : [];
  },
};

const call = (
  does: RegisterCall['does'],
  value: number,
  start: number,
  end: number,
  rest: Partial<RegisterCall> = {},
) => ({
  does,
  value,
  start,
  end,
  required: true,
  ...rest,
});
const writes = (value: number, start: number, end: number) => call('write', value, start, end);
const reads = (value: number, start: number, end: number) => call('read', value, start, end);
/** A write that was never answered. */
const lost = (value: number, start: number, end = Number.POSITIVE_INFINITY) =>
  call('write', value, start, end, { required: false });
const swaps = (expected: number, value: number, done: boolean, start: number, end: number) =>
  call('swap', value, start, end, { expected, done });

const verdict = (...history: RegisterCall[]) => linearize(register, history).ok;

describe('a history that has an explanation', () => {
  it.each([
    ['nothing at all', []],
    ['one after another', [writes(1, 0, 1), reads(1, 2, 3)]],
    ['a read during a write sees what was before', [writes(1, 0, 10), reads(0, 2, 3)]],
    ['a read during a write sees it already', [writes(1, 0, 10), reads(1, 2, 3)]],
    ['two writes at once, read as the first', [writes(1, 0, 10), writes(2, 0, 10), reads(1, 11, 12)]],
    ['two writes at once, read as the second', [writes(1, 0, 10), writes(2, 0, 10), reads(2, 11, 12)]],
    [
      'the one that began later took effect first',
      [writes(1, 0, 10), writes(2, 5, 6), reads(2, 7, 8), reads(1, 11, 12)],
    ],
    ['a lost write that happened', [lost(1, 0), reads(1, 5, 6)]],
    ['a lost write that did not happen', [lost(1, 0), reads(0, 5, 6)]],
    ['a lost write that happened late', [lost(1, 0), reads(0, 5, 6), reads(1, 7, 8)]],
    ['one of two swaps succeeds', [swaps(0, 1, true, 0, 10), swaps(0, 2, false, 0, 10), reads(1, 11, 12)]],
    ['moments count as overlapping when they are the same', [writes(1, 0, 5), reads(0, 5, 5)]],
  ])('[DD37] %s', (_, history) => {
    expect(verdict(...history)).toBe(true);
  });
});

describe('a history that has none', () => {
  it.each([
    ['a read of what was never written', [writes(1, 0, 1), reads(2, 2, 3)]],
    ['a stale read', [writes(1, 0, 1), reads(0, 2, 3)]],
    ['back again after it was seen', [writes(1, 0, 10), reads(1, 2, 3), reads(0, 4, 5)]],
    ['two readers who disagree on the order', [writes(1, 0, 1), writes(2, 0, 1), reads(1, 2, 3), reads(2, 4, 5)]],
    ['two swaps of one value both succeed', [swaps(0, 1, true, 0, 10), swaps(0, 2, true, 0, 10)]],
    ['a swap fails for no reason', [swaps(0, 1, false, 0, 10)]],
    ['a lost write that is seen, and then is gone', [lost(1, 0), reads(1, 5, 6), reads(0, 7, 8)]],
    ['a lost write that happened before it was sent', [reads(1, 0, 1), lost(1, 5)]],
    ['a lost write that happened after its end', [lost(1, 0, 3), reads(0, 5, 6), reads(1, 7, 8)]],
    ['an effect after the answer', [swaps(0, 1, true, 0, 1), reads(0, 2, 3), reads(1, 4, 5)]],
  ])('[DD37] %s', (_, history) => {
    expect(verdict(...history)).toBe(false);
  });

  it('[DD37] shows how far an explanation came, and what could not follow', () => {
    const found = linearize(register, [writes(1, 0, 1), reads(1, 2, 3), reads(7, 4, 5)]);
    expect(found).toMatchObject({ ok: false, reached: [{ value: 1 }, { value: 1 }], stuck: [{ value: 7 }], state: 1 });
  });
});

describe('the search', () => {
  const crowd = (last: number) => [
    ...Array.from({ length: 6 }, (_, i) => writes(i + 1, 0, 100)),
    ...Array.from({ length: 6 }, (_, i) => lost(100 + i, 0)),
    reads(last, 101, 102),
  ];

  it('[DD37] remembers what it has tried: a crowd at one moment takes no time', () => {
    expect(verdict(...crowd(5))).toBe(true);
    expect(verdict(...crowd(99))).toBe(false);
  });

  it('[DD37] agrees with trying every order', () => {
    let seed = 1;
    const next = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const tally = { good: 0, bad: 0 };
    for (let round = 0; round < 400; round += 1) {
      const history = Array.from({ length: 5 }, () => {
        const start = next(10);
        const end = start + next(6);
        return next(2) === 0 ? writes(1 + next(2), start, end) : reads(next(3), start, end);
      });
      const expected = orders(history).some(explains);
      tally[expected ? 'good' : 'bad'] += 1;
      expect(verdict(...history), JSON.stringify(history)).toBe(expected);
    }
    expect(Math.min(tally.good, tally.bad)).toBeGreaterThan(50);
  });
});

const orders = <T>(list: readonly T[]): T[][] =>
  list.length === 0 ? [[]] : list.flatMap((one, i) => orders(list.toSpliced(i, 1)).map((rest) => [one, ...rest]));

const explains = (order: readonly RegisterCall[]): boolean => {
  const inTime = order.every((one, i) => order.slice(i + 1).every((later) => one.start <= later.end));
  let held = 0;
  return (
    inTime &&
    order.every(({ does, value }) => {
      if (does === 'write') held = value;
      return held === value;
    })
  );
};
