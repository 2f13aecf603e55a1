import { type Context, Hono } from 'hono';
import type { AppEnv } from '../http/context.ts';
import { accountRoutes, entranceRoutes } from './account/routes.ts';
import { securityRoutes } from './account/security-routes.ts';
import { type Application, problemIn, Unanswered } from './api.ts';
import { appointmentRoutes } from './appointments/routes.ts';
import { begin } from './begin.ts';
import { bookRoutes } from './book/routes.ts';
import { choiceRoutes } from './choices.ts';
import { componentsRoutes } from './components/page.tsx';
import { familyRoutes } from './family/routes.ts';
import { findRoutes } from './find/routes.ts';
import { noForm } from './form.ts';
import { notificationRoutes } from './notifications/routes.ts';
import { officeRoutes } from './office/routes.ts';
import { practiceRoutes } from './practice/routes.ts';
import { problemPage } from './problem-page.tsx';
import { familyRecordRoutes, recordRoutes } from './records/routes.ts';
import { visitOf, type WebEnv } from './visit.tsx';
import { waitlistRoutes } from './waitlist/routes.ts';

/** Every page, by area. */
const areas = [
  choiceRoutes,
  componentsRoutes,
  findRoutes,
  entranceRoutes,
  accountRoutes,
  securityRoutes,
  recordRoutes,
  familyRecordRoutes,
  familyRoutes,
  notificationRoutes,
  officeRoutes,
  practiceRoutes,
  bookRoutes,
  appointmentRoutes,
  waitlistRoutes,
];

/** The pages for people. They ask the application itself, by the routes that programs use, and never another way. */
export const webRoutes = (app: Application) => {
  const web = new Hono<WebEnv>();
  const beginning = begin(app);
  for (const area of areas)
    for (const { path, method } of area.routes) if (method !== 'ALL') web.on(method, path, beginning);
  for (const area of areas) web.route('/', area);
  return web.onError((error, c) => {
    if (error instanceof Unanswered) return problemPage(c.get('visit'), error.problem);
    throw error;
  });
};

/** A refusal as who asked can read it: a page for a browser that opened a page, and problem+json for everybody else. */
export const asPage = async (app: Application, c: Context<AppEnv>, refused: Response): Promise<Response> => {
  const isOpened = c.req.header('sec-fetch-mode') === 'navigate' && !c.req.path.startsWith('/api/');
  if (!isOpened || c.get('settings') === undefined) return refused;
  return problemPage(await visitOf(app, c, noForm), await problemIn(refused));
};
