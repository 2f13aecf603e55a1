import { createHook } from 'node:async_hooks';
import type { Plan } from './plan.ts';
import { type Outcome, simulate } from './simulate.ts';

/** What a run may wait for: promises, and the turns of the event loop in which they settle. */
const unreal = new Set(['PROMISE', 'Immediate']);

/**
 * Plays a plan a second time, and says what was not as it was the first time; `null` when everything was. What is left
 * in the memory of a module tells on the second run, and chance on either. So does a real timer, file or thread: the
 * scheduler cannot wait for it, and what it brings comes between any two events.
 */
export const playedAgain = async (plan: Plan, first: Outcome): Promise<string | null> => {
  const real = new Set<string>();
  const watch = createHook({
    init: (_, type) => {
      if (!unreal.has(type)) real.add(type);
    },
  });
  watch.enable();
  const second = await simulate(plan).finally(() => watch.disable());
  if (real.size > 0) return `it waits for something real: ${[...real].join(', ')}`;
  return second.digest === first.digest ? null : `it went another way: ${parting(first, second)}`;
};

/** Where two runs first tell something else. */
const parting = ({ told, steps }: Outcome, other: Outcome): string => {
  const texts = (run: Outcome['told']) => run.map(({ atMs, text }) => `${atMs} ${text}`);
  const [one, two] = [texts(told), texts(other.told)];
  const at = one.findIndex((text, i) => text !== two[i]);
  return at < 0 ? `${steps} and ${other.steps} events` : `«${one[at]}», then «${two[at]}»`;
};
