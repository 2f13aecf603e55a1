import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { followUpRows, followUpView, followUpViews, knownFollowUp } from './follow-up-view.ts';
import { endProposal, propose } from './follow-ups.ts';
import {
  followUpPositionSchema,
  followUpSchema,
  followUpsQuerySchema,
  followUpWithSlotsSchema,
  newFollowUpSchema,
} from './schema.ts';

const tags = ['Visits'];
const security = bearer;
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;

const add = createRoute({
  method: 'post',
  path: '/appointments/{id}/follow-up',
  summary: 'Propose another visit',
  description: 'By the doctor, once the visit has begun. The patient is told and books as always; an earlier one ends.',
  tags,
  security,
  middleware: [...allowed('follow_up.propose'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newFollowUpSchema) },
  responses: {
    201: answer(followUpWithSlotsSchema, 'The proposal.'),
    ...refusing(...always, 'invalid_transition', 'too_early', 'in_the_past', 'person_erased'),
  },
});

const list = createRoute({
  method: 'get',
  path: '/follow-ups',
  summary: 'List proposed visits',
  description: 'Those made to me and mine, or, for doctors, by me. Newest first.',
  tags,
  security,
  middleware: allowed('follow_up.read'),
  request: { query: followUpsQuerySchema },
  responses: {
    200: answer(pageSchema(followUpSchema), 'A page of proposals.'),
    ...refusing('unauthenticated', 'forbidden'),
  },
});

const read = createRoute({
  method: 'get',
  path: '/follow-ups/{id}',
  summary: 'Show a proposed visit',
  tags,
  security,
  middleware: allowed('follow_up.read'),
  request: { params: idParamSchema },
  responses: { 200: answer(followUpWithSlotsSchema, 'The proposal, with free times.'), ...refusing(...always) },
});

const end = createRoute({
  method: 'delete',
  path: '/follow-ups/{id}',
  summary: 'Decline a proposed visit, or take it back',
  tags,
  security,
  middleware: [...allowed('follow_up.read'), idempotent],
  request: { params: idParamSchema },
  responses: { 204: { description: 'It has ended.' }, ...refusing(...always) },
});

export const followUpRoutes = router()
  .openapi(add, async (c) => {
    const nowMs = Date.now();
    const made = await propose(c, c.req.valid('param').id, c.req.valid('json'), nowMs);
    if (!made.ok) return refuse(c, made.refusal);
    const db = database(c.env.DB);
    const row = await knownFollowUp(db, made.value.id);
    if (row === undefined) throw new Error('what was proposed is there');
    return c.json(await followUpView(db, sealingOf(c), row, nowMs), 201);
  })
  .openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const principal = c.get('principal');
    const after = readCursor(cursor, followUpPositionSchema);
    const rows = await followUpRows(database(c.env.DB), principal, after, limit);
    const views = await followUpViews(sealingOf(c), rows.slice(0, limit), Date.now());
    const patientIds = views.map(({ patientId }) => patientId);
    await auditRead(c, { action: 'follow_ups.listed', patientIds, why: reasonOf(principal.role) });
    const { nextCursor } = page(
      rows,
      limit,
      ({ id }) => id,
      ({ createdAtMs, id }) => ({ createdAtMs, id }),
    );
    return c.json({ items: views, nextCursor }, 200);
  })
  .openapi(read, async (c) => {
    const db = database(c.env.DB);
    const row = await knownFollowUp(db, c.req.valid('param').id);
    if (row === undefined || !may(c.get('principal'), 'follow_up.read', row)) return refuse(c, refusal('not_found'));
    const why = reasonOf(c.get('principal').role);
    await auditRead(c, { action: 'follow_up.read', patientIds: [row.patientId], why, subjectId: row.id });
    return c.json(await followUpView(db, sealingOf(c), row, Date.now()), 200);
  })
  .openapi(end, async (c) => {
    const ended = await endProposal(c, c.req.valid('param').id, Date.now());
    return ended.ok ? c.body(null, 204) : refuse(c, ended.refusal);
  });
