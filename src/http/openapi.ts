import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { version } from '../../package.json';
import type { AppEnv } from './context.ts';
import { htmlPage } from './html-page.ts';
import { completeOperations } from './operations.ts';
import { referencePage } from './reference/page.ts';
import { answer, createRoute, refusing, router } from './route.ts';

// biome-ignore lint/suspicious/noExplicitAny: neither the schema nor the base path of a router matters here.
type AnyRouter = OpenAPIHono<AppEnv, any, any>;
type Mounted = readonly [path: string, routes: AnyRouter];

const links = {
  self: '/api/v1',
  document: '/api/v1/openapi.json',
  reference: '/api/v1/docs',
  health: '/health',
  ready: '/health/ready',
} as const;

const cached = { 'cache-control': 'public, max-age=60' };

const indexRoute = createRoute({
  method: 'get',
  path: links.self,
  operationId: 'getIndex',
  summary: 'Where things are',
  tags: ['About'],
  responses: {
    200: answer(
      z
        .object({
          name: z.literal('Daybook'),
          version: z.string().openapi({ example: version }),
          links: z.object({
            self: z.string(),
            document: z.string().openapi({ description: 'The OpenAPI 3.1 document.' }),
            reference: z.string().openapi({ description: 'The API reference, for people.' }),
            health: z.string(),
            ready: z.string(),
          }),
        })
        .openapi('Index'),
      'The version, and the addresses to start from.',
    ),
    ...refusing(),
  },
});

const documentRoute = createRoute({
  method: 'get',
  path: links.document,
  operationId: 'getDocument',
  summary: 'This document',
  tags: ['About'],
  responses: { 200: answer(z.looseObject({ openapi: z.string() }), 'The OpenAPI 3.1 document.'), ...refusing() },
});

const info = {
  title: 'Daybook',
  version,
  summary: 'Healthcare appointment booking that cannot double-book.',
  description: [
    'Find a doctor, see true availability, hold a slot, confirm it before the hold runs out.',
    '',
    'Instants are RFC 3339 in UTC; dates are `YYYY-MM-DD` in the doctor’s time zone; money is in minor units; lists are',
    '`{ items, nextCursor }`. Every refusal is problem+json (RFC 9457) with a stable `code`. Every mutation takes an',
    '`Idempotency-Key`: the same key with the same request gives the same answer and happens once.',
  ].join('\n'),
  license: { name: 'MIT', identifier: 'MIT' },
  contact: { name: 'The Daybook authors' },
};

const tagDescriptions: Readonly<Record<string, string>> = {
  Accounts: 'Registering, signing in, and the keys that verify access tokens.',
  Doctors: 'Finding doctors, and their profiles.',
  Waitlist: 'Waiting for a seat: what becomes free is offered to the first in line.',
  Reviews: 'What patients say of a visit, and what doctors answer.',
  Availability: 'Free times: of many days, moments behind, and of one day exactly.',
  Appointments: 'Hold, confirm, move, cancel; and what the doctor answers.',
  Visits: 'The day of the appointment: checking in, the waiting room, video, and what follows.',
  Calendars: 'Appointments in calendar programs: feeds to subscribe to, and invitations.',
  Notifications: 'What people are told, by what way, and how they choose.',
  Schedules: 'When a doctor works: weekly rules, extra sessions, time off, calendars elsewhere.',
  Clinics: 'The places where doctors see patients, what they belong to, and who works there.',
  Locations: 'Countries and what they are divided into: where clinics lie.',
  Users: 'What people say of themselves, and their pictures.',
  Specializations: 'What doctors can be specialized in, and what people call it.',
  Webhooks: 'Telling a clinic’s own programs what becomes of its appointments.',
  Patients: 'Finding a patient at the front desk, and opening a record in an emergency.',
  Records: 'What is known of a patient’s health: profile, history, vitals, visit notes.',
  Prescriptions: 'What doctors prescribe: checked, signed, printed, scanned and dispensed once.',
  Documents: 'Files of patients: uploading, giving them to doctors, downloading.',
  Dependants: 'Children and others for whom somebody books who answers for them.',
  'Your data': 'What is held about you: who looked, all of it as one file, and erasing it.',
  Payments: 'Paying for a held appointment, refunds, receipts.',
  Reports: 'What came of the work, in numbers: for doctors their own, for those who run the place all.',
  Administration: 'For administrators: verifying doctors, the audit, repairs.',
  About: 'The API itself, and whether it is well.',
};

/**
 * Serves what describes the API: its index, its OpenAPI 3.1 document and its reference page.
 *
 * @param mounted every other router of the application, with the path at which it is mounted
 */
export const documentation = (mounted: readonly Mounted[]) => {
  // Built on the first request for it, then kept for the life of the isolate.
  let document: string | undefined;
  const described = [...mounted];
  const routes = router()
    .openapi(indexRoute, (c) => c.json({ name: 'Daybook' as const, version, links }, 200, cached))
    .openapi(documentRoute, (c) => {
      document ??= JSON.stringify(describe(described));
      return c.body(document, 200, { ...cached, 'content-type': 'application/json' }) as never;
    });
  described.push(['/', routes]);
  routes.get(links.reference, (c) => htmlPage(c, referencePage));
  return routes;
};

const describe = (mounted: readonly Mounted[]) => {
  const all = router();
  for (const [path, routes] of mounted) all.route(path, routes);
  all.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `accessToken` that registering and signing in give.',
  });
  all.openAPIRegistry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-daybook-access',
    description:
      'Set by signing in with `Session-Mode: cookie`. Every change then takes a page of ours and its X-CSRF-Token.',
  });
  all.openAPIRegistry.registerComponent('securitySchemes', 'metrics', {
    type: 'http',
    scheme: 'bearer',
    description: 'The METRICS_TOKEN of the deployment.',
  });
  const document = completeOperations(all.getOpenAPI31Document({ openapi: '3.1.0', info, servers: [{ url: '/' }] }));
  const operations = Object.values(document.paths ?? {}).flatMap(
    (item) => Object.values(item) as { tags?: string[] }[],
  );
  const used = new Set(operations.flatMap((operation) => operation.tags ?? []));
  const known = Object.keys(tagDescriptions).filter((name) => used.has(name));
  const tags = [...new Set([...known, ...used])].map((name) => ({ name, description: tagDescriptions[name] }));
  return { ...document, tags };
};
