import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSigningKey } from './signing-keys.ts';
import { root } from './wrangler.ts';

/** The secrets that every deployment needs, each with how to make a fresh one. */
export const secrets: Readonly<Record<string, () => string>> = {
  /** Two private ES256 JWKs: the second verifies already, should the first have to go at once (see rotate-keys.ts). */
  JWT_KEYS: () => JSON.stringify([newSigningKey(Date.now()), newSigningKey(Date.now())]),
  /** Keys fingerprints, kept answers and messages on their way: 32 bytes in base64. */
  DATA_KEY: () => randomBytes(32).toString('base64'),
  /** The master key that wraps patients' data keys: 32 bytes in base64. */
  MASTER_KEYS: () => randomBytes(32).toString('base64'),
};

/** What a developer's machine has otherwise than a deployment: mail, SMS and push are shown at /dev/mailbox. */
export const localSettings: Readonly<Record<string, () => string>> = {
  ENVIRONMENT: () => 'development',
  APP_URL: () => 'http://localhost:8787',
  MAIL_TRANSPORT: () => 'local',
  SMS_TRANSPORT: () => 'local',
  PUSH_TRANSPORT: () => 'local',
  PAYMENT_GATEWAY: () => 'local',
  REQUIRE_VERIFIED: () => 'off',
  REQUIRE_SECOND_FACTOR: () => '',
};

const file = join(root, '.dev.vars');

/** Creates `.dev.vars`, or completes it: what is there stays. Gives the names of what was added. */
export const ensureLocalSecrets = (): string[] => {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const present = new Set(text.split('\n').map((line) => line.split('=', 1)[0]?.trim()));
  const wanted: Record<string, () => string> = { ...localSettings, ...secrets };
  const added = Object.keys(wanted).filter((name) => !present.has(name));
  if (added.length === 0) return [];
  const lines = added.map((name) => `${name}='${wanted[name]?.()}'`);
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  writeFileSync(file, `${before}${lines.join('\n')}\n`, { mode: 0o600 });
  return added;
};
