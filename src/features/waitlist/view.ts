import type { z } from '@hono/zod-openapi';
import type { Entry } from './entries.ts';
import type { LiveOffer } from './offers.ts';
import type { entrySchema } from './schema.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * An entry as the API shows it, with what is offered to it now.
 *
 * @param names of people, by id; absent where an answer does not wait for them
 */
export const entryView = (
  entry: Entry,
  offers: readonly LiveOffer[] = [],
  names?: ReadonlyMap<string, string>,
): z.input<typeof entrySchema> => {
  const { id, doctorId, patientId, from, to, part, mode, state, joinedAtMs, closedAtMs } = entry;
  return {
    ...{ id, doctorId, patientId, from, to, part, mode, state },
    ...(names && { patientName: names.get(patientId) ?? null, doctorName: names.get(doctorId) ?? null }),
    joinedAt: iso(joinedAtMs),
    closedAt: closedAtMs === null ? null : iso(closedAtMs),
    offers: offers.map(({ appointmentId, startsAtMs, expiresAtMs, timeZone }) => ({
      ...{ appointmentId, timeZone, startsAt: iso(startsAtMs), expiresAt: iso(expiresAtMs) },
    })),
  };
};
