import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

// All test files share one runtime and its storage, which saves seconds each; this brings D1 to a deployment's schema.
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
