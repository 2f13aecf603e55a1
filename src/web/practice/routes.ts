import { Hono } from 'hono';
import type { WebEnv } from '../visit.tsx';
import { calendarRoutes } from './calendars/routes.ts';
import { dayRoutes } from './day/routes.ts';
import { hoursRoutes } from './hours/routes.ts';
import { standingRoutes } from './standing/routes.ts';
import { weekRoutes } from './week/routes.ts';

/** What a doctor works with. */
export const practiceRoutes = new Hono<WebEnv>()
  .route('/', dayRoutes)
  .route('/', weekRoutes)
  .route('/', hoursRoutes)
  .route('/', standingRoutes)
  .route('/', calendarRoutes);
