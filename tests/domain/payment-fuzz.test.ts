import { expect, test } from 'vitest';
import { simulatePayments } from '../simulation/payments/simulate.ts';

/** The sequences that every run of the tests plays; `npm run simulate -- --payments 10000` goes on from there. */
const sequences = 120;

test('[PY1] [PY2] [PY3] [PY4] [PY5] [PY6] [PY7] [PY9] money is neither lost nor paid twice, whatever gateways, clocks and crashes do', {
  timeout: 60_000,
}, async () => {
  const total = { payments: 0, refunds: 0, forged: 0, faults: 0 };
  for (let seed = 1; seed <= sequences; seed += 1) {
    const { failure, payments, refunds, forged, faults } = await simulatePayments(seed);
    expect(failure, `npm run simulate -- --payments 1 --seed ${seed}`).toBeNull();
    total.payments += payments;
    total.refunds += refunds;
    total.forged += forged;
    total.faults += faults;
  }
  // The weather was bad, and there was something to lose.
  expect(total.payments).toBeGreaterThan(sequences);
  expect(total.refunds).toBeGreaterThan(sequences / 2);
  expect(Math.min(total.forged, total.faults)).toBeGreaterThan(20);
});

test('[PY8] a sequence replays exactly', async () => {
  const [first, second] = [await simulatePayments(7, true), await simulatePayments(7, true)];
  expect(second).toEqual(first);
});
