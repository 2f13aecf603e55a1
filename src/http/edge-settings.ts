import { z } from 'zod';
import { alertingKinds, securityEventKinds } from './security-kinds.ts';

/** So many requests in so many seconds. */
export interface Rate {
  readonly limit: number;
  readonly seconds: number;
}

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const rate = z
  .string()
  .regex(/^[1-9]\d{0,6}\/[1-9]\d{0,3}$/, 'must be a number of requests and of seconds, such as 60/60')
  .transform((text): Rate => {
    const [limit, seconds] = text.split('/').map(Number) as [number, number];
    return { limit, seconds };
  });

/** A comma-separated list, without empty places. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''),
);

const isOrigin = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && url.origin === text && /^https?:\/\/[a-z0-9.:[\]-]+$/.test(text);
};

/** The variables that say what the edge of the API lets pass, as the wrangler file names them. */
export const edgeFields = {
  /** Origins that browsers may call from, exactly as browsers send them; empty is none. */
  CORS_ORIGINS: list.refine((origins) => origins.every(isOrigin), 'must be origins such as https://example.org'),
  /** `off` lifts every rate limit, for load tests. Never in production. */
  RATE_LIMITS: z.enum(['on', 'off']),
  /** Signing in, registering and what belongs to it, by one address. */
  RATE_LIMIT_AUTH: rate,
  /** Refreshing and ending sessions, by one address. */
  RATE_LIMIT_SESSION: rate,
  /** Searches and lists that anybody may ask for, by one address. */
  RATE_LIMIT_SEARCH: rate,
  /** Free times of doctors, by one address. */
  RATE_LIMIT_SLOTS: rate,
  /** Everything else by one address. */
  RATE_LIMIT_ADDRESS: rate,
  /** Reads of one account. */
  RATE_LIMIT_READ: rate,
  /** Fetches of one calendar feed: whoever has its address spends nothing else of its owner's. */
  RATE_LIMIT_FEED: rate,
  /** Changes by one account. */
  RATE_LIMIT_WRITE: rate,
  /** Changes of appointments by one account. */
  RATE_LIMIT_BOOKING: rate,
  /** Holds that one patient may ask for within the life of a hold, with whatever doctors: as many can live at once. */
  MAX_HOLDS_PER_PATIENT: whole(1, 1_000),
  MAX_BODY_BYTES: whole(1_024, 10_000_000),
  MAX_JSON_DEPTH: whole(4, 200),
  /** Members and elements of a JSON body together. */
  MAX_JSON_VALUES: whole(100, 1_000_000),
  MAX_URL_BYTES: whole(1_024, 16_384),
  MAX_HEADER_BYTES: whole(2_048, 131_072),
  /** How long answers to nobody in particular are kept at the edge; 0 keeps none. */
  EDGE_CACHE_SECONDS: whole(0, 60),
  /** Where security events are posted to; empty is nowhere. */
  ALERT_WEBHOOK_URL: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  /** Signs what is posted: `whsec_` and base64, as Standard Webhooks has it. */
  ALERT_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'must be whsec_ and at least 24 bytes in base64')
    .optional(),
  /** Kinds of security events that are posted; empty is those that ask for somebody. */
  ALERT_EVENTS: list
    .refine((kinds) => kinds.every((kind) => (securityEventKinds as string[]).includes(kind)), 'names no such event')
    .transform((kinds): readonly string[] => (kinds.length === 0 ? alertingKinds : kinds)),
  /** Opens /metrics to who sends it as a bearer token. Without it there is no such address. */
  METRICS_TOKEN: z.string().min(24).optional(),
};

const edgeSchema = z.object(edgeFields);

/** What the edge lets pass. */
export interface EdgeSettings {
  readonly corsOrigins: readonly string[];
  readonly rateLimits: Rates | null;
  readonly maxBodyBytes: number;
  readonly maxJsonDepth: number;
  readonly maxJsonValues: number;
  readonly maxUrlBytes: number;
  readonly maxHeaderBytes: number;
  readonly edgeCacheSeconds: number;
  readonly alerts: { readonly url: string; readonly secret: string; readonly kinds: readonly string[] } | null;
  readonly metricsToken: string | null;
}

/** The rate of every class of routes. */
export interface Rates {
  readonly auth: Rate;
  readonly session: Rate;
  readonly search: Rate;
  readonly slots: Rate;
  readonly address: Rate;
  readonly read: Rate;
  readonly feed: Rate;
  readonly write: Rate;
  readonly booking: Rate;
  readonly hold: Rate;
}

/** What is wrong with values that each are right: lifted limits in production, alerts that nobody could verify. */
export const edgeFaults = (
  value: z.output<typeof edgeSchema>,
  isProduction: boolean,
): (readonly [name: keyof typeof edgeFields, message: string])[] => {
  const faults: (readonly [keyof typeof edgeFields, string])[] = [];
  if (value.ALERT_WEBHOOK_URL !== '' && value.ALERT_WEBHOOK_SECRET === undefined)
    faults.push(['ALERT_WEBHOOK_SECRET', 'is missing, and what is posted must be signed']);
  if (!isProduction) return faults;
  if (value.RATE_LIMITS === 'off') faults.push(['RATE_LIMITS', 'off is not for production']);
  if (value.CORS_ORIGINS.some((origin) => !origin.startsWith('https://')))
    faults.push(['CORS_ORIGINS', 'must be https in production']);
  if (value.ALERT_WEBHOOK_URL !== '' && !value.ALERT_WEBHOOK_URL.startsWith('https://'))
    faults.push(['ALERT_WEBHOOK_URL', 'must be https in production']);
  return faults;
};

/** The settings that checked variables stand for. */
export const edgeSettings = (value: z.output<typeof edgeSchema>, holdTtlMs: number): EdgeSettings => ({
  corsOrigins: value.CORS_ORIGINS,
  rateLimits:
    value.RATE_LIMITS === 'off'
      ? null
      : {
          auth: value.RATE_LIMIT_AUTH,
          session: value.RATE_LIMIT_SESSION,
          search: value.RATE_LIMIT_SEARCH,
          slots: value.RATE_LIMIT_SLOTS,
          address: value.RATE_LIMIT_ADDRESS,
          read: value.RATE_LIMIT_READ,
          feed: value.RATE_LIMIT_FEED,
          write: value.RATE_LIMIT_WRITE,
          booking: value.RATE_LIMIT_BOOKING,
          hold: { limit: value.MAX_HOLDS_PER_PATIENT, seconds: Math.ceil(holdTtlMs / 1000) },
        },
  maxBodyBytes: value.MAX_BODY_BYTES,
  maxJsonDepth: value.MAX_JSON_DEPTH,
  maxJsonValues: value.MAX_JSON_VALUES,
  maxUrlBytes: value.MAX_URL_BYTES,
  maxHeaderBytes: value.MAX_HEADER_BYTES,
  edgeCacheSeconds: value.EDGE_CACHE_SECONDS,
  alerts:
    value.ALERT_WEBHOOK_URL === '' || value.ALERT_WEBHOOK_SECRET === undefined
      ? null
      : { url: value.ALERT_WEBHOOK_URL, secret: value.ALERT_WEBHOOK_SECRET, kinds: value.ALERT_EVENTS },
  metricsToken: value.METRICS_TOKEN ?? null,
});
