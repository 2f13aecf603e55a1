import { simulatePayments } from './simulate.ts';

/** Plays sequences of payments from a seed on, and says what they came to. One alone tells what happens in it. */
export const runPayments = async (from: number, count: number): Promise<boolean> => {
  const startedMs = performance.now();
  const total = { sequences: 0, steps: 0, payments: 0, refunds: 0, forged: 0, faults: 0, failures: 0 };
  const line = (): string => {
    const seconds = (performance.now() - startedMs) / 1_000;
    const all = (n: number) => n.toLocaleString('en');
    return (
      `payments: ${all(total.sequences)} sequences (${Math.round(total.sequences / seconds)}/s), ${all(total.steps)} steps, ` +
      `${all(total.payments)} payments, ${all(total.refunds)} refunds, ${all(total.forged)} forged events, ` +
      `${all(total.faults)} crashes, ${total.failures} failures`
    );
  };
  for (let seed = from; seed < from + count; seed += 1) {
    const { failure, ...counts } = await simulatePayments(seed, false, count === 1 ? console.log : undefined);
    total.sequences += 1;
    for (const [name, n] of Object.entries(counts)) total[name as keyof typeof counts] += n;
    if (failure === null) continue;
    total.failures += 1;
    console.log(`seed ${seed}: ${failure} (npm run simulate -- --payments 1 --seed ${seed})`);
  }
  console.log(line());
  return total.failures === 0;
};
