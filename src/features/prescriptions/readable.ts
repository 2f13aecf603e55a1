import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { recordOf } from '../../patients/relation.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditRead, reasonFor } from '../audit/read.ts';
import { type Opened, opened, prescriptionOf } from './stored.ts';
import type { Means } from './write.ts';

/** What a signed-in request works with. */
export const meansOf = (c: Context<AppEnv>): Means => ({
  db: database(c.env.DB),
  settings: c.get('settings'),
  sealing: sealingOf(c),
});

/**
 * A prescription for who may read it or do something to it; refuses with `not_found`, also once its patient was erased.
 *
 * @param as what is recorded of a read by somebody else; `null` for a change, which is recorded by itself
 */
export const prescriptionFor = async (
  c: Context<AppEnv>,
  action: 'prescription.read' | 'prescription.cancel' | 'prescription.write',
  id: string,
  as: string | null,
): Promise<Result<Opened, Refusal>> => {
  const principal = c.get('principal');
  const { db, settings, sealing } = meansOf(c);
  const row = await prescriptionOf(db, id);
  if (row === null) return refused(refusal('not_found'));
  const record = { ...(await recordOf(db, principal, row.patientId, Date.now())), doctorId: row.doctorId };
  if (!may(principal, action, record)) return refused(refusal('not_found'));
  if (as !== null) {
    const why = reasonFor(principal, record);
    await auditRead(c, { action: as, patientIds: [row.patientId], subjectId: id, ...why });
  }
  const found = await opened(db, settings, sealing, row);
  return found === null ? refused(refusal('not_found')) : ok(found);
};
