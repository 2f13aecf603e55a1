import { join } from 'node:path';
import type { Day } from '../load/task.ts';
import { build, root } from '../server/build.ts';
import { WorkerServer } from '../server/worker-server.ts';
import { type Contender, dateAhead, datesOf, type Extent, type Kind, kinds } from './contender.ts';

const config = join(root, 'bench', 'peers', 'floor', 'wrangler.toml');

/** The days of a contender that names its slots itself: `<day>|<number>`. */
const plainDays = (kind: Kind, extent: Extent, seatsApart = false): Day[] => {
  const { slots, capacity, doctors } = kinds[kind];
  const [count, seats] = seatsApart ? [slots * capacity, 1] : [slots, capacity];
  return Array.from({ length: doctors * datesOf(kind, extent) }, (_, i) => {
    const day = `${kind}-${i}`;
    const date = dateAhead(Math.floor(i / doctors));
    const offered = Array.from({ length: count }, (_, n) => ({ id: `${day}|${n}`, capacity: seats }));
    return { doctorId: `${kind}-${i % doctors}`, date, slots: offered };
  });
};

/** All kinds of days of such a contender. */
export const plainOffer = (extent: Extent, seatsApart = false): Contender['offer'] => ({
  fill: plainDays('fill', extent, seatsApart),
  hot: plainDays('hot', extent, seatsApart),
  many: plainDays('many', extent, seatsApart),
  journeys: plainDays('journeys', extent, seatsApart),
  single: plainDays('single', extent, seatsApart),
});

/** The floor: one INSERT a request, in the same workerd on storage of its own. */
export const floor = async (scratch: string, extent: Extent): Promise<Contender> => {
  const bundle = join(scratch, 'floor-bundle');
  await build(config, bundle);
  const storage = join(scratch, 'floor-storage');
  const server = await WorkerServer.start({ config, bundle, storage, bindings: {}, inspectorPort: null });
  return {
    name: 'floor',
    url: server.url,
    offer: plainOffer(extent),
    pids: () => server.pids(),
    // It has no seats to overbook: that is why it is the floor and no peer.
    overbooked: async () => 0,
    stop: () => server.stop(),
  };
};
