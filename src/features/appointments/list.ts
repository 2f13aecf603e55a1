import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { z as zod } from 'zod';
import { database } from '../../db/client.ts';
import { mayEver } from '../../domain/access.ts';
import type { AppEnv } from '../../http/context.ts';
import { page, readCursor } from '../../http/pagination.ts';
import { namesOf } from '../../patients/names.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { type AppointmentAnswer, appointmentAnswer, conflictsAnswer } from './answer.ts';
import { listAppointments, scopeOf } from './list-query.ts';
import { openedToReader } from './opened.ts';
import { conflictRows } from './queries.ts';
import type { listQuerySchema } from './schema.ts';

const positionSchema = zod.object({ startsAtMs: zod.int(), id: zod.string().max(64) });

/** A page of the appointments that a principal may read. */
export const list = async (
  c: Context<AppEnv>,
  query: z.output<typeof listQuerySchema>,
): Promise<{ items: AppointmentAnswer[]; nextCursor: string | null }> => {
  const db = database(c.env.DB);
  const nowMs = Date.now();
  const principal = c.get('principal');
  const after = readCursor(query.cursor, positionSchema);
  const { patientId } = query;
  const openedTo = patientId === undefined ? [] : await openedToReader(c, patientId);
  const scope =
    patientId !== undefined && openedTo.length > 0
      ? ({ by: 'patientId', ids: [patientId] } as const)
      : scopeOf(principal);
  const views = await listAppointments(db, scope, query, after, query.limit, nowMs);
  const { items, nextCursor } = page(
    views,
    query.limit,
    (view) => view,
    ({ startsAtMs, id }) => ({ startsAtMs, id }),
  );
  await auditRead(c, {
    action: 'appointments.listed',
    patientIds: items.map(({ patientId }) => patientId),
    why: openedTo.length > 0 ? 'break_glass' : reasonOf(principal.role),
    data: { appointments: items.length },
  });
  const ids = items.map(({ id }) => id);
  const conflicts = principal.role === 'patient' && ids.length > 0 ? await conflictRows(db, ids, nowMs) : null;
  const sealing = sealingOf(c);
  const names = await namesOf(
    db,
    items.flatMap((view) => [view.patientId, view.doctorId, view.clinicId]),
  );
  if (mayEver(principal, 'appointment.read_words')) await sealing.load(items.map(({ patientId }) => patientId));
  const answers = items.map(async (view) => ({
    ...(await appointmentAnswer(view, principal, sealing, { names, openedTo })),
    ...(conflicts === null ? {} : { conflictsWith: conflictsAnswer(conflicts, view.id) }),
  }));
  return { items: await Promise.all(answers), nextCursor };
};
