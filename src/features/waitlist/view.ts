import type { z } from '@hono/zod-openapi';
import type { Entry } from './entries.ts';
import type { LiveOffer } from './offers.ts';
import type { entrySchema } from './schema.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** An entry as the API shows it, with what is offered to it now. */
export const entryView = (entry: Entry, offers: readonly LiveOffer[] = []): z.input<typeof entrySchema> => {
  const { id, doctorId, patientId, from, to, part, mode, state, joinedAtMs, closedAtMs } = entry;
  return {
    ...{ id, doctorId, patientId, from, to, part, mode, state },
    joinedAt: iso(joinedAtMs),
    closedAt: closedAtMs === null ? null : iso(closedAtMs),
    offers: offers.map(({ appointmentId, startsAtMs, expiresAtMs }) => ({
      ...{ appointmentId, startsAt: iso(startsAtMs), expiresAt: iso(expiresAtMs) },
    })),
  };
};
