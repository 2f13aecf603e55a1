import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { defineConfig } from 'vitest/config';
import { identities } from './tests/support/authority.ts';

const encoded = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** Secrets made anew for each run, so that tests need no secrets file and no secret lies in the repository. */
const secrets = async (): Promise<{ JWT_KEYS: string; DATA_KEY: string; MASTER_KEYS: string }> => {
  const signing = async (kid: string) => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    return { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' };
  };
  return {
    JWT_KEYS: JSON.stringify([await signing('test-now'), await signing('test-before')]),
    DATA_KEY: encoded(crypto.getRandomValues(new Uint8Array(32))),
    MASTER_KEYS: encoded(crypto.getRandomValues(new Uint8Array(32))),
  };
};

/**
 * Makes identities for the servers that the global set-up starts, and lets the runtime trust the authority of the one:
 * what talks to them by TLS checks everything that it would check anywhere. Miniflare reads the list once, as it is
 * loaded, so this comes before.
 */
const trustServersOfThisRun = async (): Promise<void> => {
  const made = await identities();
  const file = join(mkdtempSync(join(tmpdir(), 'daybook-')), 'authority.pem');
  writeFileSync(file, made.known.authority);
  Object.assign(process.env, { NODE_EXTRA_CA_CERTS: file, TEST_IDENTITIES: JSON.stringify(made) });
};

/** How long what comes by itself may take on a machine that others share. */
const patience = { poll: { timeout: 15_000 } };

/** A project whose tests share a server of the built Worker and a Chromium, two files at a time. */
const inChromium = (name: string, include: string, groupOrder: number) => ({
  test: {
    ...{ name, include: [include], sequence: { groupOrder } },
    // A story by the keyboard alone is many steps, each of them waited for.
    ...{ testTimeout: 120_000, hookTimeout: 120_000, isolate: false, maxWorkers: 2 },
    // On machines that others share; a story that was played twice says so.
    retry: process.env.CI ? 1 : 0,
    expect: patience,
    globalSetup: ['tests/e2e/support/global-setup.ts'],
    setupFiles: ['tests/e2e/support/setup.ts'],
  },
});

export default defineConfig(async () => {
  const { JWT_KEYS, DATA_KEY, MASTER_KEYS } = await secrets();
  // Wrangler asks for the secrets that wrangler.toml requires before the bindings below are merged in.
  Object.assign(process.env, { JWT_KEYS, DATA_KEY, MASTER_KEYS });
  await trustServersOfThisRun();
  const { cloudflareTest, readD1Migrations } = await import('@cloudflare/vitest-pool-workers');
  const TEST_MIGRATIONS = await readD1Migrations('migrations');
  /** A project whose tests run in workerd, two files at a time. */
  const inWorkerd = (name: string, groupOrder: number, testTimeout: number) => ({
    plugins: [
      cloudflareTest({
        wrangler: { configPath: './wrangler.toml' },
        miniflare: {
          // Every setting is named here, so that a developer's .dev.vars changes no test.
          bindings: {
            ENVIRONMENT: 'test',
            JWT_KEYS,
            DATA_KEY,
            MASTER_KEYS,
            HOLD_TTL_SECONDS: '300',
            APPROVAL_TTL_SECONDS: '86400',
            PAYMENT_TTL_SECONDS: '600',
            WAITLIST_OFFER_TTL_SECONDS: '900',
            MAX_HOLDS_PER_DAY: '3',
            MAX_EMERGENCIES_PER_PATIENT: '3',
            DAY_RETENTION_DAYS: '30',
            SESSION_IDLE_DAYS: '7',
            SESSION_DAYS: '30',
            MAX_SESSIONS: '10',
            SESSION_REGIONS: 'weur,apac',
            CORS_ORIGINS: '',
            RATE_LIMITS: 'off',
            EDGE_CACHE_SECONDS: '0',
            ALERT_WEBHOOK_URL: '',
            ALERT_EVENTS: '',
            CALENDAR_REPLIES: 'calendar@reply.daybook.test',
            APP_URL: 'http://daybook.test',
            VIDEO_URL: 'https://video.daybook.test/{room}',
            MAIL_TRANSPORT: 'local',
            MAIL_FROM: 'no-reply@daybook.test',
            SMS_TRANSPORT: 'local',
            PUSH_TRANSPORT: 'local',
            PAYMENT_GATEWAY: 'local',
            REQUIRE_VERIFIED: 'off',
            REQUIRE_SECOND_FACTOR: '',
            TEST_MIGRATIONS,
          },
        },
      }),
    ],
    test: {
      name,
      testTimeout,
      hookTimeout: 60_000,
      expect: patience,
      isolate: false,
      maxWorkers: 2,
      // Projects of different numbers of workers take turns.
      sequence: { groupOrder },
      include: [`tests/${name}/**/*.test.ts`],
      setupFiles: ['tests/support/setup.ts'],
      globalSetup: [
        'tests/support/webhook.ts',
        'tests/support/ics-server.ts',
        'tests/support/mail-servers.ts',
        'tests/support/providers.ts',
      ],
    },
  });
  return {
    test: {
      projects: [
        {
          // Simulated runs load what the Worker loads, outside of it.
          resolve: {
            alias: ['email', 'sockets'].map((name) => ({
              find: `cloudflare:${name}`,
              replacement: `${import.meta.dirname}/tests/support/sim/cloudflare.ts`,
            })),
          },
          test: { name: 'domain', testTimeout: 30_000, include: ['tests/domain/**/*.test.ts'] },
        },
        { test: { name: 'repository', include: ['tests/*.test.ts'] } },
        inWorkerd('workers', 1, 60_000),
        // What is made from the table of routes: every route, every field, everybody.
        inWorkerd('batteries', 2, 300_000),
        // Stories in a real browser, against the Worker as a deployment would get it; and how quick its pages are.
        inChromium('e2e', 'tests/e2e/**/*.test.ts', 3),
        inChromium('lighthouse', 'tests/e2e/lighthouse.ts', 4),
      ],
    },
  };
});
