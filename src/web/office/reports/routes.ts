import { Hono } from 'hono';
import type { WebEnv } from '../../visit.tsx';
import { officeOnly } from '../gate.ts';
import { regenerate, reportPage } from './report.tsx';
import { askPage, removeWebhook, replay, rotate, switchWebhook, webhookPage } from './webhook.tsx';
import { addWebhook, webhooksPage } from './webhooks.tsx';

const hook = '/admin/webhooks/:id/:webhookId';

/** Reports of months, and what other programs are told. */
export const reportRoutes = new Hono<WebEnv>()
  .get('/admin/reports', officeOnly, (c) => reportPage(c.get('visit'), c.req.query()))
  .post('/admin/reports/regenerate', officeOnly, (c) => regenerate(c.get('visit')))
  .get('/admin/webhooks', officeOnly, (c) => webhooksPage(c.get('visit'), c.req.query()))
  .post('/admin/webhooks', officeOnly, (c) => addWebhook(c.get('visit')))
  .get(hook, officeOnly, (c) => webhookPage(c.get('visit'), c.req.param(), c.req.query()))
  .post(hook, officeOnly, (c) => switchWebhook(c.get('visit'), c.req.param()))
  .get(`${hook}/rotate`, officeOnly, (c) => askPage(c.get('visit'), c.req.param(), 'rotate'))
  .post(`${hook}/rotate`, officeOnly, (c) => rotate(c.get('visit'), c.req.param()))
  .get(`${hook}/remove`, officeOnly, (c) => askPage(c.get('visit'), c.req.param(), 'remove'))
  .post(`${hook}/remove`, officeOnly, (c) => removeWebhook(c.get('visit'), c.req.param()))
  .post(`${hook}/deliveries/:deliveryId/replay`, officeOnly, (c) => {
    const { deliveryId, ...place } = c.req.param();
    return replay(c.get('visit'), place, deliveryId);
  });
