import { router } from '../../http/route.ts';
import { absenceRoutes } from './absence-routes.ts';
import { previewRoutes } from './preview-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { timeOffRoutes } from './time-off-routes.ts';
import { weeklyScheduleRoutes } from './weekly-schedule-routes.ts';

/** What a doctor offers: the weekly schedule, extra sessions, time off, absences. */
export const scheduleRoutes = router()
  .route('/', weeklyScheduleRoutes)
  .route('/', previewRoutes)
  .route('/', sessionRoutes)
  .route('/', timeOffRoutes)
  .route('/', absenceRoutes);
