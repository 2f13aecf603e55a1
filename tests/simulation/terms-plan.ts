import type { Action, Plan } from './plan.ts';
import { Random } from './random.ts';

/**
 * Adds to a plan, in some seeds, doctors who are paid first and seats that are kept for emergencies, with who pays and
 * who comes as an emergency. Plans of other seeds stay as they are.
 */
export const withTerms = (plan: Plan): Plan => {
  const random = new Random(plan.seed).fork('terms');
  const [isPaid, isKept] = [random.chance(0.5), random.chance(0.4)];
  const doctors = plan.doctors.map((doctor) => ({
    ...doctor,
    ...(isPaid ? { paymentRequired: random.chance(0.7) } : {}),
    ...(isKept ? { emergencySeats: random.between(1, 2), minimumNoticeMinutes: random.pick([0, 30, 90]) } : {}),
  }));
  const holds = plan.actions.map((action) =>
    isKept && action.deed === 'hold' ? { ...action, emergency: random.chance(0.5) } : action,
  );
  const actions = isPaid ? [...holds, ...payments(random, plan)] : holds;
  return { ...plan, doctors, actions: actions.sort((a, b) => a.atMs - b.atMs) };
};

/** As many as there are holds, the same one told of again and again at times. */
const payments = (random: Random, plan: Plan): Action[] =>
  Array.from({ length: plan.actions.filter(({ deed }) => deed === 'hold').length }, () => ({
    atMs: random.int(plan.durationMs),
    deed: random.pick(['pay', 'pay', 'extend'] as const),
    who: random.int(1_000),
    which: random.int(1_000),
    day: 0,
    slot: 0,
    again: random.chance(0.3) ? [random.pick([0, 20, 500, 20_000])] : [],
    keyed: false,
    seed: random.int(2 ** 31),
  }));
