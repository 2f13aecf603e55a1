import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { arriving } from '../../files/arriving.ts';
import { idempotent } from '../../http/idempotency.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditRead, reasonFor } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { contentRoutes } from './content-routes.ts';
import { editDocument, removeDocument } from './keep.ts';
import { documentFor, listableOf } from './readable.ts';
import { documentPage, documentView } from './rows.ts';
import { documentEditSchema, documentPositionSchema, documentSchema, documentsQuerySchema } from './schema.ts';
import { shareRoutes } from './share-routes.ts';
import { addDocument, maxFileBytes } from './upload.ts';

const tags = ['Documents'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const file = { schema: { type: 'string', format: 'binary' } } as const;
const files = { 'application/pdf': file, 'image/jpeg': file, 'image/png': file };

const upload = createRoute({
  method: 'post',
  path: '/patients/{id}/documents',
  summary: 'Upload a document of a patient',
  description:
    'The body is the file itself: a PDF, JPEG or PNG of at most 20 MB, with its `Content-Type` and `Content-Length`. It ' +
    'is looked at as it arrives and kept encrypted; a PDF that acts, holds other files or cannot be looked into, and a ' +
    'picture with anything behind it, is refused with what is wrong. Name it afterwards. The same file again gives the ' +
    'same document. At most 200 documents, of 500 MB together.',
  tags,
  security: bearer,
  middleware: allowed('document.keep'),
  request: { params: idParamSchema, body: { required: true, content: files } },
  responses: {
    201: answer(documentSchema, 'The document.'),
    ...refusing('length_required', 'file_too_large', 'unsupported_document', 'document_incomplete'),
    ...refusing('unsafe_document', 'document_limit', 'document_incomplete', 'person_erased', ...always),
  },
});

const list = createRoute({
  method: 'get',
  path: '/patients/{id}/documents',
  summary: 'List the documents of a patient',
  description:
    'The newest first. A doctor sees what was given to them, or brought to an appointment with them; one who broke the ' +
    'glass sees all. Reads by others are recorded and shown to the patient.',
  tags,
  security: bearer,
  middleware: allowed('document.read'),
  request: { params: idParamSchema, query: documentsQuerySchema },
  responses: {
    200: answer(pageSchema(documentSchema), 'A page of documents.'),
    ...refusing(...always, 'temporarily_unavailable'),
  },
});

const edit = createRoute({
  method: 'put',
  path: '/documents/{id}',
  summary: 'Name a document, or bring it to an appointment',
  description: 'What the body leaves out stays as it is.',
  tags,
  security: bearer,
  middleware: [...allowed('document.keep'), idempotent],
  request: { params: idParamSchema, ...jsonBody(documentEditSchema) },
  responses: { 200: answer(documentSchema, 'As it is now.'), ...refusing(...always, 'temporarily_unavailable') },
});

const remove = createRoute({
  method: 'delete',
  path: '/documents/{id}',
  summary: 'Delete a document',
  tags,
  security: bearer,
  middleware: [...allowed('document.keep'), idempotent],
  request: { params: idParamSchema },
  responses: { 204: { description: 'The document is gone, for everybody.' }, ...refusing(...always) },
});

/** Documents of patients. */
export const patientDocumentRoutes = router()
  .route('/', shareRoutes)
  .route('/', contentRoutes)
  .openapi(upload, async (c) => {
    // The file answers for itself: what it is, is what tells one upload from another. A key is only looked at.
    idempotencyKeyOf(c);
    const { id } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'document.keep', { patientId: id })) return refuse(c, refusal('not_found'));
    const begun = await arriving(c.req.raw, { bytes: maxFileBytes, code: 'file_too_large' });
    if (!begun.ok) return refuse(c, begun.refusal);
    const how = { env: c.env, settings: c.get('settings'), sealing: sealingOf(c) };
    const added = await addDocument(how, id, begun.value, 'Document', actor, Date.now());
    return added.ok ? c.json(await documentView(how.sealing, added.value), 201) : refuse(c, added.refusal);
  })
  .openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    const { limit, cursor } = c.req.valid('query');
    const listable = await listableOf(c, id);
    if (!listable.ok) return refuse(c, listable.refusal);
    const { resource, doctor } = listable.value;
    const after = readCursor(cursor, documentPositionSchema);
    const reason = reasonFor(c.get('principal'), resource);
    await auditRead(c, { action: 'patient_documents.listed', patientIds: [id], subjectId: id, ...reason });
    const rows = await documentPage(database(c.env.DB), id, doctor, after, limit, Date.now());
    const position = (row: (typeof rows)[number]) => ({ createdAtMs: row.createdAtMs, id: row.id });
    const sealing = sealingOf(c);
    const { items, nextCursor } = page(rows, limit, (row) => documentView(sealing, row), position);
    return c.json({ items: await Promise.all(items), nextCursor }, 200);
  })
  .openapi(edit, async (c) => {
    const found = await documentFor(c, c.get('principal'), 'document.keep', c.req.valid('param').id);
    if (!found.ok) return refuse(c, found.refusal);
    const [sealing, asked] = [sealingOf(c), c.req.valid('json')];
    const edited = await editDocument(c.env, sealing, found.value.row, asked, c.get('principal'), Date.now());
    return edited.ok ? c.json(await documentView(sealing, edited.value), 200) : refuse(c, edited.refusal);
  })
  .openapi(remove, async (c) => {
    const found = await documentFor(c, c.get('principal'), 'document.keep', c.req.valid('param').id);
    if (!found.ok) return refuse(c, found.refusal);
    await removeDocument(c.env, found.value.row, c.get('principal'), Date.now());
    return c.body(null, 204);
  });
