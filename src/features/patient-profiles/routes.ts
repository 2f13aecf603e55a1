import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { profileOf } from '../../patients/profile.ts';
import { recordOf } from '../../patients/relation.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditRead, reasonFor } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { editProfile, profileView } from './profiles.ts';
import { ifMatchSchema, profileEditSchema, profileSchema } from './schema.ts';

const tags = ['Records'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const path = '/patients/{id}/profile';

const read = createRoute({
  method: 'get',
  path,
  summary: 'Show what a patient has said of themselves',
  description:
    'For the patient (also as `/patients/me/profile`) and the guardian, for doctors who treat the patient or broke the ' +
    'glass, and for staff of a clinic with an appointment: staff sees birth, sex, whom to call and insurance. Reads by ' +
    'others are recorded and shown to the patient.',
  tags,
  security: bearer,
  middleware: allowed('profile.read'),
  request: { params: idParamSchema },
  responses: {
    200: answer(profileSchema, 'The profile; its `ETag` serves `If-Match`.'),
    ...refusing(...always, 'temporarily_unavailable'),
  },
});

const edit = createRoute({
  method: 'put',
  path,
  summary: 'Say something of yourself, or of a dependant',
  description: 'What the body leaves out stays as it is. Lists are replaced as a whole, so send `If-Match` with them.',
  tags,
  security: bearer,
  middleware: [...allowed('profile.edit'), idempotent],
  request: { params: idParamSchema, headers: ifMatchSchema, ...jsonBody(profileEditSchema) },
  responses: {
    200: answer(profileSchema, 'The profile as it is now.'),
    ...refusing(...always, 'version_conflict', 'person_erased'),
  },
});

/** What patients say of themselves, for who treats them and for the front desk. */
export const patientProfileRoutes = router()
  .openapi(read, async (c) => {
    const principal = c.get('principal');
    const { id } = c.req.valid('param');
    const patientId = id === 'me' ? principal.id : id;
    const db = database(c.env.DB);
    const record = await recordOf(db, principal, patientId, Date.now());
    if (!may(principal, 'profile.read', record)) return refuse(c, refusal('not_found'));
    await auditRead(c, {
      action: 'profile.read',
      patientIds: [patientId],
      subjectId: patientId,
      ...reasonFor(principal, record),
    });
    const stored = await profileOf(db, sealingOf(c), patientId);
    c.header('etag', `"${stored.revision}"`);
    c.header('cache-control', 'private, no-cache');
    return c.json(profileView(patientId, stored, may(principal, 'record.read', record)), 200);
  })
  .openapi(edit, async (c) => {
    const principal = c.get('principal');
    const { id } = c.req.valid('param');
    const patientId = id === 'me' ? principal.id : id;
    if (!may(principal, 'profile.edit', { patientId })) return refuse(c, refusal('not_found'));
    const match = c.req.valid('header')['if-match'] ?? '*';
    const expected = match === '*' ? null : Number(match.slice(1, -1));
    const asked = c.req.valid('json');
    const edited = await editProfile(
      database(c.env.DB),
      sealingOf(c),
      patientId,
      asked,
      expected,
      principal,
      Date.now(),
    );
    if (!edited.ok) return refuse(c, edited.refusal);
    c.header('etag', `"${edited.value.revision}"`);
    return c.json(profileView(patientId, edited.value, true), 200);
  });
