import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { securityEvent } from '../../http/security-event.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { confirmedOwner } from '../identity/confirm-password.ts';
import { countAppointmentsToCome } from './cancel-appointments.ts';
import { confirmErasure, isConfirmed } from './confirmation.ts';
import { erase } from './erase.ts';
import { erasureOfferSchema, erasureRequestSchema, erasureSchema, erasureStateSchema } from './schema.ts';
import { roleOfSubject, subjectsOf } from './subjects.ts';

const tags = ['Your data'];
const always = ['unauthenticated', 'forbidden', 'not_found', 'not_erasable'] as const;

const offer = createRoute({
  method: 'post',
  path: '/users/{id}/erasure',
  summary: 'Ask to erase a person',
  description:
    'Yourself, with your dependants, or one of your dependants alone. Changes nothing yet: it tells what erasing would ' +
    'do, and gives the confirmation that it needs.',
  tags,
  security: bearer,
  middleware: [...allowed('account.erase'), idempotent],
  request: { params: idParamSchema, ...jsonBody(erasureRequestSchema) },
  responses: {
    200: answer(erasureOfferSchema, 'What will be erased; good for ten minutes.'),
    ...refusing('wrong_password', 'rate_limited', ...always),
  },
});

const erasure = createRoute({
  method: 'delete',
  path: '/users/{id}',
  summary: 'Erase a person',
  description:
    'Cannot be undone. The person is signed out everywhere, appointments to come are cancelled, and the key of ' +
    'everything that was written about the person is destroyed. What stays is an id without a name, so that the ' +
    'doctor’s diary and the audit keep adding up. The guardian of a dependant stays signed in, by a refresh.',
  tags,
  security: bearer,
  middleware: [...allowed('account.erase'), idempotent],
  request: { params: idParamSchema, ...jsonBody(erasureSchema) },
  responses: {
    202: answer(erasureStateSchema, 'Erased, or on the way.'),
    ...refusing('confirmation_needed', ...always),
  },
});

/** Erasing a person. */
export const privacyRoutes = router()
  .openapi(offer, async (c) => {
    const { id } = c.req.valid('param');
    const actor = c.get('principal');
    const db = database(c.env.DB);
    const role = may(actor, 'account.erase', { patientId: id }) ? await roleOfSubject(db, id) : null;
    if (role === null) return refuse(c, refusal('not_found'));
    if (role !== 'patient') return refuse(c, refusal('not_erasable'));
    const owner = await confirmedOwner(c, c.req.valid('json').password);
    if (!owner.ok) return refuse(c, owner.refusal);
    const nowMs = Date.now();
    const { confirmation, expiresAtMs } = await confirmErasure(c.get('settings').dataKey, actor, id, nowMs);
    const subjects = await subjectsOf(db, id);
    const appointments = await countAppointmentsToCome(db, subjects, nowMs);
    const expiresAt = new Date(expiresAtMs).toISOString();
    await auditRead(c, { action: 'erasure.prepared', patientIds: [id], why: reasonOf(actor.role), subjectId: id });
    return c.json({ confirmation, expiresAt, appointments, dependants: subjects.length - 1 }, 200);
  })
  .openapi(erasure, async (c) => {
    const { id } = c.req.valid('param');
    const actor = c.get('principal');
    const role = may(actor, 'account.erase', { patientId: id }) ? await roleOfSubject(database(c.env.DB), id) : null;
    if (role === null) return refuse(c, refusal('not_found'));
    if (role !== 'patient') return refuse(c, refusal('not_erasable'));
    const { confirmation } = c.req.valid('json');
    const nowMs = Date.now();
    if (!(await isConfirmed(c.get('settings').dataKey, actor, id, confirmation, nowMs)))
      return refuse(c, refusal('confirmation_needed'));
    const gone = await erase(c.env, id, actor, nowMs);
    securityEvent(c, 'account.erased', { subjectId: id });
    return c.json({ state: gone ? ('erased' as const) : ('erasing' as const) }, 202);
  });
