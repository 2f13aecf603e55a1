import { asked } from '../api.ts';
import type { Visit } from '../visit.tsx';
import { documentPage, removeDocumentPage } from './document.tsx';
import type { Whose } from './whose.tsx';

const dayMs = 86_400_000;
/** The API takes up to a year from its own now. */
const mostDays = 364;

const pathOf = (whose: Whose, id: string): string => `${whose.base}/documents/${id}`;

/** Leads to the file by a link that is good for five minutes. */
export const downloadDocument = async (visit: Visit, whose: Whose, id: string): Promise<Response> => {
  const outcome = await asked(visit.api.documents[':id'].link.$post({ param: { id } }));
  if (!outcome.ok) return documentPage(visit, whose, id, outcome.problem);
  return visit.go(new URL(outcome.value.url).pathname);
};

/** Names a document. */
export const renameDocument = async (visit: Visit, whose: Whose, id: string): Promise<Response> => {
  const json = { name: visit.form.text('name') };
  const outcome = await asked(visit.api.documents[':id'].$put({ param: { id }, json }, visit.once));
  return visit.done(outcome, pathOf(whose, id), 'saved', (problem) => documentPage(visit, whose, id, problem));
};

/** Lets a doctor read a document for some days. */
export const shareDocument = async (visit: Visit, whose: Whose, id: string): Promise<Response> => {
  const days = Math.min(Number(visit.form.text('days')) || 1, mostDays);
  const json = { doctorId: visit.form.text('doctorId'), endsAt: new Date(Date.now() + days * dayMs).toISOString() };
  const outcome = await asked(visit.api.documents[':id'].shares.$post({ param: { id }, json }));
  return visit.done(outcome, pathOf(whose, id), 'shared', (problem) => documentPage(visit, whose, id, problem));
};

/** Takes a document back from a doctor. */
export const unshareDocument = async (visit: Visit, whose: Whose, id: string): Promise<Response> => {
  const param = { id, doctorId: visit.form.text('doctorId') };
  const outcome = await asked(visit.api.documents[':id'].shares[':doctorId'].$delete({ param }));
  return visit.done(outcome, pathOf(whose, id), 'unshared', (problem) => documentPage(visit, whose, id, problem));
};

/** Deletes a document. */
export const removeDocument = async (visit: Visit, whose: Whose, id: string): Promise<Response> => {
  const outcome = await asked(visit.api.documents[':id'].$delete({ param: { id } }));
  return visit.done(outcome, `${whose.base}/documents`, 'removed', (problem) =>
    removeDocumentPage(visit, whose, id, problem),
  );
};
