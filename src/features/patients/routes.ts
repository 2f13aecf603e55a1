import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { foundPatientsSchema, patientSearchSchema } from './schema.ts';
import { findPatients } from './search.ts';

const search = createRoute({
  method: 'post',
  path: '/patients/search',
  summary: 'Find a patient to book for',
  description:
    'For the front desk. What is looked for stands in the body, because addresses of requests are logged. Every search ' +
    'is recorded with whom it found. Changes nothing.',
  tags: ['Patients'],
  security: bearer,
  middleware: allowed('patient.search'),
  request: jsonBody(patientSearchSchema),
  responses: {
    200: answer(foundPatientsSchema, 'At most 20 patients and dependants.'),
    ...refusing('unauthenticated', 'forbidden', 'temporarily_unavailable'),
  },
});

export const patientRoutes = router().openapi(search, async (c) => {
  const principal = c.get('principal');
  // Who works at no clinic any more looks for nobody.
  if (!may(principal, 'patient.search', { clinicIds: principal.clinicIds })) return refuse(c, refusal('forbidden'));
  const wanted = c.req.valid('json');
  const items = await findPatients(database(c.env.DB), wanted);
  await auditRead(c, {
    action: 'patients.searched',
    patientIds: items.map(({ id }) => id),
    why: reasonOf(principal.role),
    data: { by: Object.keys(wanted)[0], found: items.length },
  });
  return c.json({ items }, 200);
});
