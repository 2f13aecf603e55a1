import { z } from 'zod';
import { type EdgeSettings, edgeFaults, edgeFields, edgeSettings } from './http/edge-settings.ts';
import { type SessionSettings, sessionFields, sessionSettings } from './http/session-settings.ts';
import {
  type DeliverySettings,
  deliveryFaults,
  deliveryFields,
  deliverySettings,
} from './messages/delivery-settings.ts';
import { type PaymentSettings, paymentFaults, paymentFields, paymentSettings } from './payments/payment-settings.ts';
import { masterKeysIn } from './sealing/key-ring.ts';

const seconds = z.coerce.number().int().positive();

export const settingsFields = z.object({
  /** `production` refuses unsafe settings; `development` and `test` are for this machine only. */
  ENVIRONMENT: z.enum(['production', 'development', 'test']),
  HOLD_TTL_SECONDS: seconds.max(86_400),
  APPROVAL_TTL_SECONDS: seconds.max(30 * 86_400),
  PAYMENT_TTL_SECONDS: seconds.max(86_400),
  WAITLIST_OFFER_TTL_SECONDS: seconds.min(60).max(86_400),
  MAX_HOLDS_PER_DAY: z.coerce.number().int().min(1).max(100),
  MAX_EMERGENCIES_PER_PATIENT: z.coerce.number().int().min(1).max(100),
  DAY_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650),
  ...edgeFields,
  ...sessionFields,
  /** Where people open Daybook, without a slash at the end: links in mail lead there, and passkeys belong to its host. */
  APP_URL: z.url({ protocol: /^https?$/ }),
  ...deliveryFields,
  ...paymentFields,
  /** Where answers to invitations are read by the Email Worker: `calendar@reply.example.org`; empty is nowhere. */
  CALENDAR_REPLIES: z.union([
    z.literal(''),
    // With the token behind a `+`, the part before the `@` may have 64 octets (RFC 5321 section 4.5.3.1.1).
    z.email().regex(/^[a-z0-9.-]{1,24}@/, 'must have at most 24 letters and digits, in lower case, before the @'),
  ]),
  /** Where visits by video take place, with `{room}` for the name of the room. */
  VIDEO_URL: z.url({ protocol: /^https$/ }).refine((url) => url.includes('{room}'), 'must name {room}'),
  /** Whether booking needs a verified e-mail address; then registering is by a code sent there. */
  REQUIRE_VERIFIED: z.enum(['on', 'off']),
  /** Roles that must have a second factor, comma-separated. */
  REQUIRE_SECOND_FACTOR: z
    .string()
    .regex(/^(|(patient|doctor|admin|staff)(,(patient|doctor|admin|staff))*)$/, 'must be roles, comma-separated'),
  /** A JSON array of ES256 JWKs, the signing key first and private; made by `npm start` or `npm run deploy`. */
  JWT_KEYS: z.string().min(1),
  /** 32 random bytes in base64: keys fingerprints, kept answers and messages that are on their way. */
  DATA_KEY: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64'),
  /** Master keys, 32 random bytes in base64 each, with commas between them. They wrap patients' data keys, by the first. */
  MASTER_KEYS: z
    .string()
    .refine((text) => masterKeysIn(text) !== null, 'must be one to eight keys of 32 bytes in base64'),
});

/** A deployment whose mail is kept instead of sent would show everybody's codes to nobody, or to anybody. */
const settingsSchema = settingsFields.check(({ value, issues }) => {
  const isProduction = value.ENVIRONMENT === 'production';
  const faults = [edgeFaults, deliveryFaults, paymentFaults].flatMap((of) => [...of(value, isProduction)]);
  for (const [name, message] of faults) {
    issues.push({ code: 'custom', input: '', path: [name], message });
  }
});

/** The settings a running Worker needs, checked once per isolate. */
export interface Settings extends EdgeSettings, SessionSettings {
  readonly environment: 'production' | 'development' | 'test';
  readonly holdTtlMs: number;
  readonly approvalTtlMs: number;
  readonly paymentTtlMs: number;
  readonly waitlistOfferTtlMs: number;
  readonly maxHoldsPerDay: number;
  /** Emergencies of one patient in 30 days. */
  readonly maxEmergencies: number;
  readonly dayRetentionDays: number;
  readonly appUrl: string;
  readonly mailFrom: string;
  readonly delivery: DeliverySettings;
  readonly payments: PaymentSettings;
  readonly calendarReplies: string | null;
  readonly videoUrl: string;
  readonly requireVerified: boolean;
  readonly requireSecondFactor: readonly string[];
  readonly jwtKeys: string;
  readonly dataKey: string;
  readonly masterKeys: string;
}

/** Settings that cannot be served with. Its message names each wrong one and never a value, so that it may be logged. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

let checked: { env: Env; settings: Settings } | undefined;

/** Reads and checks the settings. Throws a {@link SettingsError}. */
export const settingsOf = (env: Env): Settings => {
  if (checked?.env === env) return checked.settings;
  const parsed = settingsSchema.safeParse(env);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new SettingsError(`settings are not valid: ${names.join('; ')}`);
  }
  const value = parsed.data;
  const settings: Settings = {
    environment: value.ENVIRONMENT,
    holdTtlMs: value.HOLD_TTL_SECONDS * 1000,
    approvalTtlMs: value.APPROVAL_TTL_SECONDS * 1000,
    paymentTtlMs: value.PAYMENT_TTL_SECONDS * 1000,
    waitlistOfferTtlMs: value.WAITLIST_OFFER_TTL_SECONDS * 1000,
    maxHoldsPerDay: value.MAX_HOLDS_PER_DAY,
    maxEmergencies: value.MAX_EMERGENCIES_PER_PATIENT,
    dayRetentionDays: value.DAY_RETENTION_DAYS,
    ...edgeSettings(value, value.HOLD_TTL_SECONDS * 1000),
    ...sessionSettings(value),
    appUrl: value.APP_URL.replace(/\/$/, ''),
    mailFrom: value.MAIL_FROM,
    delivery: deliverySettings(value),
    payments: paymentSettings(value),
    calendarReplies: value.CALENDAR_REPLIES || null,
    videoUrl: value.VIDEO_URL,
    requireVerified: value.REQUIRE_VERIFIED === 'on',
    requireSecondFactor: value.REQUIRE_SECOND_FACTOR.split(',').filter((role) => role !== ''),
    jwtKeys: value.JWT_KEYS,
    dataKey: value.DATA_KEY,
    masterKeys: value.MASTER_KEYS,
  };
  checked = { env, settings };
  return settings;
};
