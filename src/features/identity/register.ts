import type { z } from '@hono/zod-openapi';
import type { Database } from '../../db/client.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Settings } from '../../env.ts';
import { createAccount, newAccountId } from './account.ts';
import { startSession } from './refresh-token.ts';
import type { registerSchema, sessionSchema } from './schema.ts';
import { sessionAnswer } from './session.ts';

/**
 * Creates an account for whoever asks and signs it in, in one transaction. Refuses with `email_taken`, `phone_taken`,
 * `license_number_taken`, `unknown_clinic`.
 */
export const registerAccount = async (
  db: Database,
  settings: Settings,
  registration: z.output<typeof registerSchema>,
  nowMs: number,
): Promise<Result<z.input<typeof sessionSchema>, Refusal>> => {
  const id = newAccountId();
  const { statement, ...session } = await startSession(db, id, nowMs);
  const created = await createAccount(db, {
    id,
    ...registration,
    doctor: registration.role === 'doctor' ? registration.doctor : null,
    actor: { id, role: registration.role },
    nowMs,
    also: [statement],
  });
  return created.ok ? ok(await sessionAnswer(db, settings, created.value, session, nowMs)) : created;
};
