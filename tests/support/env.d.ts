declare namespace Cloudflare {
  interface Env {
    /** The D1 migrations, read by vitest.config.ts; only tests have them. */
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
  }
}

/** A file as text, by vite. */
declare module '*.toml?raw' {
  const text: string;
  export default text;
}
