import { Hono } from 'hono';
import type { WebEnv } from '../../visit.tsx';
import { doctorOnly } from '../gate.ts';
import { awayPage, planAway, removeAway, removeAwayPage, takeOff } from './away.tsx';
import { changeSchedule, schedulePage } from './schedule.tsx';
import { addSession, removeSession, removeSessionPage, sessionsPage } from './sessions.tsx';

/** What a doctor offers, and when they are away. */
export const hoursRoutes = new Hono<WebEnv>()
  .get('/schedule', doctorOnly, (c) => schedulePage(c.get('visit')))
  .post('/schedule', doctorOnly, (c) => changeSchedule(c.get('visit')))
  .get('/schedule/sessions', doctorOnly, (c) => sessionsPage(c.get('visit'), c.req.query('cursor')))
  .post('/schedule/sessions', doctorOnly, (c) => addSession(c.get('visit')))
  .get('/schedule/sessions/:id/remove', doctorOnly, (c) =>
    removeSessionPage(c.get('visit'), c.req.param('id'), c.req.query('date')),
  )
  .post('/schedule/sessions/:id/remove', doctorOnly, (c) => removeSession(c.get('visit'), c.req.param('id')))
  .get('/time-off', doctorOnly, (c) => awayPage(c.get('visit'), c.req.query('cursor')))
  .post('/time-off', doctorOnly, (c) => takeOff(c.get('visit')))
  .post('/time-off/plan', doctorOnly, (c) => planAway(c.get('visit')))
  .get('/time-off/:id/remove', doctorOnly, (c) => removeAwayPage(c.get('visit'), c.req.param('id')))
  .post('/time-off/:id/remove', doctorOnly, (c) => removeAway(c.get('visit'), c.req.param('id')));
