import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { invariant } from '../../domain/result.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { verificationOf } from './verification.ts';
import { verificationSchema } from './verification-schema.ts';
import { submitDoctor } from './verify.ts';

const always = ['unauthenticated', 'forbidden', 'not_found'] as const;

const show = createRoute({
  method: 'get',
  path: '/doctors/{id}/verification',
  summary: 'Show how far a doctor’s verification has come',
  description: 'For the doctor and for admins with the permission `doctors`.',
  tags: ['Doctors'],
  security: bearer,
  middleware: allowed('doctor.read_documents'),
  request: { params: idParamSchema },
  responses: { 200: answer(verificationSchema, 'The state, and the documents.'), ...refusing(...always) },
});

const submit = createRoute({
  method: 'post',
  path: '/doctors/{id}/verification',
  summary: 'Ask for verification',
  description: 'Upload at least one document before. Documents cannot be deleted until an admin has decided.',
  tags: ['Doctors'],
  security: bearer,
  middleware: [...allowed('doctor.submit'), idempotent],
  request: { params: idParamSchema },
  responses: {
    200: answer(verificationSchema, 'The verification as it is now.'),
    ...refusing('already_submitted', 'already_verified', 'no_documents', ...always),
  },
});

export const verificationRoutes = router()
  .openapi(show, async (c) => {
    const { id } = c.req.valid('param');
    const known = may(c.get('principal'), 'doctor.read_documents', { doctorId: id });
    const shown = known ? await verificationOf(database(c.env.DB), id) : null;
    return shown === null ? refuse(c, refusal('not_found')) : c.json(shown, 200);
  })
  .openapi(submit, async (c) => {
    const { id } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'doctor.submit', { doctorId: id })) return refuse(c, refusal('not_found'));
    const submitted = await submitDoctor(c.env, id, actor, Date.now());
    if (!submitted.ok) return refuse(c, submitted.refusal);
    const shown = await verificationOf(database(c.env.DB), id);
    invariant(shown !== null, 'a doctor who submits is there');
    return c.json(shown, 200);
  });
