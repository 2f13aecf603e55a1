import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { sayDelay, todayOf } from './delay.ts';
import { mayAtDoctor } from './found.ts';
import { delaySchema, queueSchema, saidDelaySchema } from './schema.ts';
import { queueOf } from './waiting-room.ts';

const tags = ['Visits'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const security = bearer;

const queue = createRoute({
  method: 'get',
  path: '/doctors/{id}/queue',
  summary: 'Show the waiting room of today',
  description:
    'Those who wait first, in the order in which they are to be called in; then everybody else by time. Staff see the ' +
    'patients of their own clinics.',
  tags,
  security,
  middleware: allowed('visit.read_queue'),
  request: { params: idParamSchema },
  responses: { 200: answer(queueSchema, 'The doctor’s day.'), ...refusing(...always) },
});

const late = createRoute({
  method: 'put',
  path: '/doctors/{id}/delay',
  summary: 'Say how late a doctor is today',
  description:
    'The patients who have not been called in yet are told, when it is five minutes or more: each once for each number, ' +
    'and of five at most.',
  tags,
  security,
  middleware: [...allowed('visit.say_delay'), idempotent],
  request: { params: idParamSchema, ...jsonBody(delaySchema) },
  responses: { 200: answer(saidDelaySchema, 'What was said.'), ...refusing(...always) },
});

/** A doctor's day at the desk. */
export const deskRoutes = router()
  .openapi(queue, async (c) => {
    const { id } = c.req.valid('param');
    const may = await mayAtDoctor(c, id, 'visit.read_queue');
    const date = may.ok ? await todayOf(c.env, id, Date.now()) : null;
    if (date === null) return refuse(c, refusal('not_found'));
    const shownQueue = await queueOf(database(c.env.DB), { doctorId: id, date }, c.get('principal'));
    const patientIds = shownQueue.items.map(({ patientId }) => patientId);
    await auditRead(c, { action: 'queue.read', patientIds, why: reasonOf(c.get('principal').role), subjectId: id });
    return c.json(shownQueue, 200);
  })
  .openapi(late, async (c) => {
    const { id } = c.req.valid('param');
    const may = await mayAtDoctor(c, id, 'visit.say_delay');
    if (!may.ok) return refuse(c, may.refusal);
    const said = await sayDelay(c.env, id, c.req.valid('json').minutes, c.get('principal'), Date.now());
    return said.ok ? c.json(said.value, 200) : refuse(c, said.refusal);
  });
