import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { signedIn } from '../begin.ts';
import { homeOf } from '../navigation.ts';
import type { WebEnv } from '../visit.tsx';
import { bring, bringPage } from './bring.tsx';
import { cancel, cancelPage, checkIn, declineFollowUp, describe, reasonPage } from './changes.tsx';
import { pastPage, upcomingPage } from './list.tsx';
import { move, movePage, moveToPage } from './move.tsx';
import { appointmentPage } from './one.tsx';
import { reviewPage, withdrawPage, withdrawReview, writeReview } from './review.tsx';

const one = '/appointments/:id';

/** Leads who is no patient to where they begin: the list would hold everybody's, and none of it would be theirs. */
const patientsOnly = createMiddleware<WebEnv>(async (c, next) => {
  const { who } = c.get('visit');
  return who === null || who.role === 'patient' ? next() : c.redirect(homeOf(who), 303);
});

/** A patient's appointments, and what can be done about each. */
export const appointmentRoutes = new Hono<WebEnv>()
  .get('/appointments', signedIn, patientsOnly, (c) => upcomingPage(c.get('visit'), c.req.query('cursor')))
  .get('/appointments/past', signedIn, patientsOnly, (c) => pastPage(c.get('visit'), c.req.query('cursor')))
  .get(one, signedIn, (c) => appointmentPage(c.get('visit'), c.req.param('id')))
  .post(`${one}/check-in`, signedIn, (c) => checkIn(c.get('visit'), c.req.param('id')))
  .get(`${one}/cancel`, signedIn, (c) => cancelPage(c.get('visit'), c.req.param('id')))
  .post(`${one}/cancel`, signedIn, (c) => cancel(c.get('visit'), c.req.param('id')))
  .get(`${one}/reason`, signedIn, (c) => reasonPage(c.get('visit'), c.req.param('id')))
  .post(`${one}/reason`, signedIn, (c) => describe(c.get('visit'), c.req.param('id')))
  .get(`${one}/documents`, signedIn, (c) => bringPage(c.get('visit'), c.req.param('id')))
  .post(`${one}/documents`, signedIn, (c) => bring(c.get('visit'), c.req.param('id')))
  .get(`${one}/reschedule`, signedIn, (c) => movePage(c.get('visit'), c.req.param('id'), c.req.query('from')))
  .get(`${one}/reschedule/:slot`, signedIn, (c) => moveToPage(c.get('visit'), c.req.param('id'), c.req.param('slot')))
  .post(`${one}/reschedule/:slot`, signedIn, (c) => move(c.get('visit'), c.req.param('id'), c.req.param('slot')))
  .get(`${one}/review`, signedIn, (c) => reviewPage(c.get('visit'), c.req.param('id')))
  .post(`${one}/review`, signedIn, (c) => writeReview(c.get('visit'), c.req.param('id')))
  .get(`${one}/review/withdraw`, signedIn, (c) => withdrawPage(c.get('visit'), c.req.param('id')))
  .post(`${one}/review/withdraw`, signedIn, (c) => withdrawReview(c.get('visit'), c.req.param('id')))
  .post(`${one}/follow-up/decline`, signedIn, (c) => declineFollowUp(c.get('visit'), c.req.param('id')));
