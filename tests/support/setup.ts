import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

// Each test file has storage of its own; this brings its D1 to the schema that a deployment has.
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
