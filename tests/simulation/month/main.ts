import { registerHooks } from 'node:module';

// The runtime's own modules do not load outside it.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('cloudflare:')
      ? { url: new URL('../../support/sim/cloudflare.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});

/** Runs the whole month: 5,000 appointments in four zones. Gives whether every promise was kept. */
export const runMonth = async (seed: number, appointments = 5_000): Promise<boolean> => {
  const [{ drawMonth }, { simulateMonth }] = await Promise.all([import('./plan.ts'), import('./month.ts')]);
  const startedMs = performance.now();
  const outcome = await simulateMonth(drawMonth(seed, { appointments, days: 33, doctors: 16 }));
  const { failures, booked, reminded, suppressed, mails, faults, latestMs } = outcome;
  for (const failure of failures.slice(0, 20)) console.log(`  ${failure}`);
  console.log(
    `a month of reminders, seed ${seed}: ${booked} appointments, ${reminded} reminders as due (the latest ` +
      `${Math.round(latestMs / 60_000)} minutes after), ${mails} mails, ${failures.length} failures, ` +
      `${Math.round((performance.now() - startedMs) / 1_000)} s\n  not sent: ${told(suppressed)}\n  faults: ${told(faults)}`,
  );
  return failures.length === 0;
};

const told = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([what, n]) => `${what} ${n}`)
    .join(', ');
