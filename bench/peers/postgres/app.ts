import { createHash, randomUUID } from 'node:crypto';
import express, { type NextFunction, type Request, type Response } from 'express';
import { importJWK, type JWK, jwtVerify } from 'jose';
import type { Pool } from 'pg';
import { z } from 'zod';
import { change, type Keyed, retried, slotsOf, type Told, unavailable, type Variant } from './booking.ts';
import { holds } from './holds.ts';

const holdSchema = z.strictObject({
  slotId: z.string().min(1).max(64),
  mode: z.enum(['in_person', 'video']).optional(),
  reason: z.string().max(500).optional(),
  symptoms: z.string().max(2_000).optional(),
});
const nothingSchema = z.strictObject({});
const claimsSchema = z.object({ sub: z.string().min(1), role: z.literal('patient'), exp: z.number() });
const keySchema = z.string().regex(/^[\x20-\x7e]{1,255}$/);
const idSchema = z.uuid();
const slotsQuerySchema = z.strictObject({ date: z.iso.date() });

/** The booking API on Express and PostgreSQL: the same calls, checks and answers as Daybook's, as far as it goes. */
export const bookingApp = (variant: Variant, pool: Pool, publicKey: JWK): express.Express => {
  const verifying = importJWK(publicKey, 'ES256');
  /** As in Daybook: a signature that was good stays good, so that only the first use of a token pays for looking. */
  const verified = new Map<string, { patientId: string; expiresAtMs: number }>();
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(express.json({ limit: '64kb' }));
  app.use((request, response, next) => {
    const started = Date.now();
    const requestId = randomUUID();
    response.set('x-request-id', requestId);
    response.on('finish', () => {
      const { method } = request;
      const line = { level: 'info', requestId, method, status: response.statusCode, durationMs: Date.now() - started };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    });
    next();
  });

  app.get('/health', (_, response) => void response.json({ status: 'ok' }));
  app.get('/api/v1/doctors/:id/slots', async (request, response) => {
    const query = slotsQuerySchema.safeParse(request.query);
    if (!query.success) return problem(response, 400, 'invalid_request');
    const { date } = query.data;
    const doctorId = request.params.id;
    response.json({ doctorId, date, slots: await slotsOf(pool, doctorId, date) });
  });

  app.use('/api/v1/appointments', async (request, response, next) => {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ', 2);
    const known = verified.get(token ?? '');
    if (known !== undefined && known.expiresAtMs > Date.now()) {
      response.locals.patientId = known.patientId;
      next();
      return;
    }
    try {
      if (scheme?.toLowerCase() !== 'bearer' || !token) throw new Error('no token');
      const { payload } = await jwtVerify(token, await verifying, {
        algorithms: ['ES256'],
        typ: 'at+jwt',
        issuer: 'daybook',
        audience: 'daybook-api',
      });
      const { sub, exp } = claimsSchema.parse(payload);
      verified.set(token, { patientId: sub, expiresAtMs: exp * 1000 });
      response.locals.patientId = sub;
      next();
    } catch {
      problem(response, 401, 'unauthenticated');
    }
  });
  app.post('/api/v1/appointments', async (request, response) => {
    const body = holdSchema.safeParse(request.body);
    const keyed = keyedOf(request, response);
    if (!body.success || keyed === null) return problem(response, 400, 'invalid_request');
    tell(response, await holds[variant](pool, { ...keyed, slotId: body.data.slotId }));
  });
  for (const kind of ['confirm', 'cancel'] as const) {
    app.post(`/api/v1/appointments/:id/${kind}`, async (request, response) => {
      const id = idSchema.safeParse(request.params.id);
      const keyed = keyedOf(request, response);
      const body = nothingSchema.safeParse(request.body ?? {});
      if (!id.success) return problem(response, 404, 'not_found');
      if (!body.success || keyed === null) return problem(response, 400, 'invalid_request');
      tell(response, await retried(() => change(pool, kind, id.data, keyed), unavailable));
    });
  }
  app.use((_error: Error, _request: Request, response: Response, _next: NextFunction) => {
    console.error(_error);
    problem(response, 500, 'internal_error');
  });
  return app;
};

/** Whose request it is, under which key, and what recognises its repeat. */
const keyedOf = (request: Request, response: Response): Keyed | null => {
  const key = keySchema.safeParse(request.headers['idempotency-key']);
  if (!key.success) return null;
  const said = JSON.stringify([request.method, request.path, request.body]);
  const fingerprint = createHash('sha256').update(said).digest('base64url');
  return { patientId: response.locals.patientId, key: key.data, fingerprint };
};

const tell = (response: Response, { status, body }: Told): void => {
  if (status === 201) response.location(`/api/v1/appointments/${body.id}`);
  if (status >= 400) problem(response, status, String(body.code));
  else response.status(status).json(body);
};

const problem = (response: Response, status: number, code: string): void => {
  const instance = `urn:request:${response.get('x-request-id')}`;
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', status, code, instance }));
};
