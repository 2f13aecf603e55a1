import { asked } from '../api.ts';
import { problemPage } from '../problem-page.tsx';
import type { Visit } from '../visit.tsx';

const path = '/account/security';

/** Signs out another device. */
export const endSession = async (visit: Visit): Promise<Response> => {
  const outcome = await asked(visit.api.auth.sessions[':id'].$delete({ param: { id: visit.form.text('id') } }));
  return visit.done(outcome, path, 'session_ended', (problem) => problemPage(visit, problem));
};

/** Signs out all other devices, or this one as well. */
export const endSessions = async (visit: Visit, which: 'others' | 'all'): Promise<Response> => {
  const outcome = await asked(visit.api.auth.sessions.$delete({ query: { which } }));
  const [to, notice] = which === 'all' ? (['/login', 'signed_out'] as const) : ([path, 'sessions_ended'] as const);
  return visit.done(outcome, to, notice, (problem) => problemPage(visit, problem));
};
