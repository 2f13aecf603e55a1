import { database } from '../../db/client.ts';
import { invariant } from '../../domain/result.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { profileOf } from './profile.ts';
import { doctorProfileSchema } from './schema.ts';
import { doctorsInState, verificationItem, verificationOf } from './verification.ts';
import {
  rejectionSchema,
  verificationItemSchema,
  verificationPositionSchema,
  verificationQuerySchema,
  verificationSchema,
} from './verification-schema.ts';
import { rejectDoctor, verifyDoctor } from './verify.ts';

const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const administration = ['Administration'];

const queue = createRoute({
  method: 'get',
  path: '/admin/doctors',
  summary: 'List doctors by the state of their verification',
  description: 'Those first who have waited the longest. Without `state`: those who wait for a review.',
  tags: administration,
  security: bearer,
  middleware: allowed('doctor.verify'),
  request: { query: verificationQuerySchema },
  responses: {
    200: answer(pageSchema(verificationItemSchema), 'A page of doctors.'),
    ...refusing('unauthenticated', 'forbidden'),
  },
});

const verify = createRoute({
  method: 'post',
  path: '/admin/doctors/{id}/verify',
  summary: 'Verify a doctor',
  description: 'From then on the doctor can be found and booked, and is told so by mail.',
  tags: administration,
  security: bearer,
  middleware: [...allowed('doctor.verify'), idempotent],
  request: { params: idParamSchema },
  responses: {
    200: answer(doctorProfileSchema, 'The profile as it is now.'),
    ...refusing('already_verified', 'not_submitted', ...always),
  },
});

const reject = createRoute({
  method: 'post',
  path: '/admin/doctors/{id}/reject',
  summary: 'Reject what a doctor submitted, or take a verification back',
  description: 'The doctor is told the reason by mail, and can no longer be found or booked. Appointments stand.',
  tags: administration,
  security: bearer,
  middleware: [...allowed('doctor.verify'), idempotent],
  request: { params: idParamSchema, ...jsonBody(rejectionSchema) },
  responses: {
    200: answer(verificationSchema, 'The verification as it is now.'),
    ...refusing('not_submitted', ...always),
  },
});

export const reviewRoutes = router()
  .openapi(queue, async (c) => {
    const { state, limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, verificationPositionSchema);
    const rows = await doctorsInState(database(c.env.DB), state, after?.state === state ? after : null, limit);
    const position = ({ row }: (typeof rows)[number]) => ({ state, sinceMs: row.verificationSinceMs, id: row.id });
    return c.json(page(rows, limit, verificationItem, position), 200);
  })
  .openapi(verify, async (c) => {
    const { id } = c.req.valid('param');
    const nowMs = Date.now();
    const verified = await verifyDoctor(c.env, id, c.get('principal'), nowMs);
    if (!verified.ok) return refuse(c, verified.refusal);
    const shown = await profileOf(database(c.env.DB), id, c.get('principal'), nowMs);
    invariant(shown !== null, 'a doctor just verified is there');
    return c.json(shown, 200);
  })
  .openapi(reject, async (c) => {
    const { id } = c.req.valid('param');
    const rejected = await rejectDoctor(c.env, id, c.req.valid('json').reason, c.get('principal'), Date.now());
    if (!rejected.ok) return refuse(c, rejected.refusal);
    const shown = await verificationOf(database(c.env.DB), id);
    invariant(shown !== null, 'a doctor just rejected is there');
    return c.json(shown, 200);
  });
