import { expect, test } from 'vitest';
import { simulateMonth } from '../simulation/month/month.ts';
import { drawMonth } from '../simulation/month/plan.ts';

// `npm run simulate` lives through the whole month, with 5,000 appointments.
test.each([
  // The clocks of Berlin go forward on 29 March, those of Sydney back on 5 April.
  ['forward in Berlin', Date.UTC(2026, 2, 27)],
  ['back in Sydney', Date.UTC(2026, 3, 3)],
])(
  '[NT3] [NT4] [NT5] [NT18] days on which clocks go %s: each reminder once at its time, none of what is off',
  { timeout: 120_000 },
  async (_, fromMs) => {
    const outcome = await simulateMonth(drawMonth(1, { appointments: 60, days: 3, doctors: 8, fromMs }));
    expect(outcome.failures).toEqual([]);
    expect(outcome.reminded).toBeGreaterThan(20);
    expect(Object.values(outcome.faults).every((times) => times > 0)).toBe(true);
  },
);
