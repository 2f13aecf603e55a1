import { z } from '@hono/zod-openapi';
import { idempotent } from '../../http/idempotency.ts';
import { pageSchema } from '../../http/pagination.ts';
import { answer, bearer, createRoute, jsonBody, refusing } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed, verifiedAddress } from '../identity/authenticate.ts';
import { entriesQuerySchema, entrySchema, joinedSchema, newEntrySchema, placedEntrySchema } from './schema.ts';

const tags = ['Waitlist'];
const always = ['unauthenticated', 'forbidden'] as const;

export const joinRoute = createRoute({
  method: 'post',
  path: '/waitlist',
  summary: 'Wait for a seat',
  description:
    'A seat of the dates that becomes free, or that the doctor adds to a day that has bookings, is offered to who waits ' +
    'for it, first joined first: it is held for them, as ' +
    'an appointment that their entry has among its `offers`, until its `expiresAt`. They confirm it to take it, or ' +
    'cancel it to let it go to the next. At most 62 days, all of them open for booking; at most 10 entries of a patient, and one for a doctor and date.',
  tags,
  security: bearer,
  middleware: [...allowed('waitlist.join'), verifiedAddress, idempotent],
  request: jsonBody(newEntrySchema),
  responses: {
    201: { ...answer(joinedSchema, 'The entry.'), headers: z.object({ Location: z.string() }) },
    ...refusing(...always, 'unknown_patient', 'unknown_doctor', 'outside_booking_window'),
    ...refusing('already_waiting', 'too_many_items', 'waitlist_full'),
  },
});

export const listRoute = createRoute({
  method: 'get',
  path: '/waitlist',
  summary: 'List who waits',
  description:
    'A patient’s own entries and those of dependants, those for a doctor, those for the doctors at the clinics of staff, ' +
    'or for an admin all; first joined first.',
  tags,
  security: bearer,
  middleware: allowed('waitlist.list'),
  request: { query: entriesQuerySchema },
  responses: { 200: answer(pageSchema(entrySchema), 'A page.'), ...refusing(...always, 'temporarily_unavailable') },
});

export const lineRoute = createRoute({
  method: 'get',
  path: '/doctors/{id}/waitlist',
  summary: 'List who waits for a doctor',
  description: 'In the order of the line. For the doctor, staff of the doctor’s clinics, and admins.',
  tags,
  security: bearer,
  middleware: allowed('waitlist.read_line'),
  request: { params: idParamSchema, query: entriesQuerySchema },
  responses: {
    200: answer(pageSchema(entrySchema), 'A page.'),
    ...refusing(...always, 'not_found', 'temporarily_unavailable'),
  },
});

export const readRoute = createRoute({
  method: 'get',
  path: '/waitlist/{id}',
  summary: 'Show an entry, and its place in line',
  tags,
  security: bearer,
  middleware: allowed('waitlist.read'),
  request: { params: idParamSchema },
  responses: {
    200: answer(placedEntrySchema, 'The entry as it is now.'),
    ...refusing(...always, 'not_found', 'temporarily_unavailable'),
  },
});

export const leaveRoute = createRoute({
  method: 'delete',
  path: '/waitlist/{id}',
  summary: 'Wait no more',
  description: 'An offer that stands already stays until it is confirmed, cancelled, or runs out.',
  tags,
  security: bearer,
  middleware: [...allowed('waitlist.leave'), idempotent],
  request: { params: idParamSchema },
  responses: { 204: { description: 'The entry is out of the line.' }, ...refusing(...always, 'not_found') },
});
