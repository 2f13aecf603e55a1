import { Random } from '../random.ts';
import { Bookings } from './bookings.ts';
import { checkMonth, type MonthVerdict } from './check.ts';
import { populate } from './people.ts';
import type { MonthPlan } from './plan.ts';
import { MonthWorld } from './world.ts';

const dayMs = 86_400_000;

/** How a simulated month went. */
export interface MonthOutcome extends MonthVerdict {
  readonly booked: number;
  readonly mails: number;
  readonly faults: Readonly<Record<string, number>>;
}

/** Lives through a month, minute by minute where something happens, and three days more for what was due at its end. */
export const simulateMonth = async (plan: MonthPlan): Promise<MonthOutcome> => {
  const { error } = console;
  console.error = () => undefined;
  try {
    const world = new MonthWorld(plan);
    populate(world.days, plan);
    const bookings = new Bookings(world, plan, new Random(plan.seed).fork('bookings'));
    const endMs = plan.fromMs + (plan.days + 3) * dayMs;
    while (world.days.clock.nowMs < endMs) {
      await world.pass(bookings.nextMs());
      await bookings.until(world.days.clock.nowMs);
    }
    const { notices, messages, counts } = world;
    const repeated = notices.counts.repeated + messages.counts.repeated;
    const refused = notices.counts.refused + messages.counts.refused;
    return {
      ...checkMonth(world, plan, bookings.booked),
      ...{ booked: bookings.booked.length, mails: world.taken.length, faults: { ...counts, repeated, refused } },
    };
  } finally {
    console.error = error;
  }
};
