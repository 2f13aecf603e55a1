import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { keptNowhere } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { sealingOf, sealingOfNobody } from '../../sealing/sealing.ts';
import { auditRead, reasonFor } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { contentOf } from './content.ts';
import { holderOf, linkToken, readLink } from './link.ts';
import { documentFor } from './readable.ts';
import { documentAudit, documentView } from './rows.ts';
import { documentSchema, linkSchema, tokenParamsSchema } from './schema.ts';

const tags = ['Documents'];
const file = { schema: { type: 'string', format: 'binary' } } as const;

const link = createRoute({
  method: 'post',
  path: '/documents/{id}/link',
  summary: 'Make a link to download a document by',
  description: 'Good for five minutes, for this document, without signing in; no longer than you may read it.',
  tags,
  security: bearer,
  middleware: [...allowed('document.read'), keptNowhere],
  request: { params: idParamSchema },
  responses: {
    201: answer(linkSchema, 'The link. It is made anew each time, and kept nowhere.'),
    ...refusing('unauthenticated', 'forbidden', 'not_found'),
  },
});

const read = createRoute({
  method: 'get',
  path: '/documents/{id}',
  summary: 'Show what a document is',
  description: 'Reads by others than the patient are recorded and shown to them.',
  tags,
  security: bearer,
  middleware: allowed('document.read'),
  request: { params: idParamSchema },
  responses: {
    200: answer(documentSchema, 'The document, without its file.'),
    ...refusing('unauthenticated', 'forbidden', 'not_found', 'temporarily_unavailable'),
  },
});

const download = createRoute({
  method: 'get',
  path: '/downloads/{token}',
  summary: 'Download a document by its link',
  description:
    'Whoever has the link has the file. Downloads by others than the patient are recorded and shown to them.',
  tags,
  request: { params: tokenParamsSchema },
  responses: {
    200: {
      description: 'The file, to be kept and not to be shown.',
      content: { 'application/pdf': file, 'image/jpeg': file, 'image/png': file },
    },
    ...refusing('not_found', 'temporarily_unavailable'),
  },
});

/** The files themselves. */
export const contentRoutes = router()
  .openapi(read, async (c) => {
    const principal = c.get('principal');
    const found = await documentFor(c, principal, 'document.read', c.req.valid('param').id);
    if (!found.ok) return refuse(c, found.refusal);
    const { row, resource } = found.value;
    const reason = reasonFor(principal, resource);
    await auditRead(c, { action: 'patient_document.seen', patientIds: [row.patientId], subjectId: row.id, ...reason });
    return c.json(await documentView(sealingOf(c), row), 200);
  })
  .openapi(link, async (c) => {
    const actor = c.get('principal');
    const found = await documentFor(c, actor, 'document.read', c.req.valid('param').id);
    if (!found.ok) return refuse(c, found.refusal);
    const { row } = found.value;
    const { dataKey, appUrl } = c.get('settings');
    const nowMs = Date.now();
    await documentAudit(database(c.env.DB), 'linked', row, actor, nowMs);
    const { token, expiresAtMs } = await linkToken(dataKey, { documentId: row.id, accountId: actor.id }, nowMs);
    const url = `${appUrl}/api/v1/downloads/${token}`;
    c.header('cache-control', 'no-store');
    return c.json({ url, expiresAt: new Date(expiresAtMs).toISOString() }, 201);
  })
  .openapi(download, async (c) => {
    const settings = c.get('settings');
    const linked = await readLink(settings.dataKey, c.req.valid('param').token, Date.now());
    const db = database(c.env.DB);
    const holder = linked === null ? null : await holderOf(db, linked.accountId);
    if (linked === null || holder === null) return refuse(c, refusal('not_found'));
    const found = await documentFor(c, holder, 'document.read', linked.documentId);
    if (!found.ok) return refuse(c, found.refusal);
    const { row, resource } = found.value;
    const content = await contentOf(c.env, sealingOfNobody(c), row);
    if (content === null) return refuse(c, refusal('not_found'));
    // Whose look it is, is who the link was made for.
    c.set('principal', holder);
    const reason = reasonFor(holder, resource);
    await auditRead(c, { action: 'patient_document.read', patientIds: [row.patientId], subjectId: row.id, ...reason });
    return c.body(content.body, 200, content.headers) as never;
  });
