import { asked, problemIn } from '../api.ts';
import type { Visit } from '../visit.tsx';
import { documentsPage } from './documents.tsx';
import type { Whose } from './whose.tsx';

/** What a file is called without its ending, as far as a document may be called so. */
const nameOfFile = (file: string): string =>
  file
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replaceAll(/[/\\:*?"<>|]+/g, ' ')
    .replaceAll(/\.{2,}/g, '.')
    .replace(/^[.\s]+/, '')
    .trim()
    .slice(0, 120);

/** Takes the file of a form without scripts: it goes on to the API, which looks at it, and then gets its name. */
export const uploadDocument = async (visit: Visit, whose: Whose): Promise<Response> => {
  const file = visit.form.file('file');
  if (file === null) return visit.go(`${whose.base}/documents`);
  const answer = await visit.ask(`/patients/${whose.id}/documents`, {
    method: 'POST',
    headers: { 'content-type': file.type, 'content-length': String(file.size) },
    body: file.stream(),
  });
  if (!answer.ok) return documentsPage(visit, whose, undefined, await problemIn(answer));
  const { id } = (await answer.json()) as { id: string };
  const name = visit.form.given('name') ?? nameOfFile(file.name);
  // A name that is refused is no reason to lose the document: it can be named on its page.
  if (name !== '') await asked(visit.api.documents[':id'].$put({ param: { id }, json: { name } }));
  return visit.go(`${whose.base}/documents/${id}`, 'uploaded');
};
