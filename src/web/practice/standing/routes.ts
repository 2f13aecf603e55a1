import { Hono } from 'hono';
import type { WebEnv } from '../../visit.tsx';
import { doctorOnly } from '../gate.ts';
import { figuresPage } from './figures.tsx';
import { addDocument, removeDocument, removeDocumentPage, sendLicence } from './licence.tsx';
import { profilePage, saveProfile } from './profile.tsx';
import { replyTo, reviewsPage } from './reviews.tsx';
import { waitingPage } from './waiting.tsx';

/** How a doctor stands: who waits, what patients say, what came of it all, and what is shown of them. */
export const standingRoutes = new Hono<WebEnv>()
  .get('/waiting', doctorOnly, (c) => waitingPage(c.get('visit'), c.req.query('cursor')))
  .get('/reviews', doctorOnly, (c) =>
    reviewsPage(c.get('visit'), { sort: c.req.query('sort'), cursor: c.req.query('cursor') }),
  )
  .post('/reviews/:id/reply', doctorOnly, (c) => replyTo(c.get('visit'), c.req.param('id')))
  .get('/figures', doctorOnly, (c) => figuresPage(c.get('visit'), c.req.query()))
  .get('/practice/profile', doctorOnly, (c) => profilePage(c.get('visit')))
  .post('/practice/profile', doctorOnly, (c) => saveProfile(c.get('visit')))
  .post('/verification/documents', doctorOnly, (c) => addDocument(c.get('visit')))
  .post('/verification/send', doctorOnly, (c) => sendLicence(c.get('visit')))
  .get('/practice/documents/:id/remove', doctorOnly, (c) => removeDocumentPage(c.get('visit'), c.req.param('id')))
  .post('/practice/documents/:id/remove', doctorOnly, (c) => removeDocument(c.get('visit'), c.req.param('id')));
