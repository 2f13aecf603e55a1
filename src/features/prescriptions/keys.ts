import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { prescriptionKeys } from '../../db/schema.ts';

/** The public half of a key that has signed a prescription, whether or not it still signs tokens; `null` of no such key. */
export const keyOf = async (db: Database, kid: string): Promise<string | null> =>
  (await db.select({ jwk: prescriptionKeys.jwk }).from(prescriptionKeys).where(eq(prescriptionKeys.kid, kid)))[0]
    ?.jwk ?? null;
