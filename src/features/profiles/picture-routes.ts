import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { arriving } from '../../files/arriving.ts';
import { idempotent } from '../../http/idempotency.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { hasPrecondition, preconditionOf } from '../../http/preconditions.ts';
import { refuse } from '../../http/problem.ts';
import { bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { auditRead } from '../audit/read.ts';
import { authenticated, viewerOf } from '../identity/authenticate.ts';
import { maxPictureBytes, ontoOf, pictureOf, removePicture, savePicture, sightOf } from './pictures.ts';
import { ifMatchSchema } from './schema.ts';

const tags = ['Users'];
const file = { schema: { type: 'string', format: 'binary' } } as const;
const files = { 'image/jpeg': file, 'image/png': file };

const upload = createRoute({
  method: 'put',
  path: '/users/me/picture',
  summary: 'Upload my picture',
  description:
    'The body is the file itself: a JPEG or PNG of at most 5 MB and 4096 points on a side, with its `Content-Type` and ' +
    '`Content-Length`. What it says of where and by what it was taken is taken out. A doctor’s is public.',
  tags,
  security: bearer,
  middleware: [authenticated],
  request: { headers: ifMatchSchema, body: { required: true, content: files } },
  responses: {
    204: { description: 'It is my picture now.' },
    ...refusing(
      ...(['length_required', 'picture_too_large', 'picture_too_many_points', 'unsupported_document'] as const),
      ...(['document_incomplete', 'unsafe_document', 'unauthenticated', 'precondition_failed'] as const),
    ),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/users/me/picture',
  summary: 'Delete my picture',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: { headers: ifMatchSchema },
  responses: {
    204: { description: 'It is gone.' },
    ...refusing('unauthenticated', 'not_found', 'precondition_failed'),
  },
});

const show = createRoute({
  method: 'get',
  path: '/users/{id}/picture',
  summary: 'Show a picture',
  description:
    'Of a verified doctor to everybody; of others to themselves, their doctors, the desk of their clinics and who manages ' +
    'accounts. `me` is my own.',
  tags,
  security: [{}, ...bearer],
  request: { params: idParamSchema, headers: ifMatchSchema },
  responses: {
    200: { description: 'The picture; its `ETag` serves `If-Match`.', content: files },
    304: { description: 'It is still the one of the ETag in `If-None-Match`.' },
    ...refusing('unauthenticated', 'not_found', 'precondition_failed'),
  },
});

/** Pictures of people. */
export const pictureRoutes = router()
  .openapi(upload, async (c) => {
    // The file answers for itself: the same again is the same picture.
    idempotencyKeyOf(c);
    const begun = await arriving(c.req.raw, { bytes: maxPictureBytes, code: 'picture_too_large' });
    if (!begun.ok) return refuse(c, begun.refusal);
    const onto = await ontoOf(c.env, c.req.raw, c.get('principal').id);
    if (!onto.ok) await begun.value.drop();
    if (!onto.ok) return refuse(c, onto.refusal);
    const saved = await savePicture(c.env, begun.value, c.get('principal'), Date.now(), onto.value);
    return saved.ok ? c.body(null, 204) : refuse(c, saved.refusal);
  })
  .openapi(remove, async (c) => {
    const onto = await ontoOf(c.env, c.req.raw, c.get('principal').id);
    if (!onto.ok) return refuse(c, onto.refusal);
    const removed = await removePicture(c.env, c.get('principal'), Date.now(), onto.value);
    return removed.ok ? c.body(null, 204) : refuse(c, removed.refusal);
  })
  .openapi(show, async (c) => {
    const viewer = await viewerOf(c);
    const given = c.req.valid('param').id;
    const id = given === 'me' && viewer !== null ? viewer.id : given;
    const db = database(c.env.DB);
    const sight = await sightOf(db, id, viewer, Date.now());
    const row = sight === null ? null : await pictureOf(db, id);
    if (row === null) return refuse(c, refusal('not_found'));
    if (sight === 'private' && viewer !== null) {
      c.set('principal', viewer);
      const why = { doctor: 'treatment', staff: 'front_desk', patient: 'guardian', admin: 'administration' } as const;
      await auditRead(c, { action: 'picture.read', patientIds: [id], why: why[viewer.role], subjectId: id });
    }
    const { DOCUMENTS } = c.env;
    const known = hasPrecondition(c.req.raw) ? await DOCUMENTS.head(row.objectKey) : null;
    const precondition = preconditionOf(c.req.raw, known?.httpEtag ?? null);
    if (precondition === 'failed') return refuse(c, refusal('precondition_failed'));
    const object = precondition === 'unchanged' ? null : await DOCUMENTS.get(row.objectKey);
    const etag = (precondition === 'unchanged' ? known : object)?.httpEtag;
    if (etag === undefined) return refuse(c, refusal('not_found'));
    const headers = {
      etag,
      'cache-control': sight === 'public' ? 'public, max-age=300' : 'private, no-cache',
      // A file of a stranger is shown as a picture or not at all, whatever else it may turn out to be.
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      ...(sight === 'public' ? { 'cross-origin-resource-policy': 'cross-origin' } : { vary: 'authorization, cookie' }),
    };
    if (object === null) return c.body(null, 304, headers) as never;
    return c.body(object.body, 200, {
      ...headers,
      'content-type': row.mediaType,
      'content-length': String(object.size),
      'content-disposition': 'inline; filename="picture"',
    }) as never;
  });
