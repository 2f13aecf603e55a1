import { Hono } from 'hono';
import type { WebEnv } from '../../visit.tsx';
import { officeOnly } from '../gate.ts';
import { auditPage, emergencyPage } from './audit.tsx';
import { daysPage, rebuildDoctor, repairDay, sweepDays } from './days.tsx';
import { deadLettersPage, retryLetter } from './dead-letters.tsx';
import { healthPage } from './health.tsx';
import { jobPage, jobsPage, runJob } from './jobs.tsx';
import { retryTold, toldPage } from './told.tsx';
import { verify, verifyPage } from './verify.tsx';

/** The audit, and how everything behind the answers is doing. */
export const systemRoutes = new Hono<WebEnv>()
  .get('/admin/audit', officeOnly, (c) => auditPage(c.get('visit'), c.req.query()))
  .get('/admin/audit/verify', officeOnly, (c) => verifyPage(c.get('visit')))
  .post('/admin/audit/verify', officeOnly, (c) => verify(c.get('visit')))
  .get('/admin/audit/emergency', officeOnly, (c) => emergencyPage(c.get('visit'), c.req.query()))
  .get('/admin/jobs', officeOnly, (c) => jobsPage(c.get('visit')))
  .get('/admin/jobs/:name', officeOnly, (c) => jobPage(c.get('visit'), c.req.param('name'), c.req.query()))
  .post('/admin/jobs/:name/run', officeOnly, (c) => runJob(c.get('visit'), c.req.param('name')))
  .get('/admin/dead-letters', officeOnly, (c) => deadLettersPage(c.get('visit'), c.req.query()))
  .post('/admin/dead-letters/:id/retry', officeOnly, (c) => retryLetter(c.get('visit'), c.req.param('id')))
  .get('/admin/health', officeOnly, (c) => healthPage(c.get('visit')))
  .get('/admin/health/days', officeOnly, (c) => daysPage(c.get('visit'), c.req.query()))
  .post('/admin/health/days/repair', officeOnly, (c) => repairDay(c.get('visit')))
  .post('/admin/health/days/rebuild', officeOnly, (c) => rebuildDoctor(c.get('visit')))
  .post('/admin/health/days/sweep', officeOnly, (c) => sweepDays(c.get('visit')))
  .get('/admin/health/notifications', officeOnly, (c) => toldPage(c.get('visit'), c.req.query()))
  .post('/admin/health/notifications/:id/retry', officeOnly, (c) => retryTold(c.get('visit'), c.req.param('id')));
