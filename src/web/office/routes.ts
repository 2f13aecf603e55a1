import { Hono } from 'hono';
import type { WebEnv } from '../visit.tsx';
import { bookingRoutes } from './bookings/routes.ts';
import { clinicRoutes } from './clinics/routes.ts';
import { dashboardPage } from './dashboard/dashboard.tsx';
import { officeOnly } from './gate.ts';
import { peopleRoutes } from './people/routes.ts';
import { reportRoutes } from './reports/routes.ts';
import { systemRoutes } from './system/routes.ts';

/** The pages of staff and admins. */
export const officeRoutes = new Hono<WebEnv>()
  .get('/admin', officeOnly, (c) => dashboardPage(c.get('visit'), c.req.query()))
  .route('/', bookingRoutes)
  .route('/', peopleRoutes)
  .route('/', clinicRoutes)
  .route('/', systemRoutes)
  .route('/', reportRoutes);
