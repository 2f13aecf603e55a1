import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { refuse } from '../../http/problem.ts';
import { recordOf } from '../../patients/relation.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { entryViews, type NewEntry, writeEntry } from './entries.ts';

/** Writes an entry of history or vitals about a patient for the principal, and answers it. */
export const added = async (
  c: Context<AppEnv>,
  patientId: string,
  kind: NewEntry['kind'],
  at: string | undefined,
  said: object,
) => {
  const [principal, db, nowMs] = [c.get('principal'), database(c.env.DB), Date.now()];
  if (!may(principal, 'record.write', await recordOf(db, principal, patientId, nowMs)))
    return refuse(c, refusal('not_found'));
  const entry = { kind, said, atMs: at === undefined ? nowMs : Date.parse(at) };
  const row = await writeEntry(db, sealingOf(c), patientId, entry, principal, nowMs);
  if (!row.ok) return refuse(c, row.refusal);
  const [shown] = await entryViews(db, sealingOf(c), [row.value]);
  return c.json(shown, 201);
};
