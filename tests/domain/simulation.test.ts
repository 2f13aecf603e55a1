import { describe, expect, it } from 'vitest';
import { drawPlan } from '../simulation/plan.ts';
import { simulate } from '../simulation/simulate.ts';

/** The seeds that every run of the tests goes through; `npm run simulate` goes on from there. */
const seeds = 240;
const groups = 8;

describe('simulated days under every fault', () => {
  it.each(Array.from({ length: groups }, (_, i) => i))(
    '[DD1] [DD3] [DD7] [DD15] [DD20] [DD23] [DD25] [DD26] [DD37] keep every promise: part %i',
    { timeout: 180_000 },
    async (group) => {
      for (let seed = group + 1; seed <= seeds; seed += groups) {
        const { failure, undecided } = await simulate(drawPlan(seed));
        expect([failure, undecided], `npm run simulate -- --seed ${seed}`).toEqual([null, 0]);
      }
    },
  );

  it('[DD37] a seed replays exactly', { timeout: 60_000 }, async () => {
    // Some weather is fair, so that several seeds are drawn: between them faults did happen. None is of those above: what
    // a module remembers of the first time must not show in the second.
    let faults = 0;
    for (const seed of [1_015, 1_018, 1_024, 1_077, 1_080]) {
      const [first, second] = [await simulate(drawPlan(seed)), await simulate(drawPlan(seed))];
      expect(second).toEqual(first);
      faults += Object.values(first.faults).reduce((sum, times) => sum + times, 0);
    }
    expect(faults).toBeGreaterThan(0);
  });
});
