import { z } from '@hono/zod-openapi';
import { keptNowhere } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { dispensingSchema, verifiedSchema } from './schema.ts';
import { dispenseScanned, scanned } from './verify.ts';
import { verifiedView } from './view.ts';

const tokenSchema = z.object({ token: z.string() });
const tags = ['Prescriptions'];
const path = '/verified-prescriptions/{token}' as const;

const verify = createRoute({
  method: 'get',
  path,
  summary: 'See whether a prescription is authentic',
  description:
    'For whoever has the paper: the token is the end of the address in its QR code. It says whether our signature is ' +
    'good and what the prescription is now; of the patient only the initials, and of the medicines only how many.',
  tags,
  request: { params: tokenSchema },
  responses: { 200: answer(verifiedSchema, 'What anybody may know.'), ...refusing('not_found', 'rate_limited') },
});

const dispense = createRoute({
  method: 'post',
  path: `${path}/dispense`,
  summary: 'Dispense a prescription, once',
  description:
    'For a pharmacy that has the paper: the code is beside the QR code. Of two at the same moment one is answered with ' +
    '200. Five codes an hour may be tried for a prescription. The patient is told.',
  tags,
  // A repeat finds it dispensed.
  middleware: [keptNowhere],
  request: { params: tokenSchema, ...jsonBody(dispensingSchema) },
  responses: {
    200: answer(verifiedSchema, 'It is dispensed.'),
    ...refusing('not_found', 'wrong_code', 'prescription_not_active', 'rate_limited'),
  },
});

/** What anybody may ask who has the paper, for programs. */
export const verifyRoutes = router()
  .openapi(verify, async (c) => {
    const found = await scanned(c, c.req.valid('param').token);
    if (!found.ok) return refuse(c, found.refusal);
    return c.json(verifiedView(found.value, Date.now()), 200, { 'cache-control': 'no-store' });
  })
  .openapi(dispense, async (c) => {
    const done = await dispenseScanned(c, c.req.valid('param').token, c.req.valid('json'), Date.now());
    return done.ok ? c.json(verifiedView(done.value, Date.now()), 200) : refuse(c, done.refusal);
  });
