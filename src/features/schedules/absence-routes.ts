import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { background } from '../../http/background.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { planAbsence, planView } from './absence-plan.ts';
import {
  absenceParamsSchema,
  absencePlanSchema,
  absencePositionSchema,
  absencePreviewSchema,
  absenceSchema,
  absencesQuerySchema,
  newAbsenceSchema,
} from './absence-schema.ts';
import { workOnAbsence } from './absence-work.ts';
import { absenceOf, absencePage, absenceView, beginAbsence } from './absences.ts';
import { mayDoFor } from './readable.ts';

const tags = ['Schedules'];
const security = bearer;
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;

const preview = createRoute({
  method: 'post',
  path: '/doctors/{id}/absences/preview',
  summary: 'Preview an absence',
  description:
    'Who is booked then, and another slot for each. Changes nothing. Staff ask this of a time that the doctor spends at ' +
    'their clinics only.',
  tags,
  security,
  middleware: allowed('absence.manage'),
  request: { params: idParamSchema, ...jsonBody(absencePreviewSchema) },
  responses: {
    200: answer(absencePlanSchema, 'What would be done.'),
    ...refusing(...always, 'works_elsewhere', 'too_many_items', 'temporarily_unavailable'),
  },
});

const begin = createRoute({
  method: 'post',
  path: '/doctors/{id}/absences',
  summary: 'Be away, and take care of who is booked',
  description:
    'Takes the time off, and moves, asks or cancels everybody who is booked then: as proposed, or as `choices` say. It ' +
    'goes on after the answer, and after any interruption; a slot that is taken meanwhile is replaced by the next. Staff ' +
    'record an absence from a time that the doctor spends at their clinics only: `works_elsewhere` otherwise.',
  tags,
  security,
  middleware: [...allowed('absence.manage'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newAbsenceSchema) },
  responses: {
    201: answer(absenceSchema, 'The absence, with what is to be done.'),
    ...refusing(
      ...([...always, 'works_elsewhere', 'too_many_items', 'time_off_overlap', 'in_the_past'] as const),
      'version_conflict',
    ),
  },
});

const list = createRoute({
  method: 'get',
  path: '/doctors/{id}/absences',
  summary: 'List absences',
  description: 'Newest first. Staff see of each what concerns the appointments at their clinics.',
  tags,
  security,
  middleware: allowed('absence.manage'),
  request: { params: idParamSchema, query: absencesQuerySchema },
  responses: { 200: answer(pageSchema(absenceSchema), 'A page of absences.'), ...refusing(...always) },
});

const read = createRoute({
  method: 'get',
  path: '/doctors/{id}/absences/{absenceId}',
  summary: 'Show an absence',
  description:
    'With what has been done about everybody who was booked; to staff, of the appointments at their clinics.',
  tags,
  security,
  middleware: allowed('absence.manage'),
  request: { params: absenceParamsSchema },
  responses: { 200: answer(absenceSchema, 'The absence.'), ...refusing(...always) },
});

export const absenceRoutes = router()
  .openapi(preview, async (c) => {
    const { id } = c.req.valid('param');
    const principal = c.get('principal');
    if (!(await mayDoFor(c, id, 'absence.manage'))) return refuse(c, refusal('not_found'));
    const planned = await planAbsence(c.env, id, c.req.valid('json').timeOff, principal, Date.now());
    if (!planned.ok) return refuse(c, planned.refusal);
    const patientIds = planned.value.map(({ row }) => row.patientId);
    await auditRead(c, { action: 'absence.previewed', patientIds, why: reasonOf(principal.role), subjectId: id });
    return c.json(await planView(database(c.env.DB), id, planned.value), 200);
  })
  .openapi(begin, async (c) => {
    const { id } = c.req.valid('param');
    if (!(await mayDoFor(c, id, 'absence.manage'))) return refuse(c, refusal('not_found'));
    const begun = await beginAbsence(c.env, id, c.req.valid('json'), c.get('principal'), Date.now());
    if (!begun.ok) return refuse(c, begun.refusal);
    const absence = await absenceOf(database(c.env.DB), id, begun.value, c.get('principal'));
    if (absence === null) return refuse(c, refusal('not_found'));
    background(c, 'absence_interrupted', workOnAbsence(c.env, begun.value, Date.now()));
    return c.json(absenceView(absence), 201);
  })
  .openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    const { limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, absencePositionSchema);
    if (!(await mayDoFor(c, id, 'absence.manage'))) return refuse(c, refusal('not_found'));
    const rows = await absencePage(database(c.env.DB), id, after, limit, c.get('principal'));
    if (rows === null) return refuse(c, refusal('not_found'));
    const shown = page(rows, limit, absenceView, (row) => ({ createdAtMs: row.createdAtMs, id: row.id }));
    return c.json(shown, 200);
  })
  .openapi(read, async (c) => {
    const { id, absenceId } = c.req.valid('param');
    const known = await mayDoFor(c, id, 'absence.manage');
    const absence = known ? await absenceOf(database(c.env.DB), id, absenceId, c.get('principal')) : null;
    return absence === null ? refuse(c, refusal('not_found')) : c.json(absenceView(absence), 200);
  });
