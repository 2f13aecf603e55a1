import type { z } from 'zod';
import type { calendarSourceSchema } from './schema.ts';
import type { CalendarSource } from './sources.ts';
import type { CalendarFault } from './unreadable.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** A calendar as its doctor is shown it. */
export const sourceView = (source: CalendarSource): z.output<typeof calendarSourceSchema> => ({
  id: source.id,
  name: source.name,
  host: source.host,
  createdAt: iso(source.createdAtMs),
  readAt: iso(source.readAtMs),
  failing:
    source.failingSinceMs === null
      ? null
      : { since: iso(source.failingSinceMs), reason: (source.failure ?? 'unreachable') as CalendarFault },
});
