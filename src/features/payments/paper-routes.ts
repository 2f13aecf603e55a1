import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../http/context.ts';
import { refuse } from '../../http/problem.ts';
import { bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { pdfAnswer } from '../../pdf/pdf.ts';
import { allowed } from '../identity/authenticate.ts';
import { numberOf, paperOf } from './paper.ts';
import { issuedOf } from './papers.ts';
import { refundParamsSchema } from './schema.ts';

const pdf = {
  description: 'A PDF.',
  content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
};
const tags = ['Payments'];
const shared = {
  method: 'get' as const,
  tags,
  security: bearer,
  middleware: allowed('payment.read_documents'),
  responses: { 200: pdf, ...refusing('unauthenticated', 'forbidden', 'not_found', 'temporarily_unavailable') },
};

const receipt = createRoute({
  ...shared,
  path: '/payments/{id}/receipt.pdf',
  summary: 'Download the receipt of a payment',
  request: { params: idParamSchema },
});
const invoice = createRoute({
  ...shared,
  path: '/payments/{id}/invoice.pdf',
  summary: 'Download the invoice of a payment',
  request: { params: idParamSchema },
});
const creditNote = createRoute({
  ...shared,
  path: '/payments/{id}/refunds/{refundId}/credit-note.pdf',
  summary: 'Download the credit note of a refund',
  request: { params: refundParamsSchema },
});

const answer = async (c: Context<AppEnv>, found: Awaited<ReturnType<typeof issuedOf>>): Promise<Response> =>
  found.ok ? pdfAnswer(await paperOf(c.env, found.value), `${numberOf(found.value)}.pdf`) : refuse(c, found.refusal);

/** Receipts, invoices and credit notes, of payments that were kept. */
export const paperRoutes = router()
  .openapi(receipt, async (c) => (await answer(c, await issuedOf(c, c.req.valid('param').id, 'receipt'))) as never)
  .openapi(invoice, async (c) => (await answer(c, await issuedOf(c, c.req.valid('param').id, 'invoice'))) as never)
  .openapi(creditNote, async (c) => {
    const { id, refundId } = c.req.valid('param');
    return (await answer(c, await issuedOf(c, id, 'credit_note', refundId))) as never;
  });
