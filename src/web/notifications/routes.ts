import { Hono } from 'hono';
import { signedIn } from '../begin.ts';
import type { WebEnv } from '../visit.tsx';
import { removeDevice } from './devices.tsx';
import { inboxPage, markAllRead, markRead } from './inbox.tsx';
import { preferencesPage, savePreferences } from './preferences.tsx';

/** What I was told, and how I am told. */
export const notificationRoutes = new Hono<WebEnv>()
  .basePath('/notifications')
  .use(signedIn)
  .get('/', (c) => inboxPage(c.get('visit'), c.req.query()))
  .post('/read', (c) => markRead(c.get('visit')))
  .post('/read-all', (c) => markAllRead(c.get('visit')))
  .get('/preferences', (c) => preferencesPage(c.get('visit')))
  .post('/preferences', (c) => savePreferences(c.get('visit')))
  .post('/preferences/devices/remove', (c) => removeDevice(c.get('visit')));
