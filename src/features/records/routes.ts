import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { recordOf } from '../../patients/relation.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditRead, reasonFor } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { added } from './add-entry.ts';
import { entryViews, recordPage, withdrawEntry } from './entries.ts';
import {
  newHistorySchema,
  newVitalsSchema,
  recordEntrySchema,
  recordParamsSchema,
  recordPositionSchema,
  recordsQuerySchema,
} from './entry-schema.ts';
import { noteRoutes } from './note-routes.ts';

const tags = ['Records'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const writing = { tags, security: bearer, middleware: [...allowed('record.write'), idempotent] };
const written = {
  201: answer(recordEntrySchema, 'The entry.'),
  ...refusing(...always, 'too_many_items', 'person_erased'),
};

const list = createRoute({
  method: 'get',
  path: '/patients/{id}/records',
  summary: 'Read a patient’s record',
  description:
    'History, vitals and visit notes, the latest first. For the patient and the guardian, for doctors who treat the ' +
    'patient or broke the glass. Reads by others are recorded and shown to the patient.',
  tags,
  security: bearer,
  middleware: allowed('record.read'),
  request: { params: idParamSchema, query: recordsQuerySchema },
  responses: {
    200: answer(pageSchema(recordEntrySchema), 'A page of entries.'),
    ...refusing(...always, 'temporarily_unavailable'),
  },
});

const addHistory = createRoute({
  ...writing,
  method: 'post',
  path: '/patients/{id}/history',
  summary: 'Write down something of a patient’s history',
  description: 'By the patient, the guardian, or a doctor who treats the patient; the entry says who said so.',
  request: { params: idParamSchema, ...jsonBody(newHistorySchema) },
  responses: written,
});

const addVitals = createRoute({
  ...writing,
  method: 'post',
  path: '/patients/{id}/vitals',
  summary: 'Write down what was measured',
  description: 'Each with its UCUM unit, within bounds that catch slips of the pen. The entry says who measured.',
  request: { params: idParamSchema, ...jsonBody(newVitalsSchema) },
  responses: written,
});

const withdraw = createRoute({
  ...writing,
  method: 'post',
  path: '/patients/{id}/records/{recordId}/withdraw',
  summary: 'Declare an entry of your own a mistake',
  description: 'It stays in the record and says when it was withdrawn. Visit notes are amended instead.',
  request: { params: recordParamsSchema },
  responses: { 200: answer(recordEntrySchema, 'The entry as it is now.'), ...refusing(...always) },
});

/** Patients' records. */
export const recordRoutes = router()
  .route('/', noteRoutes)
  .openapi(list, async (c) => {
    const principal = c.get('principal');
    const { id } = c.req.valid('param');
    const { limit, cursor, kind, from, to } = c.req.valid('query');
    const db = database(c.env.DB);
    const record = await recordOf(db, principal, id, Date.now());
    if (!may(principal, 'record.read', record)) return refuse(c, refusal('not_found'));
    const after = readCursor(cursor, recordPositionSchema);
    await auditRead(c, { action: 'record.read', patientIds: [id], subjectId: id, ...reasonFor(principal, record) });
    const filter = { kind, fromMs: msOf(from), toMs: msOf(to) };
    const { items, nextCursor } = page(
      await recordPage(db, id, filter, after, limit),
      limit,
      (row) => row,
      ({ atMs, id: last }) => ({ atMs, id: last }),
    );
    return c.json({ items: await entryViews(db, sealingOf(c), items), nextCursor }, 200);
  })
  .openapi(addHistory, async (c) => {
    const { at, ...said } = c.req.valid('json');
    return (await added(c, c.req.valid('param').id, 'history', at, said)) as never;
  })
  .openapi(addVitals, async (c) => {
    const { at, ...said } = c.req.valid('json');
    return (await added(c, c.req.valid('param').id, 'vitals', at, said)) as never;
  })
  .openapi(withdraw, async (c) => {
    const principal = c.get('principal');
    const { id, recordId } = c.req.valid('param');
    const db = database(c.env.DB);
    if (!may(principal, 'record.write', await recordOf(db, principal, id, Date.now())))
      return refuse(c, refusal('not_found'));
    const withdrawn = await withdrawEntry(db, id, recordId, principal, Date.now());
    if (!withdrawn.ok) return refuse(c, withdrawn.refusal);
    const [shown] = await entryViews(db, sealingOf(c), [withdrawn.value]);
    return shown === undefined ? refuse(c, refusal('not_found')) : c.json(shown, 200);
  });

const msOf = (instant: string | undefined) => (instant === undefined ? undefined : Date.parse(instant));
