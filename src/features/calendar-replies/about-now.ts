import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import type { AppointmentView } from '../../domain/doctor-day/view.ts';
import type { Reply } from './reply.ts';

/**
 * Whether a reply is to the invitation to the time at which the appointment is now. It names this time, and a version
 * from since the appointment came there: after a move away and back, an answer from before the moves says nothing about
 * now (RFC 5546 section 2.1.5). One that names no time must name the version of now. So must any while D1 is behind the
 * doctor-day and a move may not have come here yet.
 */
export const isAboutNow = async (
  db: Database,
  { startsAtMs, sequence }: Reply,
  view: AppointmentView,
): Promise<boolean> => {
  if (sequence === view.version) return startsAtMs === null || startsAtMs === view.startsAtMs;
  if (startsAtMs !== view.startsAtMs) return false;
  const [known] = await db.all<{ readonly version: number; readonly movedAt: number | null }>(sql`
    select version, (select max(data ->> '$.version') from audit_events
      where subject_id = ${view.id} and action in ('rescheduled', 'moved_in')) as movedAt
    from appointments where id = ${view.id}`);
  return known !== undefined && known.version >= view.version && sequence >= (known.movedAt ?? 0);
};
