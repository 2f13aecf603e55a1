import { database } from '../../db/client.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { securityEvent } from '../../http/security-event.ts';
import { namesOf } from '../../patients/names.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { type Opened, openings, openRecord, reasonFor } from './break-glass.ts';
import {
  breakGlassSchema,
  openedPositionSchema,
  openedQuerySchema,
  openedRecordSchema,
  openRecordSchema,
} from './schema.ts';

const open = createRoute({
  method: 'post',
  path: '/patients/{id}/break-glass',
  summary: 'Open a patient’s record in an emergency',
  description:
    'For a verified doctor without relation to the patient: for 60 minutes the patient’s appointments can be read with ' +
    'the patient’s words (`GET /appointments?patientId=…`). The patient and the admins are told, everything is recorded ' +
    'as `breakglass`, and the reason is reviewed. At most 10 within 24 hours. While it is open, asking again changes ' +
    'nothing and gives the same opening.',
  tags: ['Patients'],
  security: bearer,
  middleware: [...allowed('patient.break_glass'), idempotent],
  request: { params: idParamSchema, ...jsonBody(breakGlassSchema) },
  responses: {
    200: answer(openRecordSchema, 'The record is open already, by an earlier request.'),
    201: answer(openRecordSchema, 'The record is open.'),
    ...refusing('unauthenticated', 'forbidden', 'not_found', 'break_glass_limit'),
    ...refusing('person_erased'),
  },
});

const list = createRoute({
  method: 'get',
  path: '/admin/break-glass',
  summary: 'List the records that were opened in emergencies',
  description: 'Newest first, each with its reason.',
  tags: ['Administration'],
  security: bearer,
  middleware: allowed('break_glass.list'),
  request: { query: openedQuerySchema },
  responses: {
    200: answer(pageSchema(openedRecordSchema), 'A page of openings.'),
    ...refusing('unauthenticated', 'forbidden', 'temporarily_unavailable'),
  },
});

const openView = ({ id, patientId, openedAtMs, endsAtMs }: Opened) => ({
  id,
  patientId,
  openedAt: new Date(openedAtMs).toISOString(),
  endsAt: new Date(endsAtMs).toISOString(),
});

/** Reading a record without a relation to its patient, in the open. */
export const breakGlassRoutes = router()
  .openapi(open, async (c) => {
    const how = { env: c.env, settings: c.get('settings'), sealing: sealingOf(c) };
    const { reason } = c.req.valid('json');
    const opened = await openRecord(how, c.get('principal'), c.req.valid('param').id, reason, Date.now());
    if (!opened.ok) {
      securityEvent(c, 'access.denied', { reason: opened.refusal.code });
      return refuse(c, opened.refusal);
    }
    const { opened: record, isNew } = opened.value;
    if (!isNew) return c.json(openView(record), 200);
    securityEvent(c, 'breakglass', { subjectId: record.patientId, reason: 'opened' });
    return c.json(openView(record), 201);
  })
  .openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const db = database(c.env.DB);
    const { items, nextCursor } = page(
      await openings(db, readCursor(cursor, openedPositionSchema), limit),
      limit,
      (row) => row,
      ({ openedAtMs, id }) => ({ openedAtMs, id }),
    );
    const patientIds = items.map(({ patientId }) => patientId);
    await auditRead(c, { action: 'breakglass.listed', patientIds, why: reasonOf(c.get('principal').role) });
    const names = await namesOf(db, [...patientIds, ...items.map(({ doctorId }) => doctorId)]);
    const sealing = sealingOf(c);
    await sealing.load(patientIds);
    const shown = items.map(async (row) => ({
      ...openView(row),
      doctorId: row.doctorId,
      doctorName: names.get(row.doctorId) ?? null,
      patientName: names.get(row.patientId) ?? null,
      reason: await reasonFor(sealing, row),
    }));
    return c.json({ items: await Promise.all(shown), nextCursor }, 200);
  });
