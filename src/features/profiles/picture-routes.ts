import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { arriving } from '../../files/arriving.ts';
import { idempotent } from '../../http/idempotency.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { refuse } from '../../http/problem.ts';
import { bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { auditRead } from '../audit/read.ts';
import { authenticated, viewerOf } from '../identity/authenticate.ts';
import { maxPictureBytes, pictureOf, removePicture, savePicture, sightOf } from './pictures.ts';

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
  request: { body: { required: true, content: files } },
  responses: {
    204: { description: 'It is my picture now.' },
    ...refusing(
      ...(['length_required', 'picture_too_large', 'picture_too_many_points', 'unsupported_document'] as const),
      ...(['document_incomplete', 'unsafe_document', 'unauthenticated'] as const),
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
  responses: { 204: { description: 'It is gone.' }, ...refusing('unauthenticated', 'not_found') },
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
  request: { params: idParamSchema },
  responses: {
    200: { description: 'The picture.', content: files },
    304: { description: 'It is still the one of the ETag in `If-None-Match`.' },
    ...refusing('unauthenticated', 'not_found'),
  },
});

/** Pictures of people. */
export const pictureRoutes = router()
  .openapi(upload, async (c) => {
    // The file answers for itself: the same again is the same picture.
    idempotencyKeyOf(c);
    const begun = await arriving(c.req.raw, { bytes: maxPictureBytes, code: 'picture_too_large' });
    if (!begun.ok) return refuse(c, begun.refusal);
    const saved = await savePicture(c.env, begun.value, c.get('principal'), Date.now());
    return saved.ok ? c.body(null, 204) : refuse(c, saved.refusal);
  })
  .openapi(remove, async (c) => {
    const removed = await removePicture(c.env, c.get('principal'), Date.now());
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
    const object = await c.env.DOCUMENTS.get(row.objectKey, { onlyIf: c.req.raw.headers });
    if (object === null) return refuse(c, refusal('not_found'));
    const headers = {
      etag: object.httpEtag,
      'cache-control': sight === 'public' ? 'public, max-age=300' : 'private, no-cache',
      // A file of a stranger is shown as a picture or not at all, whatever else it may turn out to be.
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      ...(sight === 'public' ? { 'cross-origin-resource-policy': 'cross-origin' } : { vary: 'authorization, cookie' }),
    };
    if (!('body' in object)) return c.body(null, 304, headers) as never;
    return c.body(object.body, 200, {
      ...headers,
      'content-type': row.mediaType,
      'content-length': String(object.size),
      'content-disposition': 'inline; filename="picture"',
    }) as never;
  });
