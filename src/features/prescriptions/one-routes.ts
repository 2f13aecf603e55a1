import { z } from '@hono/zod-openapi';
import { stateAt } from '../../domain/prescription.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { pdfAnswer } from '../../pdf/pdf.ts';
import { allowed } from '../identity/authenticate.ts';
import { cancelPrescription } from './ending.ts';
import { paperOf, scanUrlOf } from './paper.ts';
import { printingFor } from './printing.ts';
import { meansOf, prescriptionFor } from './readable.ts';
import { cancellationSchema, prescriptionSchema, renewalSchema, writtenSchema } from './schema.ts';
import { tellOfPrescription } from './tell.ts';
import { prescriptionView, writtenView } from './view.ts';
import { writePrescription } from './write.ts';

const shared = { tags: ['Prescriptions'], security: bearer };
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const pdf = { description: 'A PDF.', content: { 'application/pdf': { schema: z.string() } } };

const read = createRoute({
  ...shared,
  method: 'get',
  path: '/prescriptions/{id}',
  summary: 'Read a prescription',
  description: 'For the patient and the guardian, its doctor, and doctors who treat the patient or broke the glass.',
  middleware: allowed('prescription.read'),
  request: { params: idParamSchema },
  responses: {
    200: answer(prescriptionSchema, 'The prescription.'),
    ...refusing(...always, 'temporarily_unavailable'),
  },
});

const print = createRoute({
  ...shared,
  method: 'get',
  path: '/prescriptions/{id}/prescription.pdf',
  summary: 'Print a prescription',
  description:
    'With a QR code that anybody may scan to see whether it is authentic and may be dispensed, and the code that ' +
    'dispenses it, which is nowhere else: for the patient, the guardian and the doctor who wrote it. Other doctors get a ' +
    'copy to read, without both. Once it was dispensed or cancelled, or has run out, it says so at the top and has neither ' +
    'for anybody. In the language that the patient has chosen.',
  middleware: allowed('prescription.read'),
  request: { params: idParamSchema },
  responses: { 200: pdf, ...refusing(...always, 'temporarily_unavailable') },
});

const cancel = createRoute({
  ...shared,
  method: 'post',
  path: '/prescriptions/{id}/cancel',
  summary: 'Cancel a prescription of yours',
  description: 'While it may still be dispensed. Whoever scans it sees that it is cancelled, at once.',
  middleware: [...allowed('prescription.cancel'), idempotent],
  request: { params: idParamSchema, ...jsonBody(cancellationSchema) },
  responses: {
    200: answer(prescriptionSchema, 'The prescription as it is now.'),
    ...refusing(...always, 'prescription_not_active', 'person_erased'),
  },
});

const renew = createRoute({
  ...shared,
  method: 'post',
  path: '/prescriptions/{id}/renew',
  summary: 'Prescribe the same again',
  description:
    'By a doctor who treats the patient, of what was dispensed or has run out, from their latest visit that has begun. ' +
    'It is checked as if written anew.',
  middleware: [...allowed('prescription.write'), idempotent],
  request: { params: idParamSchema, ...jsonBody(renewalSchema) },
  responses: {
    201: answer(writtenSchema, 'The new prescription, and what its check has found.'),
    ...refusing(...always, 'prescription_not_renewable', 'interaction_override_required', 'person_erased'),
  },
});

/** What becomes of one prescription. */
export const onePrescriptionRoutes = router()
  .openapi(read, async (c) => {
    const found = await prescriptionFor(c, 'prescription.read', c.req.valid('param').id, 'prescription.read');
    if (!found.ok) return refuse(c, found.refusal);
    const nowMs = Date.now();
    const printing = await printingFor(c, found.value.row, nowMs);
    const shown = { ...prescriptionView(found.value, nowMs), scanUrl: scanUrlOf(found.value, printing) };
    return c.json(shown, 200, { 'cache-control': 'private, no-store' });
  })
  .openapi(print, async (c) => {
    const found = await prescriptionFor(c, 'prescription.read', c.req.valid('param').id, 'prescription.printed');
    if (!found.ok) return refuse(c, found.refusal);
    const printing = await printingFor(c, found.value.row, Date.now());
    return pdfAnswer(await paperOf(c.env, found.value, printing), 'prescription.pdf') as never;
  })
  .openapi(cancel, async (c) => {
    const found = await prescriptionFor(c, 'prescription.cancel', c.req.valid('param').id, null);
    if (!found.ok) return refuse(c, found.refusal);
    const { reason } = c.req.valid('json');
    const done = await cancelPrescription(meansOf(c), c.get('principal'), found.value.row, reason, Date.now());
    return done.ok ? c.json(prescriptionView(done.value, Date.now()), 200) : refuse(c, done.refusal);
  })
  .openapi(renew, async (c) => {
    const found = await prescriptionFor(c, 'prescription.write', c.req.valid('param').id, null);
    if (!found.ok) return refuse(c, found.refusal);
    const nowMs = Date.now();
    const { row, said } = found.value;
    const state = stateAt(row, nowMs);
    if (state === 'active' || state === 'cancelled')
      return refuse(c, refusal('prescription_not_renewable', undefined, { state }));
    const order = { patientId: row.patientId, items: said.items, ...c.req.valid('json') };
    const means = meansOf(c);
    const written = await writePrescription(means, c.get('principal'), order, nowMs, row.id);
    if (!written.ok) return refuse(c, written.refusal);
    await tellOfPrescription(c.env, means.db, 'prescribed', written.value.row, nowMs);
    return c.json(writtenView(written.value, nowMs), 201);
  });
