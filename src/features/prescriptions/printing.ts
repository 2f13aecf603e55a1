import { eq } from 'drizzle-orm';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { appointments } from '../../db/schema.ts';
import type { AppEnv } from '../../http/context.ts';
import { preferencesOf } from '../../notifications/preferences.ts';
import { patientOf } from '../../patients/patients.ts';
import type { Printing } from './paper.ts';
import type { Row } from './stored.ts';

/** How a prescription is printed: in the language of who answers for the patient, and in the zone of the visit. */
export const printingFor = async (
  c: Context<AppEnv>,
  { patientId, appointmentId }: Row,
  nowMs: number,
): Promise<Printing> => {
  const db = database(c.env.DB);
  const [patient, [visit]] = await Promise.all([
    patientOf(db, patientId),
    db.select({ timeZone: appointments.timeZone }).from(appointments).where(eq(appointments.id, appointmentId)),
  ]);
  const accountId = patient?.accountId ?? patientId;
  const locale = (await preferencesOf(db, [accountId])).get(accountId)?.locale ?? 'en';
  return { locale, timeZone: visit?.timeZone ?? 'UTC', appUrl: c.get('settings').appUrl, nowMs };
};
