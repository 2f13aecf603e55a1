import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import type { AppEnv } from '../../http/context.ts';
import { preferencesOf } from '../../notifications/preferences.ts';
import { patientOf } from '../../patients/patients.ts';
import type { Printing } from './paper.ts';

/**
 * How a prescription is printed: in the language of who answers for the patient, and with the code that dispenses it for
 * the patient, a guardian and who wrote it. Others read it, and are given a copy.
 */
export const printingFor = async (
  c: Context<AppEnv>,
  { patientId, doctorId }: { readonly patientId: string; readonly doctorId: string },
  nowMs: number,
): Promise<Printing> => {
  const db = database(c.env.DB);
  const accountId = (await patientOf(db, patientId))?.accountId ?? patientId;
  const locale = (await preferencesOf(db, [accountId])).get(accountId)?.locale ?? 'en';
  const withCode = may(c.get('principal'), 'prescription.print_code', { patientId, doctorId });
  return { locale, appUrl: c.get('settings').appUrl, nowMs, withCode };
};
