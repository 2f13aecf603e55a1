import type { z } from '@hono/zod-openapi';
import type { Database } from '../../db/client.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import { type Account, createAccount, newAccountId } from './account.ts';
import type { registerSchema } from './schema.ts';

/** Creates an account for whoever asks. Refuses with `email_taken`, `phone_taken`, `license_number_taken`, `unknown_clinic`. */
export const registerAccount = (
  db: Database,
  registration: z.output<typeof registerSchema>,
  nowMs: number,
): Promise<Result<Account, Refusal>> => {
  const id = newAccountId();
  return createAccount(db, {
    id,
    ...registration,
    doctor: registration.role === 'doctor' ? registration.doctor : null,
    actor: { id, role: registration.role },
    nowMs,
  });
};
