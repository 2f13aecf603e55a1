import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { mayEver } from '../../domain/access.ts';
import type { AppEnv } from '../../http/context.ts';
import { openUntil } from '../../patients/open-records.ts';

/** The principal, if a patient's record is open to them because they broke the glass: as the policy wants it. */
export const openedToReader = async (c: Context<AppEnv>, patientId: string): Promise<readonly string[]> => {
  const principal = c.get('principal');
  if (!mayEver(principal, 'patient.break_glass')) return [];
  const until = await openUntil(database(c.env.DB), principal.id, patientId, Date.now());
  return until === null ? [] : [principal.id];
};
