import { join } from 'node:path';
import { median } from '../report/result.ts';
import { build, root } from '../server/build.ts';
import { startDaybook } from '../server/daybook.ts';
import { accountNamed, practiceStatements } from '../server/practice.ts';
import type { RunSecrets } from '../server/secrets.ts';
import { WorkerServer } from '../server/worker-server.ts';

/** Holds a second of one object whose callers sit beside it: what RPC, decision and commit take, and nothing else. */
export interface ObjectAlone {
  readonly daybook: number;
  readonly floor: number;
  /** In the median of the rounds. */
  readonly ratio: number;
}

const together = 100;
const burstsARound = 8;
const dayMs = 86_400_000;

/** Measures Daybook's object and the floor's in turns, a hundred holds at a time. */
export const measureObjectAlone = async (
  scratch: string,
  probeBundle: string,
  secrets: RunSecrets,
  rounds: number,
): Promise<ObjectAlone> => {
  const config = join(root, 'bench', 'peers', 'floor', 'wrangler.toml');
  const bundle = join(scratch, 'alone-floor-bundle');
  await build(config, bundle);
  const daybook = await startDaybook({ bundle: probeBundle, storage: join(scratch, 'alone-storage'), secrets });
  const storage = join(scratch, 'alone-floor-storage');
  const floor = await WorkerServer.start({ config, bundle, storage, bindings: {}, inspectorPort: null });
  try {
    const doctorId = accountNamed('doctor alone');
    await daybook.query(...practiceStatements([{ doctorId, slots: 32, capacity: 100 }]));
    const samples: ObjectAlone[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const date = new Date(Date.now() + (round + 3) * dayMs).toISOString().slice(0, 10);
      // The first hold opens the day.
      await holdsPerSecond(`${daybook.url}/burst/${doctorId}/${date}/1`, 1);
      const own = await holdsPerSecond(`${daybook.url}/burst/${doctorId}/${date}/${together}`, burstsARound);
      const bare = await holdsPerSecond(`${floor.url}/burst/${date}/${together}`, burstsARound);
      // The first round warms up.
      if (round > 0) samples.push({ daybook: own, floor: bare, ratio: own / bare });
    }
    const of = (value: (sample: ObjectAlone) => number): number => median(samples.map(value));
    return { daybook: of((s) => s.daybook), floor: of((s) => s.floor), ratio: of((s) => s.ratio) };
  } finally {
    await daybook.stop();
    await floor.stop();
  }
};

const holdsPerSecond = async (url: string, bursts: number): Promise<number> => {
  const startMs = performance.now();
  let held = 0;
  for (let i = 0; i < bursts; i += 1) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`a burst failed: ${response.status}`);
    held += ((await response.json()) as { held: number }).held;
  }
  return (held * 1000) / (performance.now() - startMs);
};
