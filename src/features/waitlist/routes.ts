import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { type Action, may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { page, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { router } from '../../http/route.ts';
import { namesOf } from '../../patients/names.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { joinRoute, leaveRoute, lineRoute, listRoute, readRoute } from './definitions.ts';
import { aheadOf, clinicsOfDoctor, type Entry, entriesFor, findEntry } from './entries.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { liveOffersOf } from './offers.ts';
import { entryPositionSchema } from './schema.ts';
import { entryView } from './view.ts';

/** An entry that the principal may do something with; `null` for every other, as if there were none. */
const entryFor = async (c: Context<AppEnv>, id: string, action: Action): Promise<Entry | null> => {
  const found = await findEntry(database(c.env.DB), id);
  if (found === null) return null;
  const { entry, clinicIds } = found;
  const { patientId, doctorId } = entry;
  return may(c.get('principal'), action, { patientId, doctorId, clinicIds }) ? entry : null;
};

/** A page of entries, with the read recorded for those whose they are. */
const pageOf = async (
  c: Context<AppEnv>,
  { cursor, ...filter }: { state: Entry['state']; doctorId?: string; limit: number; cursor?: string | undefined },
) => {
  const [db, after] = [database(c.env.DB), readCursor(cursor, entryPositionSchema)];
  const rows = await entriesFor(db, c.get('principal'), filter, after);
  const offers = await liveOffersOf(db, rows, Date.now());
  const patientIds = rows.slice(0, filter.limit).map(({ patientId }) => patientId);
  const why = reasonOf(c.get('principal').role);
  await auditRead(c, { action: 'waitlist.listed', patientIds, why, data: { entries: patientIds.length } });
  const names = await namesOf(db, [...patientIds, ...rows.map(({ doctorId }) => doctorId)]);
  const shown = (entry: Entry) => entryView(entry, offers.get(entry.id), names);
  return page(rows, filter.limit, shown, ({ joinedAtMs, id }) => ({ joinedAtMs, id }));
};

/** Waiting for a seat. What is offered is an appointment, and is taken and declined as one. */
export const waitlistRoutes = router()
  .openapi(joinRoute, async (c) => {
    const principal = c.get('principal');
    const { patientId = principal.id, mode = null, ...wish } = c.req.valid('json');
    const joined = await join(c.env, principal, { ...wish, patientId, mode }, Date.now());
    if (!joined.ok) return refuse(c, joined.refusal);
    const { entry, free } = joined.value;
    const firstAt = free.firstAtMs === null ? null : new Date(free.firstAtMs).toISOString();
    const ahead = await aheadOf(database(c.env.DB), entry);
    const shown = { ...entryView(entry), ahead, free: { seats: free.seats, firstAt } };
    return c.json(shown, 201, { Location: `/api/v1/waitlist/${entry.id}` });
  })
  .openapi(listRoute, async (c) => c.json(await pageOf(c, c.req.valid('query')), 200))
  .openapi(lineRoute, async (c) => {
    const doctorId = c.req.valid('param').id;
    const clinicIds = await clinicsOfDoctor(database(c.env.DB), doctorId);
    if (clinicIds === null || !may(c.get('principal'), 'waitlist.read_line', { doctorId, clinicIds })) {
      return refuse(c, refusal('not_found'));
    }
    return c.json(await pageOf(c, { ...c.req.valid('query'), doctorId }), 200);
  })
  .openapi(readRoute, async (c) => {
    const entry = await entryFor(c, c.req.valid('param').id, 'waitlist.read');
    if (entry === null) return refuse(c, refusal('not_found'));
    const why = reasonOf(c.get('principal').role);
    await auditRead(c, { action: 'waitlist.read', patientIds: [entry.patientId], why, subjectId: entry.id });
    const db = database(c.env.DB);
    const [offers, ahead, names] = await Promise.all([
      liveOffersOf(db, [entry], Date.now()),
      aheadOf(db, entry),
      namesOf(db, [entry.doctorId, entry.patientId]),
    ]);
    return c.json({ ...entryView(entry, offers.get(entry.id), names), ahead }, 200);
  })
  .openapi(leaveRoute, async (c) => {
    const entry = await entryFor(c, c.req.valid('param').id, 'waitlist.leave');
    if (entry === null) return refuse(c, refusal('not_found'));
    await leave(c.env, c.get('principal'), entry, Date.now());
    return c.body(null, 204);
  });
