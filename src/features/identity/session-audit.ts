import { eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, auditEvents, sessions } from '../../db/schema.ts';
import { whence } from '../audit/whence.ts';

/**
 * The statement that records what happens to one session, if a condition names it: for changes whose account only the
 * database knows. It belongs into the batch of the change, before it.
 *
 * @param by why it happens, for the audit; `null` when there is nothing to say
 */
export const sessionAudit = (
  db: Database,
  action: 'session.refreshed' | 'session.ended',
  by: string | null,
  which: SQL | undefined,
  nowMs: number,
) => {
  const stream = sql<string>`'account:' || ${sessions.accountId}`;
  const from = whence();
  const same = from === null ? {} : { from };
  return db.insert(auditEvents).select(
    db
      .select({
        stream: stream.as('stream'),
        seq: sql<number>`(select coalesce(max(seq), 0) + 1 from audit_events where stream = ${stream})`.as('seq'),
        atMs: sql<number>`${nowMs}`.as('at_ms'),
        // Nobody is known to have used a stolen token.
        actorId: (action === 'session.refreshed' ? sql<string>`${sessions.accountId}` : sql<null>`null`).as('actor_id'),
        actorRole: (action === 'session.refreshed' ? sql<string>`${accounts.role}` : sql<string>`'system'`).as(
          'actor_role',
        ),
        action: sql<string>`${action}`.as('action'),
        subjectId: sql<string>`${sessions.accountId}`.as('subject_id'),
        data: sql<string>`json_insert(${JSON.stringify({ by, ...same })}, '$.sessionId', ${sessions.id})`.as('data'),
      })
      .from(sessions)
      .innerJoin(accounts, eq(accounts.id, sessions.accountId))
      .where(which),
  );
};
