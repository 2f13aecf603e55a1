import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { addDocument, documentAudit, documentOf, documentView, removeDocument } from './documents.ts';
import { arriving } from './licence-file.ts';
import { documentParamsSchema, documentSchema } from './verification-schema.ts';

const tags = ['Doctors'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const file = { schema: { type: 'string', format: 'binary' } } as const;
const files = { 'application/pdf': file, 'image/jpeg': file, 'image/png': file };

const upload = createRoute({
  method: 'post',
  path: '/doctors/{id}/documents',
  summary: 'Upload a licence document',
  description:
    'The body is the file itself: a PDF, JPEG or PNG of at most 10 MB, with its `Content-Type` and `Content-Length`. ' +
    'At most ten documents. The same file again gives the same document.',
  tags,
  security: bearer,
  middleware: allowed('doctor.submit'),
  request: { params: idParamSchema, body: { required: true, content: files } },
  responses: {
    201: answer(documentSchema, 'The document.'),
    ...refusing(
      ...(['length_required', 'document_too_large', 'unsupported_document', 'document_incomplete'] as const),
      ...(['too_many_items', ...always] as const),
    ),
  },
});

const download = createRoute({
  method: 'get',
  path: '/doctors/{id}/documents/{documentId}',
  summary: 'Download a licence document',
  description: 'For the doctor and for admins with the permission `doctors`. Every download is recorded.',
  tags,
  security: bearer,
  middleware: allowed('doctor.read_documents'),
  request: { params: documentParamsSchema },
  responses: { 200: { description: 'The file.', content: files }, ...refusing(...always) },
});

const remove = createRoute({
  method: 'delete',
  path: '/doctors/{id}/documents/{documentId}',
  summary: 'Delete a licence document',
  description: 'Until it is submitted, and again once it was rejected.',
  tags,
  security: bearer,
  middleware: [...allowed('doctor.submit'), idempotent],
  request: { params: documentParamsSchema },
  responses: {
    204: { description: 'The document is gone.' },
    ...refusing('documents_under_review', ...always),
  },
});

export const documentRoutes = router()
  .openapi(upload, async (c) => {
    // The file answers for itself: what it is, is what tells one upload from another. A key is only looked at.
    idempotencyKeyOf(c);
    const { id } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'doctor.submit', { doctorId: id })) return refuse(c, refusal('not_found'));
    const begun = await arriving(c.req.raw);
    if (!begun.ok) return refuse(c, begun.refusal);
    const added = await addDocument(c.env, id, begun.value, actor, Date.now());
    return added.ok ? c.json(documentView(added.value), 201) : refuse(c, added.refusal);
  })
  .openapi(download, async (c) => {
    const { id, documentId } = c.req.valid('param');
    const actor = c.get('principal');
    const db = database(c.env.DB);
    const row = may(actor, 'doctor.read_documents', { doctorId: id }) ? await documentOf(db, id, documentId) : null;
    if (row === null) return refuse(c, refusal('not_found'));
    await documentAudit(db, 'document.read', id, documentId, actor, Date.now());
    const object = await c.env.DOCUMENTS.get(row.objectKey);
    if (object === null) return refuse(c, refusal('not_found'));
    const extension = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' }[row.mediaType];
    // A file of a stranger is never shown by the browser under our name, whatever else it may turn out to be.
    return c.body(object.body, 200, {
      'content-type': row.mediaType,
      'content-length': String(row.bytes),
      'content-disposition': `attachment; filename="${row.id}.${extension}"`,
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    }) as never;
  })
  .openapi(remove, async (c) => {
    const { id, documentId } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'doctor.submit', { doctorId: id })) return refuse(c, refusal('not_found'));
    const removed = await removeDocument(c.env, id, documentId, actor, Date.now());
    return removed.ok ? c.body(null, 204) : refuse(c, removed.refusal);
  });
