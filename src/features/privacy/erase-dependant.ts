import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { dependants } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { auditStatement } from '../audit/record.ts';
import { erasingDependantStatements } from './pseudonym.ts';

/** Who answers for a dependant, or did until letting go of them; `null` when there is no such dependant. */
export const guardianOf = async (db: Database, id: string): Promise<string | null> =>
  (await db.select({ guardianId: dependants.guardianId }).from(dependants).where(eq(dependants.id, id)))[0]
    ?.guardianId ?? null;

/** The statements that erase a dependant alone: the guardian stays, and stays signed in. */
export const dependantErasure = (db: Database, id: string, guardianId: string, actor: Identity, nowMs: number) => [
  ...erasingDependantStatements(db, id, guardianId, nowMs),
  auditStatement(db, {
    stream: `account:${guardianId}`,
    actor,
    action: 'dependant.erased',
    subjectId: id,
    data: {},
    atMs: nowMs,
  }),
];
