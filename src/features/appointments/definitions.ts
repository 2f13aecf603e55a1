import { z } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import type { RefusalCode } from '../../domain/refusal.ts';
import { pageSchema } from '../../http/pagination.ts';
import { answer, bearer, createRoute, jsonBody, refusing } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed, verifiedAddress } from '../identity/authenticate.ts';
import {
  appointmentSchema,
  cancelSchema,
  describeSchema,
  holdSchema,
  listQuerySchema,
  nothingSchema,
  rejectSchema,
  rescheduleSchema,
} from './schema.ts';

const tags = ['Appointments'];
const common = ['unauthenticated', 'forbidden', 'not_found', 'temporarily_unavailable'] as const;
const seat = [
  'slot_full',
  'resource_unavailable',
  'already_booked',
  'too_many_holds',
  'day_frozen',
  'slot_not_found',
  'outside_booking_window',
] as const;
const headers = z.object({
  'idempotency-key': z.string().optional().openapi({
    description: 'Makes a repeat of this very request get the same answer. 1 to 255 printable characters.',
  }),
});
const optionalBody = <T extends z.ZodType>(schema: T) => ({
  body: { required: false, content: { 'application/json': { schema } } },
});
const changing = (...codes: RefusalCode[]) => ({
  200: answer(appointmentSchema, 'The appointment as it is now.'),
  ...refusing(...common, 'invalid_transition', 'move_in_progress', ...codes),
});

export const holdRoute = createRoute({
  method: 'post',
  path: '/appointments',
  summary: 'Hold a slot',
  description:
    'The seat is the patient’s until `expiresAt`. Confirm it before, or it is free again. A guardian names a dependant ' +
    'as `patientId`; staff, doctors and admins always name the patient.',
  tags,
  security: bearer,
  middleware: [...allowed('appointment.hold'), verifiedAddress],
  request: { headers, ...jsonBody(holdSchema) },
  responses: {
    201: { ...answer(appointmentSchema, 'The hold.'), headers: z.object({ Location: z.string() }) },
    ...refusing('unauthenticated', 'forbidden', 'temporarily_unavailable', 'unknown_patient'),
    ...refusing(...seat, 'mode_unavailable', 'reason_required', 'too_many_emergencies', 'emergency_limit'),
  },
});

export const listRoute = createRoute({
  method: 'get',
  path: '/appointments',
  summary: 'List appointments',
  description:
    'A patient’s own and those of dependants, a doctor’s own, those at the clinics of staff, or for an admin all; oldest ' +
    'start first, unless `order` says otherwise. A doctor who broke the glass to a patient’s record asks with ' +
    '`patientId`. Follows the doctor-days within moments.',
  tags,
  security: bearer,
  middleware: allowed('appointment.list'),
  request: { query: listQuerySchema },
  responses: {
    200: answer(pageSchema(appointmentSchema), 'A page.'),
    ...refusing('unauthenticated', 'forbidden', 'temporarily_unavailable'),
  },
});

export const readRoute = createRoute({
  method: 'get',
  path: '/appointments/{id}',
  summary: 'Read an appointment',
  tags,
  security: bearer,
  middleware: [...allowed('appointment.read'), etag()],
  request: { params: idParamSchema },
  responses: {
    200: answer(appointmentSchema, 'The appointment as it is now.'),
    304: { description: 'Unchanged since the ETag that was sent.' },
    ...refusing(...common),
  },
});

export const describeRoute = createRoute({
  method: 'put',
  path: '/appointments/{id}',
  summary: 'Change the reason or the symptoms',
  tags,
  security: bearer,
  middleware: allowed('appointment.describe'),
  request: { params: idParamSchema, headers, ...jsonBody(describeSchema) },
  responses: changing(),
});

export const rescheduleRoute = createRoute({
  method: 'post',
  path: '/appointments/{id}/reschedule',
  summary: 'Move to another slot',
  description: 'To any slot of any doctor. The appointment keeps its id; the old slot is free at once.',
  tags,
  security: bearer,
  middleware: allowed('appointment.reschedule'),
  request: { params: idParamSchema, headers, ...jsonBody(rescheduleSchema) },
  responses: changing(...seat, 'same_slot', 'hold_expired', 'move_failed', 'payment_required', 'too_many_emergencies'),
});

export const cancelRoute = createRoute({
  method: 'post',
  path: '/appointments/{id}/cancel',
  summary: 'Cancel',
  tags,
  security: bearer,
  middleware: allowed('appointment.cancel'),
  request: { params: idParamSchema, headers, ...optionalBody(cancelSchema) },
  responses: changing(),
});

export const deleteRoute = createRoute({
  method: 'delete',
  path: '/appointments/{id}',
  summary: 'Cancel, the same as POST …/cancel',
  tags,
  security: bearer,
  middleware: allowed('appointment.cancel'),
  request: { params: idParamSchema, headers },
  responses: changing(),
});

export const rejectRoute = createRoute({
  method: 'post',
  path: '/appointments/{id}/reject',
  summary: 'Reject a request',
  tags,
  security: bearer,
  middleware: allowed('appointment.reject'),
  request: { params: idParamSchema, headers, ...jsonBody(rejectSchema) },
  responses: changing(),
});

const changeRoute = <Path extends string>(
  path: Path,
  action: 'confirm' | 'accept' | 'complete' | 'mark_no_show',
  summary: string,
  ...codes: RefusalCode[]
) =>
  createRoute({
    method: 'post',
    path: `/appointments/{id}/${path}` as const,
    summary,
    tags,
    security: bearer,
    middleware: allowed(`appointment.${action}`),
    request: { params: idParamSchema, headers, ...optionalBody(nothingSchema) },
    responses: changing(...codes),
  });

export const confirmRoute = changeRoute('confirm', 'confirm', 'Confirm a hold', 'hold_expired', 'payment_required');
export const acceptRoute = changeRoute('accept', 'accept', 'Accept a request');
export const completeRoute = changeRoute('complete', 'complete', 'Complete a visit', 'too_early');
export const noShowRoute = changeRoute('no-show', 'mark_no_show', 'Mark as no-show', 'too_early');
