import type { Variant } from '../peers/postgres/booking.ts';
import type { Cluster } from '../peers/postgres/cluster.ts';
import { PostgresPeer } from '../peers/postgres/peer.ts';
import type { RunSecrets } from '../server/secrets.ts';
import type { Contender, Extent } from './contender.ts';
import { plainOffer } from './floor.ts';

/**
 * Express on PostgreSQL. The unique index knows no capacity, so there every seat is a slot of its own: its patients must
 * know which seat of a slot is free, and two of them never wait for each other.
 */
export const postgres = async (
  cluster: Cluster,
  variant: Variant,
  secrets: RunSecrets,
  extent: Extent,
): Promise<Contender> => {
  const peer = await PostgresPeer.start(cluster, variant, secrets.publicKey);
  const offer = plainOffer(extent, variant === 'unique_index');
  for (const days of Object.values(offer)) await peer.offer(days);
  return {
    name: variant,
    url: peer.url,
    offer,
    pids: () => peer.pids(),
    overbooked: async () => {
      const rows = await peer.query(
        `select count(*) as over from (
           select s.id from slots s join appointments a on a.slot_id = s.id
           where a.status = 'confirmed' or (a.status = 'pending' and a.expires_at > clock_timestamp())
           group by s.id having count(*) > s.capacity) o`,
      );
      return Number(rows[0]?.over);
    },
    stop: () => peer.stop(),
  };
};
