import { Hono } from 'hono';
import { signedIn } from '../begin.ts';
import type { WebEnv } from '../visit.tsx';
import { join, joinPage } from './join.tsx';
import { entryPage, leave, leavePage, waitlistPage } from './list.tsx';

/** Waiting for a time to become free. */
export const waitlistRoutes = new Hono<WebEnv>()
  .get('/waitlist', signedIn, (c) => waitlistPage(c.get('visit'), c.req.query('cursor')))
  .get('/waitlist/join', signedIn, (c) => joinPage(c.get('visit'), c.req.query('doctor'), c.req.query('from')))
  .post('/waitlist/join', signedIn, (c) => join(c.get('visit')))
  .get('/waitlist/:id', signedIn, (c) => entryPage(c.get('visit'), c.req.param('id')))
  .get('/waitlist/:id/leave', signedIn, (c) => leavePage(c.get('visit'), c.req.param('id')))
  .post('/waitlist/:id/leave', signedIn, (c) => leave(c.get('visit'), c.req.param('id')));
