import { database } from '../../db/client.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { namesOf } from '../../patients/names.ts';
import { allowed } from '../identity/authenticate.ts';
import { type ShareRow, share, sharesOf, unshare } from './keep.ts';
import { documentFor } from './readable.ts';
import { newShareSchema, shareParamsSchema, shareSchema, sharesSchema } from './schema.ts';

const tags = ['Documents'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const path = '/documents/{id}/shares';

const list = createRoute({
  method: 'get',
  path,
  summary: 'List to whom a document is given',
  tags,
  security: bearer,
  middleware: allowed('document.keep'),
  request: { params: idParamSchema },
  responses: { 200: answer(sharesSchema, 'All that have not ended; at most 20.'), ...refusing(...always) },
});

const give = createRoute({
  method: 'post',
  path,
  summary: 'Give a document to a doctor for a time',
  description: 'The doctor is told in the app. Again, for another time. At most 20 doctors.',
  tags,
  security: bearer,
  middleware: [...allowed('document.keep'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newShareSchema) },
  responses: {
    201: answer(shareSchema, 'To whom, and until when.'),
    ...refusing(...always, 'unknown_doctor', 'too_many_items'),
  },
});

const takeBack = createRoute({
  method: 'delete',
  path: `${path}/{doctorId}`,
  summary: 'Take a document back from a doctor',
  tags,
  security: bearer,
  middleware: [...allowed('document.keep'), idempotent],
  request: { params: shareParamsSchema },
  responses: { 204: { description: 'The doctor reads it no more.' }, ...refusing(...always) },
});

const shareView = ({ doctorId, sharedAtMs, endsAtMs }: ShareRow, names: ReadonlyMap<string, string>) => ({
  doctorId,
  doctorName: names.get(doctorId) ?? null,
  sharedAt: new Date(sharedAtMs).toISOString(),
  endsAt: new Date(endsAtMs).toISOString(),
});

/** Giving documents to doctors. */
export const shareRoutes = router()
  .openapi(list, async (c) => {
    const found = await documentFor(c, c.get('principal'), 'document.keep', c.req.valid('param').id);
    if (!found.ok) return refuse(c, found.refusal);
    const db = database(c.env.DB);
    const rows = await sharesOf(db, found.value.row.id, Date.now());
    const names = await namesOf(
      db,
      rows.map(({ doctorId }) => doctorId),
    );
    return c.json({ items: rows.map((row) => shareView(row, names)) }, 200);
  })
  .openapi(give, async (c) => {
    const found = await documentFor(c, c.get('principal'), 'document.keep', c.req.valid('param').id);
    if (!found.ok) return refuse(c, found.refusal);
    const db = database(c.env.DB);
    const { doctorId, endsAt } = c.req.valid('json');
    const given = await share(db, found.value.row, doctorId, Date.parse(endsAt), c.get('principal'), Date.now());
    return given.ok ? c.json(shareView(given.value, await namesOf(db, [doctorId])), 201) : refuse(c, given.refusal);
  })
  .openapi(takeBack, async (c) => {
    const { id, doctorId } = c.req.valid('param');
    const found = await documentFor(c, c.get('principal'), 'document.keep', id);
    if (!found.ok) return refuse(c, found.refusal);
    const taken = await unshare(database(c.env.DB), found.value.row, doctorId, c.get('principal'), Date.now());
    return taken.ok ? c.body(null, 204) : refuse(c, taken.refusal);
  });
