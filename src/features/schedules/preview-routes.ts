import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { previewSchedule } from './preview.ts';
import { schedulePreviewSchema } from './preview-schema.ts';
import { newScheduleSchema } from './schema.ts';

const preview = createRoute({
  method: 'post',
  path: '/doctors/{id}/schedule/preview',
  summary: 'Preview a weekly schedule',
  description:
    'The slots that it would make, and who is booked at a time that it would no longer offer. Changes nothing; refused ' +
    'as the schedule itself would be.',
  tags: ['Schedules'],
  security: bearer,
  middleware: allowed('schedule.edit'),
  request: { params: idParamSchema, ...jsonBody(newScheduleSchema) },
  responses: {
    200: answer(schedulePreviewSchema, 'What would be offered, and who would be left outside.'),
    ...refusing('unauthenticated', 'forbidden', 'not_found', 'version_conflict', 'rules_overlap'),
    ...refusing('unknown_clinic', 'unknown_resource_kind', 'temporarily_unavailable'),
  },
});

/** What a schedule would come to before it is saved. */
export const previewRoutes = router().openapi(preview, async (c) => {
  const { id } = c.req.valid('param');
  const actor = c.get('principal');
  if (!may(actor, 'schedule.edit', { doctorId: id })) return refuse(c, refusal('not_found'));
  const previewed = await previewSchedule(c.env, id, c.req.valid('json'), Date.now());
  if (!previewed.ok) return refuse(c, previewed.refusal);
  const patientIds = previewed.value.appointments.map(({ patientId }) => patientId);
  await auditRead(c, { action: 'schedule.previewed', patientIds, why: reasonOf(actor.role), subjectId: id });
  return c.json(previewed.value, 200);
});
