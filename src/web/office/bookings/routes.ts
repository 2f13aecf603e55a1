import { Hono } from 'hono';
import type { WebEnv } from '../../visit.tsx';
import { officeOnly } from '../gate.ts';
import { book, bookPage } from './book.tsx';
import { cancel, cancelPage } from './cancel.tsx';
import { change, completePage, noShowPage, plainChanges, reject, rejectPage } from './change.tsx';
import { find, findPage } from './find.tsx';
import { listPage } from './list.tsx';
import { move, movePage } from './move.tsx';
import { onePage } from './one.tsx';
import { patientPage } from './patient.tsx';
import { queuePage, sayDelay } from './queue.tsx';
import { refund } from './refund.tsx';

const base = '/admin/appointments';

/** Everybody's appointments: finding, booking for somebody, moving, cancelling, and the desk. */
export const bookingRoutes = new Hono<WebEnv>()
  .get(base, officeOnly, (c) => listPage(c.get('visit'), c.req.query()))
  .get(`${base}/find`, officeOnly, (c) => findPage(c.get('visit')))
  .post(`${base}/find`, officeOnly, (c) => find(c.get('visit')))
  .get(`${base}/book`, officeOnly, (c) => bookPage(c.get('visit'), c.req.query()))
  .post(`${base}/book`, officeOnly, (c) => book(c.get('visit')))
  .get(`${base}/of/:id`, officeOnly, (c) => patientPage(c.get('visit'), c.req.param('id')))
  .get(`${base}/queue/:id`, officeOnly, (c) => queuePage(c.get('visit'), c.req.param('id')))
  .post(`${base}/queue/:id`, officeOnly, (c) => sayDelay(c.get('visit'), c.req.param('id')))
  .get(`${base}/:id`, officeOnly, (c) => onePage(c.get('visit'), c.req.param('id')))
  .get(`${base}/:id/cancel`, officeOnly, (c) => cancelPage(c.get('visit'), c.req.param('id')))
  .post(`${base}/:id/cancel`, officeOnly, (c) => cancel(c.get('visit'), c.req.param('id')))
  .get(`${base}/:id/move`, officeOnly, (c) => movePage(c.get('visit'), c.req.param('id'), c.req.query()))
  .post(`${base}/:id/move`, officeOnly, (c) => move(c.get('visit'), c.req.param('id')))
  .get(`${base}/:id/reject`, officeOnly, (c) => rejectPage(c.get('visit'), c.req.param('id')))
  .post(`${base}/:id/reject`, officeOnly, (c) => reject(c.get('visit'), c.req.param('id')))
  .get(`${base}/:id/no-show`, officeOnly, (c) => noShowPage(c.get('visit'), c.req.param('id')))
  .get(`${base}/:id/complete`, officeOnly, (c) => completePage(c.get('visit'), c.req.param('id')))
  .post(`${base}/:id/refund`, officeOnly, (c) => refund(c.get('visit'), c.req.param('id')));

for (const step of plainChanges)
  bookingRoutes.post(`${base}/:id/${step}`, officeOnly, (c) => change(c.get('visit'), c.req.param('id') ?? '', step));
