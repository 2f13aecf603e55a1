import { z } from '@hono/zod-openapi';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageQuery, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { recordOf } from '../../patients/relation.ts';
import { auditRead, reasonFor } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { checkDrugs } from './check.ts';
import { meansOf } from './readable.ts';
import {
  checkedSchema,
  checkSchema,
  notComplete,
  orderSchema,
  positionSchema,
  prescriptionSchema,
  writtenSchema,
} from './schema.ts';
import { openedAll, pageOf } from './stored.ts';
import { tellOfPrescription } from './tell.ts';
import { checkedView, prescriptionView, writtenView } from './view.ts';
import { writePrescription } from './write.ts';

const tags = ['Prescriptions'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;

const write = createRoute({
  method: 'post',
  path: '/prescriptions',
  summary: 'Prescribe',
  description:
    'By a verified doctor for a patient whom they treat, from a visit that has begun. It is checked first: while a severe hit has no reason in ' +
    `\`overrides\`, it is refused, and the hits are in the answer. What it could not check is no refusal: the answer names it ` +
    `in \`check.unknown\`. ${notComplete} What is written is signed and never ` +
    'changed: to correct it, cancel it and write another.',
  tags,
  security: bearer,
  middleware: [...allowed('prescription.write'), idempotent],
  request: jsonBody(orderSchema),
  responses: {
    201: answer(writtenSchema, 'The prescription, and what its check has found.'),
    ...refusing(...always, 'invalid_transition', 'too_early', 'interaction_override_required', 'person_erased'),
  },
});

const check = createRoute({
  method: 'post',
  path: '/prescriptions/check',
  summary: 'See what would be warned of',
  description:
    'Medicines with each other, with what the patient has (as they said, and as was prescribed here), and with what they ' +
    `must not have. Nothing is written but that you looked. ${notComplete}`,
  tags,
  security: bearer,
  middleware: [...allowed('prescription.write'), idempotent],
  request: jsonBody(checkSchema),
  responses: { 200: answer(checkedSchema, 'The hits.'), ...refusing(...always, 'temporarily_unavailable') },
});

const list = createRoute({
  method: 'get',
  path: '/patients/{id}/prescriptions',
  summary: 'List a patient’s prescriptions',
  description: 'The newest first; also as `/patients/me/prescriptions`. Reads by others are recorded.',
  tags,
  security: bearer,
  middleware: allowed('record.read'),
  request: { params: idParamSchema, query: z.strictObject(pageQuery) },
  responses: {
    200: answer(pageSchema(prescriptionSchema), 'A page of prescriptions.'),
    ...refusing(...always, 'temporarily_unavailable'),
  },
});

/** What doctors prescribe. */
export const prescriptionRoutes = router()
  .openapi(write, async (c) => {
    const principal = c.get('principal');
    const order = c.req.valid('json');
    const nowMs = Date.now();
    const means = meansOf(c);
    const record = await recordOf(means.db, principal, order.patientId, nowMs);
    if (!may(principal, 'prescription.write', record)) return refuse(c, refusal('not_found'));
    const written = await writePrescription(means, principal, order, nowMs);
    if (!written.ok) return refuse(c, written.refusal);
    await tellOfPrescription(c.env, means.db, 'prescribed', written.value.row, nowMs);
    return c.json(writtenView(written.value, nowMs), 201);
  })
  .openapi(check, async (c) => {
    const principal = c.get('principal');
    const { patientId, drugs } = c.req.valid('json');
    const means = meansOf(c);
    const record = await recordOf(means.db, principal, patientId, Date.now());
    if (!may(principal, 'prescription.write', record)) return refuse(c, refusal('not_found'));
    const why = reasonFor(principal, record);
    await auditRead(c, { action: 'prescription.checked', patientIds: [patientId], subjectId: patientId, ...why });
    return c.json(checkedView(await checkDrugs(means, patientId, drugs, Date.now())), 200);
  })
  .openapi(list, async (c) => {
    const principal = c.get('principal');
    const { id } = c.req.valid('param');
    const { limit, cursor } = c.req.valid('query');
    const patientId = id === 'me' ? principal.id : id;
    const { db, settings, sealing } = meansOf(c);
    const record = await recordOf(db, principal, patientId, Date.now());
    if (!may(principal, 'record.read', record)) return refuse(c, refusal('not_found'));
    const after = readCursor(cursor, positionSchema);
    const why = reasonFor(principal, record);
    await auditRead(c, { action: 'prescriptions.listed', patientIds: [patientId], subjectId: patientId, ...why });
    const { items, nextCursor } = page(
      await pageOf(db, patientId, after, limit),
      limit,
      (row) => row,
      (last) => ({ issuedAtMs: last.issuedAtMs, id: last.id }),
    );
    const found = await openedAll(db, settings, sealing, items);
    const shown = found.map((one) => prescriptionView(one, Date.now()));
    return c.json({ items: shown, nextCursor }, 200);
  });
