import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts } from '../../db/schema.ts';
import { statuses } from '../../domain/doctor-day/status.ts';
import { pageQuery } from '../../http/pagination.ts';
import { inOrder, localDateSchema } from '../../http/schemas.ts';
import { emailSchema, phoneSchema } from '../identity/schema.ts';

const maxLimit = 100;

/** Whose appointments to look for. A person's data stands in the body, for addresses are logged on the way. */
export const appointmentSearchSchema = z
  .strictObject({
    email: emailSchema.optional().openapi({ description: 'The patient’s whole address.' }),
    phone: phoneSchema.optional().openapi({ description: 'The patient’s whole number.' }),
    patientId: z.string().max(64).optional(),
    status: z.enum(statuses).optional(),
    from: localDateSchema.optional(),
    to: localDateSchema.optional(),
    doctorId: z.string().max(64).optional(),
    limit: z.int().min(1).max(maxLimit).default(20),
    cursor: pageQuery.cursor,
  })
  .refine(({ email, phone, patientId }) => [email, phone, patientId].filter((one) => one !== undefined).length === 1, {
    message: 'must name one of email, phone and patientId',
  })
  .refine(...inOrder)
  .openapi('AppointmentSearch');

/** The id of the patient who is looked for; `null` when nobody has that address or number. */
export const patientIdOf = async (
  db: Database,
  { email, phone, patientId }: z.output<typeof appointmentSearchSchema>,
): Promise<string | null> => {
  if (patientId !== undefined) return patientId;
  const [row] = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(email === undefined ? eq(accounts.phone, phone ?? '') : eq(accounts.email, email));
  return row?.id ?? null;
};
