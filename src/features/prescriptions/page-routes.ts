import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Locale } from '../../domain/notifications/preferences.ts';
import { refusal, refusals } from '../../domain/refusal.ts';
import { refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { htmlPage } from '../../http/html-page.ts';
import { keptNowhere } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { createRoute, refusing, router } from '../../http/route.ts';
import { type Tried, unknownPage, verifyPage } from './page.ts';
import { dispensingSchema } from './schema.ts';
import type { Opened } from './stored.ts';
import { dispenseScanned, scanned } from './verify.ts';
import { verifiedView } from './view.ts';

const page = { description: 'A page.', content: { 'text/html': { schema: z.string() } } };
const shared = {
  path: '/rx/{token}' as const,
  tags: ['Prescriptions'],
  request: { params: z.object({ token: z.string() }) },
};

const show = createRoute({
  ...shared,
  method: 'get',
  summary: 'The page behind the QR code of a prescription',
  description:
    'As `GET /verified-prescriptions/{token}`, for people, in English or Bengali. Browsers are told of refusals by pages.',
  responses: { 200: page, ...refusing('not_found', 'rate_limited') },
});

const submit = createRoute({
  ...shared,
  method: 'post',
  summary: 'Dispense a prescription by the form of its page',
  description:
    'As `POST /verified-prescriptions/{token}/dispense`, for people: a form with `code` and `pharmacy`, answered with a page.',
  middleware: [keptNowhere],
  responses: { 200: page, ...refusing('not_found', 'wrong_code', 'prescription_not_active', 'rate_limited') },
});

const localeOf = (c: Context<AppEnv>): Locale =>
  /^\s*bn\b/i.test(c.req.header('accept-language') ?? '') ? 'bn' : 'en';

/** A page with a status of its own. */
const answered = (c: Context<AppEnv>, status: number, render: (nonce: string) => string): Response => {
  const { body, headers } = htmlPage(c, render, { forms: ["'self'"] });
  return new Response(body, { status, headers });
};

/** A browser gets pages, and everything else the refusals that it gets everywhere. */
const readsPages = (c: Context<AppEnv>): boolean => c.req.header('accept')?.includes('text/html') === true;

const unknown = (c: Context<AppEnv>): Response => {
  if (!readsPages(c)) return refuse(c, refusal('not_found')) as never;
  c.set('refused', 'not_found');
  return answered(c, 404, (nonce) => unknownPage(localeOf(c), nonce));
};

const known = (c: Context<AppEnv>, found: Opened, tried: Tried): Response => {
  const status = tried === null || tried === 'done' ? 200 : refusals[tried].status;
  return answered(c, status, (nonce) => verifyPage(localeOf(c), nonce, verifiedView(found, Date.now()), tried));
};

/** The fields of the form; of anything else, none. */
const givenIn = async (c: Context<AppEnv>) => {
  const isForm = /^application\/x-www-form-urlencoded/i.test(c.req.header('content-type') ?? '');
  const fields = new URLSearchParams(isForm ? new TextDecoder().decode(await c.req.arrayBuffer()) : '');
  return dispensingSchema.safeParse({ code: fields.get('code') ?? '', pharmacy: fields.get('pharmacy') ?? '' });
};

/** The page behind the QR code. To be mounted at the root. */
export const verifyPageRoutes = router()
  .openapi(show, async (c) => {
    const found = await scanned(c, c.req.valid('param').token);
    return (found.ok ? known(c, found.value, null) : unknown(c)) as never;
  })
  .openapi(submit, async (c) => {
    const { token } = c.req.valid('param');
    const found = await scanned(c, token);
    if (!found.ok) return unknown(c) as never;
    const given = await givenIn(c);
    const done = given.success
      ? await dispenseScanned(c, token, given.data, Date.now())
      : refused(refusal('invalid_request'));
    if (done.ok) return known(c, done.value, 'done') as never;
    if (!readsPages(c)) return refuse(c, done.refusal);
    c.set('refused', done.refusal.code);
    return known(c, found.value, done.refusal.code) as never;
  });
