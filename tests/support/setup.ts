import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, expect, vi } from 'vitest';
import { leaks, listen } from './canary.ts';

// All test files share one runtime and its storage, which saves seconds each; this brings D1 to a deployment's schema.
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);

// What comes by itself takes its time on a machine that others share.
const { waitFor } = vi;
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: 15_000, ...options });

// Whatever a test is about, nothing that it entered for a person may get out.
listen();
afterAll(async () => {
  expect(await leaks()).toEqual([]);
});
