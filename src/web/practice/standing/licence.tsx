import type { InferResponseType } from 'hono/client';
import { asked, type PageApi, problemIn } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { ActionButton, Form, ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Badge, Facts, Note, type Tone } from '../../components/parts.tsx';
import { timeText } from '../../money-and-time.ts';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import { ownId } from '../own.ts';
import { profilePage, type Refused } from './profile.tsx';
import { standingWords } from './words.ts';

type Verification = InferResponseType<PageApi['doctors'][':id']['verification']['$get'], 200>;

const tones: Readonly<Record<string, Tone>> = { verified: 'good', submitted: 'blue', rejected: 'bad' };

/** The licence: how far it has come, what is missing, the documents, and a form for another. */
export const Licence = ({
  visit,
  of,
  refused,
}: {
  readonly visit: Visit;
  readonly of: Verification;
  readonly refused: Refused | null;
}) => {
  const { locale, timeZone } = visit.reader;
  const words = standingWords[locale].profile;
  const problem = refused?.of === 'licence' ? refused.problem : null;
  const { state, reason, documents, licenseNumber } = of;
  const isOpen = state === 'unverified' || state === 'rejected';
  return (
    <section class="card" id="licence" aria-labelledby="licence-title">
      <h2 id="licence-title">{words.licence}</h2>
      <ProblemSummary visit={visit} problem={problem} />
      <Facts
        of={[
          [words.number, licenseNumber],
          [words.state, <Badge tone={tones[state] ?? 'warn'}>{words.states[state]}</Badge>],
        ]}
      />
      {reason === null ? null : (
        <Note tone="bad">
          <strong>{words.reason}</strong>: {reason}
        </Note>
      )}
      {isOpen ? (
        <>
          <h3>{words.steps.title}</h3>
          <ol>
            <li>
              {words.steps.document} {documents.length > 0 ? <Icon name="check" /> : null}
            </li>
            <li>{words.steps.send}</li>
            <li>{words.steps.wait}</li>
          </ol>
        </>
      ) : null}
      <h3>{words.documents}</h3>
      {documents.length === 0 ? <p class="soft">{words.noDocuments}</p> : null}
      <ul class="entries">
        {documents.map(({ id, uploadedAt }, i) => {
          const name = words.document(i + 1, timeText(uploadedAt, timeZone ?? 'UTC', locale));
          return (
            <li class="row">
              <a class="grow" href={`/api/v1/doctors/${of.doctorId}/documents/${id}`}>
                <Icon name="file" /> {name}
              </a>
              {isOpen ? (
                <a
                  class="button danger"
                  href={`/practice/documents/${id}/remove`}
                  aria-label={`${words.removeDocument}: ${name}`}
                >
                  {words.removeDocument}
                </a>
              ) : null}
            </li>
          );
        })}
      </ul>
      {state === 'verified' ? null : (
        <Form visit={visit} action="/verification/documents" files class="narrow below" label={words.upload}>
          <Field
            {...{ name: 'file', type: 'file', accept: 'application/pdf,image/jpeg,image/png', required: true, problem }}
            label={words.file}
            hint={words.fileHint}
          />
          <button type="submit" class="plain">
            {words.upload}
          </button>
        </Form>
      )}
      {isOpen && documents.length > 0 ? (
        <div class="below">
          <ActionButton visit={visit} action="/verification/send" kind="main">
            {words.send}
          </ActionButton>
        </div>
      ) : null}
    </section>
  );
};

/** Uploads a copy of the licence. */
export const addDocument = async (visit: Visit): Promise<Response> => {
  const file = visit.form.file('file');
  if (file === null) return visit.go('/practice/profile#licence');
  const answer = await visit.ask(`/doctors/${ownId(visit)}/documents`, {
    method: 'POST',
    headers: { 'content-type': file.type, 'content-length': String(file.size) },
    body: await file.arrayBuffer(),
  });
  if (answer.ok) return visit.go('/practice/profile#licence', 'licence_added');
  return profilePage(visit, { of: 'licence', problem: await problemIn(answer) });
};

/** Asks for verification. */
export const sendLicence = async (visit: Visit): Promise<Response> =>
  visit.done(
    await asked(visit.api.doctors[':id'].verification.$post({ param: { id: ownId(visit) } }, visit.once)),
    '/practice/profile#licence',
    'licence_sent',
    (problem) => profilePage(visit, { of: 'licence', problem }),
  );

/** Asks whether a document is really to go. */
export const removeDocumentPage = (visit: Visit, id: string): Response => {
  const { title, lead, act } = standingWords[visit.reader.locale].profile.removePage;
  const action = `/practice/documents/${id}/remove`;
  return surePage(visit, { title, lead, act, action, back: '/practice/profile', at: 'schedule' });
};

/** Deletes a document. */
export const removeDocument = async (visit: Visit, id: string): Promise<Response> => {
  const param = { id: ownId(visit), documentId: id };
  return visit.done(
    await asked(visit.api.doctors[':id'].documents[':documentId'].$delete({ param }, visit.once)),
    '/practice/profile#licence',
    'removed',
    (problem) => profilePage(visit, { of: 'licence', problem }),
  );
};
