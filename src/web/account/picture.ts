import { asked, type Problem, problemIn } from '../api.ts';
import { sentenceOf } from '../problem-words.ts';
import type { Visit } from '../visit.tsx';
import { profilePage } from './profile.tsx';
import { accountWords } from './words.ts';

/** What is wrong with a picture, to stand beside its field: the page is long, and documents may be what it may not. */
const besideField = ({ reader }: Visit, problem: Problem): Problem => {
  const { notPicture } = accountWords[reader.locale].profile;
  const file = problem.code === 'unsupported_document' ? notPicture : sentenceOf(problem, reader);
  return { ...problem, code: 'invalid_request', fields: { file } };
};

/** Makes the file of the form the account's picture. */
export const savePicture = async (visit: Visit): Promise<Response> => {
  const file = visit.form.file('file');
  if (file === null) return visit.go('/account');
  const answer = await visit.ask('/users/me/picture', {
    method: 'PUT',
    headers: { 'content-type': file.type, 'content-length': String(file.size) },
    body: await file.arrayBuffer(),
  });
  return answer.ok ? visit.go('/account', 'saved') : profilePage(visit, besideField(visit, await problemIn(answer)));
};

/** Deletes the picture. */
export const removePicture = async (visit: Visit): Promise<Response> => {
  const outcome = await asked(visit.api.users.me.picture.$delete({ header: {} }));
  return visit.done(outcome, '/account', 'removed', (problem) => profilePage(visit, problem));
};
