import { Hono } from 'hono';
import type { WebEnv } from '../../visit.tsx';
import { doctorOnly } from '../gate.ts';
import { move, movePage } from './move.tsx';
import { accept, decline, declinePage, requestsPage } from './requests.tsx';
import { weekPage } from './week.tsx';

/** A doctor's week, and who asks for a time in it. */
export const weekRoutes = new Hono<WebEnv>()
  .get('/week', doctorOnly, (c) => weekPage(c.get('visit'), c.req.query('from')))
  .get('/week/:id/move', doctorOnly, (c) =>
    movePage(c.get('visit'), c.req.param('id'), { from: c.req.query('from'), slot: c.req.query('slot') }),
  )
  .post('/week/:id/move', doctorOnly, (c) => move(c.get('visit'), c.req.param('id')))
  .get('/requests', doctorOnly, (c) =>
    requestsPage(c.get('visit'), { cursor: c.req.query('cursor'), of: c.req.queries('of') }),
  )
  .post('/requests/:id/accept', doctorOnly, (c) => accept(c.get('visit'), c.req.param('id')))
  .get('/requests/:id/decline', doctorOnly, (c) => declinePage(c.get('visit'), c.req.param('id')))
  .post('/requests/:id/decline', doctorOnly, (c) => decline(c.get('visit'), c.req.param('id')));
