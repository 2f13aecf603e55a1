import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

/** Empties all storage, for a file whose expectations are about everything there is. */
export const emptyStorage = async (): Promise<void> => {
  await reset();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
};
