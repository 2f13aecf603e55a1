import { Hono } from 'hono';
import type { WebEnv } from '../../visit.tsx';
import { doctorOnly } from '../gate.ts';
import { breakGlass } from '../visit/break-glass.tsx';
import { complete, completePage } from '../visit/complete.tsx';
import { proposeFollowUp } from '../visit/follow-up.tsx';
import { amendNote, writeNote } from '../visit/note.tsx';
import { prescribe } from '../visit/order.ts';
import { videoPage } from '../visit/video.tsx';
import { visitPage } from '../visit/visit.tsx';
import { writeVitals } from '../visit/vitals.tsx';
import { callIn, checkIn, markNoShow, noShowPage, sayLate } from './changes.tsx';
import { dayPage } from './day.tsx';

/** A doctor's day, and each visit of it. */
export const dayRoutes = new Hono<WebEnv>()
  .get('/day', doctorOnly, (c) => dayPage(c.get('visit'), { date: c.req.query('date'), of: c.req.query('of') }))
  .post('/day/delay', doctorOnly, (c) => sayLate(c.get('visit')))
  .get('/day/:id', doctorOnly, (c) => visitPage(c.get('visit'), c.req.param('id')))
  .post('/day/:id/check-in', doctorOnly, (c) => checkIn(c.get('visit'), c.req.param('id')))
  .post('/day/:id/call-in', doctorOnly, (c) => callIn(c.get('visit'), c.req.param('id')))
  .get('/day/:id/no-show', doctorOnly, (c) => noShowPage(c.get('visit'), c.req.param('id')))
  .post('/day/:id/no-show', doctorOnly, (c) => markNoShow(c.get('visit'), c.req.param('id')))
  .get('/day/:id/video', doctorOnly, (c) => videoPage(c.get('visit'), c.req.param('id')))
  .post('/day/:id/note', doctorOnly, (c) => writeNote(c.get('visit'), c.req.param('id')))
  .post('/day/:id/note/amend', doctorOnly, (c) => amendNote(c.get('visit'), c.req.param('id')))
  .post('/day/:id/vitals', doctorOnly, (c) => writeVitals(c.get('visit'), c.req.param('id')))
  .post('/day/:id/prescription', doctorOnly, (c) => prescribe(c.get('visit'), c.req.param('id')))
  .post('/day/:id/follow-up', doctorOnly, (c) => proposeFollowUp(c.get('visit'), c.req.param('id')))
  .get('/day/:id/complete', doctorOnly, (c) => completePage(c.get('visit'), c.req.param('id')))
  .post('/day/:id/complete', doctorOnly, (c) => complete(c.get('visit'), c.req.param('id')))
  .post('/day/:id/break-glass', doctorOnly, (c) => breakGlass(c.get('visit'), c.req.param('id')));
