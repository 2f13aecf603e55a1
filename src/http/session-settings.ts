import { z } from 'zod';

/** Where guards of sessions can stand: location hints of Durable Objects. */
const guardRegions = ['enam', 'wnam', 'weur', 'eeur', 'apac', 'me', 'oc', 'sam', 'afr'] as const;
export type GuardRegion = (typeof guardRegions)[number];

const isRegion = (text: string): text is GuardRegion => (guardRegions as readonly string[]).includes(text);
const dayMs = 86_400_000;
const days = (max: number) => z.coerce.number().int().min(1).max(max);

/** The variables that say how long sessions live and who guards them, as the wrangler file names them. */
export const sessionFields = {
  /** A session that is not refreshed for so long ends. */
  SESSION_IDLE_DAYS: days(90),
  /** A session ends so long after signing in, however much it is used. */
  SESSION_DAYS: days(365),
  /** Sessions that one account may have at once; the oldest goes. */
  MAX_SESSIONS: z.coerce.number().int().min(1).max(100),
  /** Regions with guards of their own, comma-separated: fewer make signing out faster, nearer ones every request. */
  SESSION_REGIONS: z
    .string()
    .transform((text) => text.split(',').map((region) => region.trim()))
    .refine((regions) => regions.length > 0 && regions.every(isRegion), `must be some of ${guardRegions.join(', ')}`)
    .transform((regions) => [...new Set(regions.filter(isRegion))]),
};

/** How long sessions live, and who guards them. */
export interface SessionSettings {
  readonly sessionIdleMs: number;
  readonly sessionMs: number;
  readonly maxSessions: number;
  readonly sessionRegions: readonly GuardRegion[];
}

/** Reads the variables into settings. */
export const sessionSettings = (value: z.output<z.ZodObject<typeof sessionFields>>): SessionSettings => ({
  sessionIdleMs: value.SESSION_IDLE_DAYS * dayMs,
  sessionMs: value.SESSION_DAYS * dayMs,
  maxSessions: value.MAX_SESSIONS,
  sessionRegions: value.SESSION_REGIONS,
});
