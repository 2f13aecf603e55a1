import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

/** Empties all storage, for a file whose expectations are about everything there is. */
export const emptyStorage = async (): Promise<void> => {
  await reset();
  // That leaves the buckets as they were: anchors of what is gone would say that it was cut off.
  for (const bucket of [env.AUDIT_ANCHORS, env.DOCUMENTS]) {
    for (let truncated = true; truncated; ) {
      const found = await bucket.list();
      if (found.objects.length > 0) await bucket.delete(found.objects.map(({ key }) => key));
      truncated = found.truncated;
    }
  }
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
};
