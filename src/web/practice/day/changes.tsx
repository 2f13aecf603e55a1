import { asked, type Problem, wanted } from '../../api.ts';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import { ownId } from '../own.ts';
import { visitPage } from '../visit/visit.tsx';
import { dayPage } from './day.tsx';
import { dayWords } from './words.ts';

/** Says how late the doctor is. */
export const sayLate = async (visit: Visit): Promise<Response> => {
  const minutes = visit.form.given('minutes') === undefined ? Number.NaN : Number(visit.form.text('minutes'));
  const said = await asked(
    visit.api.doctors[':id'].delay.$put({ param: { id: ownId(visit) }, json: { minutes } }, visit.once),
  );
  return visit.done(said, '/day', minutes === 0 ? 'on_time' : 'delay_told', (problem) => dayPage(visit, {}, problem));
};

/** The page again that a change of a patient's arrival was asked for on: the visit's, or the day's. */
const refusedFrom = (visit: Visit, id: string, problem: Problem): Promise<Response> =>
  visit.form.has('from') ? visitPage(visit, id, { part: 'arrival', problem }) : dayPage(visit, {}, problem);

/** Notes that a patient has come. */
export const checkIn = async (visit: Visit, id: string): Promise<Response> =>
  visit.done(
    await asked(visit.api.appointments[':id']['check-in'].$post({ param: { id } }, visit.once)),
    visit.form.has('from') ? `/day/${id}` : `/day?of=${id}`,
    'checked_in',
    (problem) => refusedFrom(visit, id, problem),
  );

/** Calls a patient in; on to the visit. */
export const callIn = async (visit: Visit, id: string): Promise<Response> =>
  visit.done(
    await asked(visit.api.appointments[':id']['call-in'].$post({ param: { id } }, visit.once)),
    `/day/${id}`,
    'called_in',
    (problem) => refusedFrom(visit, id, problem),
  );

/** Asks whether a patient really did not come. */
export const noShowPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const words = dayWords[visit.reader.locale];
  const appointment = await wanted(visit.api.appointments[':id'].$get({ param: { id } }));
  return surePage(visit, {
    title: words.noShowPage.title(appointment.patientName ?? words.nameless),
    lead: words.noShowPage.lead,
    act: words.noShowPage.act,
    action: `/day/${id}/no-show`,
    back: '/day',
    at: 'day',
    problem,
  });
};

/** Closes a visit that a patient did not come to. */
export const markNoShow = async (visit: Visit, id: string): Promise<Response> =>
  visit.done(
    await asked(visit.api.appointments[':id']['no-show'].$post({ param: { id }, json: {}, header: {} }, visit.once)),
    `/day?of=${id}`,
    'no_show',
    (problem) => noShowPage(visit, id, problem),
  );
