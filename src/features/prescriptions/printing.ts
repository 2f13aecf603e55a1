import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import type { AppEnv } from '../../http/context.ts';
import { preferencesOf } from '../../notifications/preferences.ts';
import { patientOf } from '../../patients/patients.ts';
import type { Printing } from './paper.ts';

/** How a prescription is printed: in the language of who answers for the patient. */
export const printingFor = async (c: Context<AppEnv>, patientId: string, nowMs: number): Promise<Printing> => {
  const db = database(c.env.DB);
  const accountId = (await patientOf(db, patientId))?.accountId ?? patientId;
  const locale = (await preferencesOf(db, [accountId])).get(accountId)?.locale ?? 'en';
  return { locale, appUrl: c.get('settings').appUrl, nowMs };
};
