import type { z } from '@hono/zod-openapi';
import { and, desc, eq, gt, isNull, lt, or } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { sessions } from '../../db/schema.ts';
import type { Settings } from '../../env.ts';
import { page } from '../../http/pagination.ts';
import type { sessionPositionSchema, signedInSchema } from './schema.ts';

const latelyMs = 10 * 60_000;

type SignedIn = z.input<typeof signedInSchema>;

/** A page of the live sessions of an account, newest first. */
export const sessionPage = async (
  db: Database,
  settings: Settings,
  holder: { readonly accountId: string; readonly sessionId: string },
  after: z.output<typeof sessionPositionSchema> | null,
  limit: number,
  nowMs: number,
): Promise<{ items: SignedIn[]; nextCursor: string | null }> => {
  const { createdAtMs, id } = sessions;
  const rows = await db
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.accountId, holder.accountId),
        isNull(sessions.endedAtMs),
        gt(sessions.expiresAtMs, nowMs),
        gt(sessions.lastSeenAtMs, nowMs - settings.sessionIdleMs),
        after === null
          ? undefined
          : or(lt(createdAtMs, after.createdAtMs), and(eq(createdAtMs, after.createdAtMs), lt(id, after.id))),
      ),
    )
    .orderBy(desc(createdAtMs), desc(id))
    .limit(limit + 1);
  return page(
    rows,
    limit,
    (row): SignedIn => ({
      id: row.id,
      device: row.device,
      place: row.place,
      createdAt: new Date(row.createdAtMs).toISOString(),
      lastSeenAt: new Date(row.lastSeenAtMs).toISOString(),
      current: row.id === holder.sessionId,
    }),
    (row) => ({ createdAtMs: row.createdAtMs, id: row.id }),
  );
};

/**
 * Whether a session was opened within the last ten minutes: its holder has shown all there is to show just now, and need
 * not show it again.
 */
export const signedInLately = async (db: Database, sessionId: string, nowMs: number): Promise<boolean> => {
  const [lately] = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), gt(sessions.createdAtMs, nowMs - latelyMs)));
  return lately !== undefined;
};
