import { Hono } from 'hono';
import type { WebEnv } from '../../visit.tsx';
import { doctorOnly } from '../gate.ts';
import { feedSurePage, feedsPage, openFeed, revokeFeed, rotateFeed } from './feeds.tsx';
import { addSource, removeSource, removeSourcePage } from './sources.tsx';

/** Calendars: those of ours that other programs read, and those elsewhere that are read here. */
export const calendarRoutes = new Hono<WebEnv>()
  .get('/feeds', doctorOnly, (c) => feedsPage(c.get('visit')))
  .post('/feeds', doctorOnly, (c) => openFeed(c.get('visit')))
  .post('/feeds/sources', doctorOnly, (c) => addSource(c.get('visit')))
  .get('/feeds/sources/:id/remove', doctorOnly, (c) => removeSourcePage(c.get('visit'), c.req.param('id')))
  .post('/feeds/sources/:id/remove', doctorOnly, (c) => removeSource(c.get('visit'), c.req.param('id')))
  .get('/feeds/:id/rotate', doctorOnly, (c) => feedSurePage(c.get('visit'), c.req.param('id'), 'rotate'))
  .post('/feeds/:id/rotate', doctorOnly, (c) => rotateFeed(c.get('visit'), c.req.param('id')))
  .get('/feeds/:id/remove', doctorOnly, (c) => feedSurePage(c.get('visit'), c.req.param('id'), 'revoke'))
  .post('/feeds/:id/remove', doctorOnly, (c) => revokeFeed(c.get('visit'), c.req.param('id')));
