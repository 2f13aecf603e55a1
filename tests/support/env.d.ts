declare namespace Cloudflare {
  interface Env {
    /** The D1 migrations, read by vitest.config.ts; only tests have them. */
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
  }
}
