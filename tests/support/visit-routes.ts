import { env } from 'cloudflare:workers';
import { addDays } from '../../src/domain/local-date.ts';
import type { Cast } from './cast.ts';
import { gone, of, ofDoctor, out, plainly, type Row, role } from './route-parts.ts';

/** An appointment of the patient, who has come. */
const present: Row[1] = async (cast) => {
  const fresh = await of('begun')(cast);
  await env.DB.prepare(
    'insert into visits (appointment_id, doctor_id, date, starts_at_ms, checked_in_at_ms) values (?, ?, ?, ?, ?)',
  )
    .bind(fresh.params?.id, cast.members.ownDoctor.id, cast.date, fresh.atMs, fresh.atMs)
    .run();
  return fresh;
};
/** A visit that the cast's doctor proposes to the cast's patient. */
const proposed: Row[1] = async ({ members, date }) => {
  const id = `f_${crypto.randomUUID()}`;
  await env.DB.prepare(
    `insert into follow_ups (id, appointment_id, doctor_id, patient_id, from_date, to_date, created_at_ms)
     values (?, ?, ?, ?, ?, ?, ?)`,
  )
    .bind(id, crypto.randomUUID(), members.ownDoctor.id, members.patient.id, date, addDays(date, 7), Date.now())
    .run();
  return { params: { id } };
};
const wish = ({ date }: Cast) => ({ from: addDays(date, 7), to: addDays(date, 14), note: 'Bring the old letters' });
const away = (cast: Cast) => ({ timeOff: cast.newTimeOff() });

/** The day of a visit, and absences: rows of the route table. */
export const visitRoutes: readonly Row[] = [
  ['POST /api/v1/appointments/:id/check-in', of('begun'), [out, 200, gone, 200, gone, 200]],
  ['POST /api/v1/appointments/:id/call-in', present, [out, role, role, 200, gone, role]],
  ['GET /api/v1/appointments/:id/queue', of('confirmed'), [out, 200, gone, 200, gone, 200]],
  ['GET /api/v1/appointments/:id/video', of('confirmed'), [out, 'not_by_video', gone, 'not_by_video', gone, role]],
  ['GET /api/v1/doctors/:id/queue', ofDoctor(), [out, role, role, 200, gone, 200]],
  ['PUT /api/v1/doctors/:id/delay', ofDoctor(() => ({ minutes: 20 })), [out, role, role, 200, gone, 200]],
  ['POST /api/v1/appointments/:id/follow-up', of('begun', wish), [out, role, role, 201, gone, role]],
  ['GET /api/v1/follow-ups', plainly, [out, 200, 200, 200, 200, role]],
  ['GET /api/v1/follow-ups/:id', proposed, [out, 200, gone, 200, gone, role]],
  ['DELETE /api/v1/follow-ups/:id', proposed, [out, 204, gone, 204, gone, role]],
  ['POST /api/v1/doctors/:id/absences/preview', ofDoctor(away), [out, role, role, 200, gone, 200]],
  ['POST /api/v1/doctors/:id/absences', ofDoctor(away), [out, role, role, 201, gone, 201]],
  ['GET /api/v1/doctors/:id/absences', ofDoctor(), [out, role, role, 200, gone, 200]],
  [
    'GET /api/v1/doctors/:id/absences/:absenceId',
    async (cast) => {
      const { id, act } = cast.members.ownDoctor;
      const { body } = await act('POST', `/doctors/${id}/absences`, away(cast));
      return { params: { id, absenceId: body.id } };
    },
    [out, role, role, 200, gone, 200],
  ],
];
