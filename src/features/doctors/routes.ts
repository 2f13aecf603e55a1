import { etag } from 'hono/etag';
import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { invariant } from '../../domain/result.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { createAccount, newAccountId } from '../identity/account.ts';
import { allowed, viewerOf } from '../identity/authenticate.ts';
import { documentRoutes } from './document-routes.ts';
import { editDoctor } from './edit.ts';
import { profileOf, profileView } from './profile.ts';
import { reviewRoutes } from './review-routes.ts';
import { createDoctorSchema, doctorProfileSchema, editDoctorSchema } from './schema.ts';
import { searchRoutes } from './search-routes.ts';
import { verificationRoutes } from './verification-routes.ts';

const tags = ['Doctors'];
const profile = doctorProfileSchema;
const zoneAndVersion = ['zone_change_blocked', 'version_conflict', 'temporarily_unavailable'] as const;
const unknown = ['unknown_clinic', 'unknown_specialization'] as const;
const always = ['unauthenticated', 'forbidden'] as const;

const read = createRoute({
  method: 'get',
  path: '/doctors/{id}',
  summary: 'Show a doctor',
  description: 'A doctor who is not verified yet is shown to admins and to the doctor alone.',
  tags,
  security: [{}, ...bearer],
  middleware: [etag({ weak: true })],
  request: { params: idParamSchema },
  responses: {
    200: answer(profile, 'The profile.'),
    304: { description: 'The profile is still the one of the ETag in `If-None-Match`.' },
    ...refusing('unauthenticated', 'not_found'),
  },
});

const create = createRoute({
  method: 'post',
  path: '/doctors',
  summary: 'Create a doctor',
  description: 'Creates an account with an initial password, and the profile. The doctor is not verified yet.',
  tags,
  security: bearer,
  middleware: [...allowed('doctor.create'), idempotent],
  request: jsonBody(createDoctorSchema),
  responses: {
    201: answer(profile, 'The new profile.'),
    ...refusing('email_taken', 'phone_taken', 'license_number_taken', ...unknown, ...always),
  },
});

const edit = createRoute({
  method: 'put',
  path: '/doctors/{id}',
  summary: 'Edit a doctor',
  description:
    'What the body leaves out stays as it is. Only an admin may change a licence number. A new licence number or name ' +
    'sends a verified doctor back to `submitted`, and out of search, until an admin has looked; appointments stand.',
  tags,
  security: bearer,
  middleware: [...allowed('doctor.edit'), idempotent],
  request: { params: idParamSchema, ...jsonBody(editDoctorSchema) },
  responses: {
    200: answer(profile, 'The profile as it is now.'),
    ...refusing('not_found', 'license_number_taken', ...unknown, ...zoneAndVersion, ...always),
  },
});

export const doctorRoutes = router()
  .route('/', searchRoutes)
  .route('/', verificationRoutes)
  .route('/', reviewRoutes)
  .route('/', documentRoutes)
  .openapi(read, async (c) => {
    const viewer = await viewerOf(c);
    const found = await profileOf(database(c.env.DB), c.req.valid('param').id, viewer, Date.now());
    if (found === null) return refuse(c, refusal('not_found'));
    c.header('cache-control', 'private, no-cache');
    c.header('vary', 'authorization', { append: true });
    return c.json(found, 200);
  })
  .openapi(create, async (c) => {
    const { email, password, fullName, phone, ...doctor } = c.req.valid('json');
    const [db, id, nowMs] = [database(c.env.DB), newAccountId(), Date.now()];
    const account = { id, email, password, fullName, phone, role: 'doctor', doctor } as const;
    const created = await createAccount(db, { ...account, actor: c.get('principal'), nowMs });
    if (!created.ok) return refuse(c, created.refusal);
    const shown = await profileOf(db, id, c.get('principal'), nowMs);
    invariant(shown !== null, 'a doctor just created is there');
    c.header('location', `/api/v1/doctors/${id}`);
    return c.json(shown, 201);
  })
  .openapi(edit, async (c) => {
    const nowMs = Date.now();
    const { id } = c.req.valid('param');
    const edited = await editDoctor(c.env, id, c.req.valid('json'), c.get('principal'), nowMs);
    if (!edited.ok) return refuse(c, edited.refusal);
    return c.json(await profileView(database(c.env.DB), edited.value, nowMs), 200);
  });
