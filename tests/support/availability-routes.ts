import { addDays } from '../../src/domain/local-date.ts';
import { all, doctorGets, everybody, type Row } from './route-parts.ts';

/** Routes of what doctors still offer. */
export const availabilityRoutes: readonly Row[] = [
  [
    'GET /api/v1/doctors/:id/availability',
    ({ members, date }) => ({ params: { id: members.ownDoctor.id }, query: { from: date, to: addDays(date, 1) } }),
    all(200),
  ],
  [
    'GET /api/v1/doctors/:id/slots',
    ({ members, date }) => ({ params: { id: members.ownDoctor.id }, query: { date } }),
    all(200),
  ],
  [
    'GET /api/v1/doctors/:id/slots/live',
    ({ members, date }) => ({ params: { id: members.ownDoctor.id }, query: { date } }),
    everybody('upgrade_required'),
  ],
  [
    'GET /api/v1/doctors/:id/slots/why',
    ({ members, date }) => ({ params: { id: members.ownDoctor.id }, query: { at: `${date}T09:00:00+06:00` } }),
    doctorGets(200),
  ],
];
