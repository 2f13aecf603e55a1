import { env } from 'cloudflare:workers';
import { noFigures } from '../../src/domain/figures.ts';
import { addDays, type LocalDate } from '../../src/domain/local-date.ts';
import { reportOf } from '../../src/domain/report.ts';
import type { Cast } from './cast.ts';
import { visit } from './past-visits.ts';
import { adminGets, all, gone, ofDoctor, out, plainly, type Row, role } from './route-parts.ts';

const visited = ({ members }: Cast): Promise<string> =>
  visit({ doctorId: members.ownDoctor.id, patientId: members.patient.id });
const words = { stars: 4, text: 'Took the time to explain.', showName: true };

/** A review of the cast's doctor by the cast's patient: its id, and that of the visit. */
const reviewed = async (cast: Cast): Promise<{ id: string; appointmentId: string }> => {
  const appointmentId = await visited(cast);
  const { body } = await cast.members.patient.act('POST', `/appointments/${appointmentId}/review`, words);
  return { id: body.id, appointmentId };
};
const ofReview =
  (body?: unknown): Row[1] =>
  async (cast) => ({
    params: { id: (await reviewed(cast)).appointmentId },
    ...(body === undefined ? {} : { body }),
  });
const moderated =
  (body?: unknown): Row[1] =>
  async (cast) => ({ params: { id: (await reviewed(cast)).id }, ...(body === undefined ? {} : { body }) });

/** A month of which there is a report of the cast's doctor or clinic. */
const reported = async ({ clinicId }: Cast, subjectId: string): Promise<string> => {
  const report = reportOf('2026-01', 'Cast', [
    { ...noFigures, date: '2026-01-05' as LocalDate, currency: 'BDT', booked: 1 },
  ]);
  const kind = subjectId === clinicId ? 'clinic' : 'doctor';
  await env.DB.prepare(
    `insert into monthly_reports (subject_id, month, revision, kind, report, made_at_ms)
     values (?, '2026-01', 1, ?, ?, 0) on conflict do nothing`,
  )
    .bind(subjectId, kind, JSON.stringify(report))
    .run();
  return '2026-01';
};
const ofMonth: Row[1] = ({ clinicId }) => ({ query: { month: '2026-01', clinicId, format: 'json' } });

/** What is said of a doctor's work, and what it comes to in numbers: rows of the route table. */
export const practiceRoutes: readonly Row[] = [
  ['GET /api/v1/doctors/:id/reviews', ofDoctor(), all(200)],
  [
    'POST /api/v1/appointments/:id/review',
    async (cast) => ({ params: { id: await visited(cast) }, body: words }),
    [out, 201, gone, role, role, role],
  ],
  ['GET /api/v1/appointments/:id/review', ofReview(), [out, 200, gone, role, role, role]],
  ['PUT /api/v1/appointments/:id/review', ofReview(words), [out, 200, gone, role, role, role]],
  ['DELETE /api/v1/appointments/:id/review', ofReview(), [out, 204, gone, role, role, role]],
  [
    'PUT /api/v1/doctors/:id/reviews/:reviewId/reply',
    async (cast) => ({
      params: { id: cast.members.ownDoctor.id, reviewId: (await reviewed(cast)).id },
      body: { text: 'Thank you.' },
    }),
    [out, role, role, 200, gone, role],
  ],
  ['GET /api/v1/admin/reviews', plainly, adminGets(200)],
  ['POST /api/v1/admin/reviews/:id/hide', moderated({ reason: 'It names somebody else.' }), adminGets(200)],
  ['POST /api/v1/admin/reviews/:id/show', moderated(), adminGets(200)],
  [
    'GET /api/v1/doctors/me/analytics',
    ({ date }) => ({ query: { from: date, to: addDays(date, 6), by: 'week' } }),
    [out, role, role, 200, 200, role],
  ],
  [
    'GET /api/v1/admin/dashboard',
    ({ date, clinicId }) => ({ query: { from: date, to: addDays(date, 6), by: 'day', clinicId } }),
    adminGets(200),
  ],
  ['GET /api/v1/doctors/me/reports/monthly', plainly, [out, role, role, 200, 200, role]],
  [
    'GET /api/v1/doctors/me/reports/monthly/:month',
    async (cast) => ({ params: { month: await reported(cast, cast.members.ownDoctor.id) } }),
    [out, role, role, 200, gone, role],
  ],
  ['GET /api/v1/admin/reports/monthly', ofMonth, adminGets(200)],
  [
    'GET /api/v1/admin/reports/monthly/summary',
    async (cast) => ({ query: { month: await reported(cast, cast.clinicId), clinicId: cast.clinicId } }),
    adminGets(200),
  ],
  ['GET /api/v1/admin/reports/monthly/by-doctor', ofMonth, adminGets(200)],
  [
    'POST /api/v1/admin/reports/monthly/regenerate',
    ({ members }) => ({ body: { month: '2026-01', doctorId: members.ownDoctor.id } }),
    adminGets(200),
  ],
];
