import { z } from 'zod';

const seconds = z.coerce.number().int().positive();

const settingsSchema = z.object({
  /** `production` refuses unsafe settings; `development` and `test` are for this machine only. */
  ENVIRONMENT: z.enum(['production', 'development', 'test']),
  HOLD_TTL_SECONDS: seconds.max(86_400),
  APPROVAL_TTL_SECONDS: seconds.max(30 * 86_400),
  MAX_HOLDS_PER_DAY: z.coerce.number().int().min(1).max(100),
  DAY_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650),
  /** Comma-separated origins that browsers may call from; empty is none. */
  CORS_ORIGINS: z.string(),
  /** A JSON array of private ES256 JWKs, the signing key first; made by `npm start` or `npm run deploy`. */
  JWT_KEYS: z.string().min(1),
  /** 32 random bytes in base64: the master key that seals patients' words. */
  DATA_KEY: z.string().min(43),
});

/** The settings a running Worker needs, checked once per isolate. */
export interface Settings {
  readonly environment: 'production' | 'development' | 'test';
  readonly holdTtlMs: number;
  readonly approvalTtlMs: number;
  readonly maxHoldsPerDay: number;
  readonly dayRetentionDays: number;
  readonly corsOrigins: readonly string[];
  readonly jwtKeys: string;
  readonly dataKey: string;
}

let checked: { env: Env; settings: Settings } | undefined;

/** Reads and checks the settings. Throws, naming each wrong setting and never its value. */
export const settingsOf = (env: Env): Settings => {
  if (checked?.env === env) return checked.settings;
  const parsed = settingsSchema.safeParse(env);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`settings are not valid: ${names.join('; ')}`);
  }
  const value = parsed.data;
  const settings: Settings = {
    environment: value.ENVIRONMENT,
    holdTtlMs: value.HOLD_TTL_SECONDS * 1000,
    approvalTtlMs: value.APPROVAL_TTL_SECONDS * 1000,
    maxHoldsPerDay: value.MAX_HOLDS_PER_DAY,
    dayRetentionDays: value.DAY_RETENTION_DAYS,
    corsOrigins: value.CORS_ORIGINS.split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
    jwtKeys: value.JWT_KEYS,
    dataKey: value.DATA_KEY,
  };
  checked = { env, settings };
  return settings;
};
