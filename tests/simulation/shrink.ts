import type { Burst, FaultPlan, FaultRates } from './faults.ts';
import type { Plan } from './plan.ts';

/** How many runs a shrink may take. */
const maxRuns = 400;

/**
 * Makes a plan that fails smaller: first kinds of faults go, then bursts, then actions in ever smaller groups, as long
 * as the same rule is broken. The result is a plan that still fails, with little in it.
 *
 * @param breaks runs a plan and tells which rule it breaks, `null` for none
 */
export const shrink = async (
  plan: Plan,
  rule: string,
  breaks: (plan: Plan) => Promise<string | null>,
): Promise<Plan> => {
  let best = plan;
  let runs = 0;
  const attempt = async (smaller: Plan): Promise<boolean> => {
    if (runs >= maxRuns) return false;
    runs += 1;
    if ((await breaks(smaller)) !== rule) return false;
    best = smaller;
    return true;
  };
  const withFaults = (change: Partial<FaultPlan>): Plan => ({ ...best, faults: { ...best.faults, ...change } });
  for (const kind of Object.keys(plan.faults.rates) as (keyof FaultRates)[]) {
    if (best.faults.rates[kind] > 0) await attempt(withFaults({ rates: { ...best.faults.rates, [kind]: 0 } }));
  }
  for (const burst of plan.faults.bursts) {
    await attempt(withFaults({ bursts: best.faults.bursts.filter((other: Burst) => other !== burst) }));
  }
  for (let size = Math.ceil(best.actions.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.actions.length; ) {
      const actions = [...best.actions.slice(0, from), ...best.actions.slice(from + size)];
      if (!(await attempt({ ...best, actions }))) from += size;
    }
  }
  return best;
};
