import { Hono } from 'hono';
import { signedIn } from '../begin.ts';
import { forgetNextVisit, nextVisitFor } from '../family/next-visit.ts';
import type { WebEnv } from '../visit.tsx';
import { bookPage, hold } from './book.tsx';
import { confirm, confirmPage, release } from './confirm.tsx';
import { beginToPay, broughtBack, paidPage, payPage } from './pay.tsx';

/** Booking: a time, what it is about, and its confirmation or payment. */
export const bookRoutes = new Hono<WebEnv>()
  .get('/book/:id', (c) => bookPage(c.get('visit'), c.req.param('id'), c.req.query('for') ?? nextVisitFor(c)))
  .post('/book/:id', signedIn, (c) => {
    forgetNextVisit(c);
    return hold(c.get('visit'), c.req.param('id'));
  })
  .get('/appointments/:id/confirm', signedIn, (c) => confirmPage(c.get('visit'), c.req.param('id')))
  .post('/appointments/:id/confirm', signedIn, (c) => confirm(c.get('visit'), c.req.param('id')))
  .post('/appointments/:id/release', signedIn, (c) => release(c.get('visit'), c.req.param('id')))
  .get('/appointments/:id/pay', signedIn, (c) => payPage(c.get('visit'), c.req.param('id')))
  .post('/appointments/:id/pay', signedIn, (c) => beginToPay(c.get('visit'), c.req.param('id')))
  .get('/appointments/:id/paid', signedIn, (c) => paidPage(c.get('visit'), c.req.param('id'), c.req.query()))
  .post('/appointments/:id/paid', (c) => broughtBack(c.get('visit'), c.req.param('id')));
