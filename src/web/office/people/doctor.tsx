import { asked, type Problem, wanted } from '../../api.ts';
import { TextArea } from '../../components/field.tsx';
import { ActionButton, Form } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Facts, Note } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { languageText, numberText, timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';

/** What a doctor says beside the documents that show it, and the decision. */
export const doctorPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const { reader, api } = visit;
  const words = officeWords[reader.locale].people.doctor;
  const param = { id };
  const [verification, profile] = await Promise.all([
    wanted(api.doctors[':id'].verification.$get({ param })),
    asked(api.doctors[':id'].$get({ param })),
  ]);
  const { state, documents } = verification;
  const known = profile.ok ? profile.value : null;
  const time = (at: string) => timeText(at, reader.timeZone ?? 'UTC', reader.locale);
  const path = `/admin/doctors/${id}`;
  const mayReject = state === 'submitted' || state === 'verified';
  return formPage(
    visit,
    { title: verification.fullName, lead: words.states[state], at: 'verification', problem },
    <>
      {verification.reason === null ? null : (
        <Note tone="warn">
          <p>
            {words.lastReason}: {verification.reason}
          </p>
        </Note>
      )}
      <div class="sides">
        <section aria-labelledby="documents">
          <h2 id="documents">{words.documents}</h2>
          {documents.length === 0 ? <p class="soft">{words.noDocuments}</p> : null}
          {documents.map(({ id: documentId, mediaType, uploadedAt }, i) => {
            const file = `/api/v1/doctors/${id}/documents/${documentId}`;
            const n = numberText(i + 1, reader.locale);
            return (
              <figure class="card">
                {mediaType === 'application/pdf' ? null : <img class="licence" src={file} alt={words.document(n)} />}
                <figcaption>
                  <a href={file}>
                    <Icon name="file" /> {words.open(n)}
                    {mediaType === 'application/pdf' ? ` (${words.pdf})` : ''}
                  </a>{' '}
                  <span class="soft">{words.uploaded(time(uploadedAt))}</span>
                </figcaption>
              </figure>
            );
          })}
        </section>
        <div>
          <section aria-labelledby="claims">
            <h2 id="claims">{words.claims}</h2>
            <Facts
              of={[
                [words.name, verification.fullName],
                [words.licence, <strong>{verification.licenseNumber}</strong>],
                [words.speciality, verification.specialization],
                [words.experience, known === null ? null : numberText(known.experienceYears, reader.locale)],
                [words.languages, known?.languages.map((one) => languageText(one, reader.locale)).join(', ') ?? null],
                [words.clinics, known?.clinics.map(({ name, city }) => `${name}, ${city}`).join(' · ') ?? null],
                [words.zone, known?.timeZone ?? null],
                [words.about, known?.bio ?? null],
                [words.since, time(verification.since)],
              ]}
            />
          </section>
          <section class="card" aria-labelledby="decide">
            <h2 id="decide">{words.decide}</h2>
            {state === 'verified' ? null : (
              <div class="actions">
                <ActionButton visit={visit} action={`${path}/verify`} kind="main">
                  {words.verify}
                </ActionButton>
              </div>
            )}
            {mayReject ? (
              <Form visit={visit} action={`${path}/reject`} label={words.reject}>
                <TextArea
                  {...{ name: 'reason', required: true, maxlength: 1000, rows: 3, problem }}
                  label={words.reason}
                  value={visit.form.given('reason')}
                />
                <button type="submit" class="danger">
                  {state === 'verified' ? words.takeBack : words.reject}
                </button>
              </Form>
            ) : null}
          </section>
          <ul class="row">
            {state === 'verified' ? (
              <li>
                <a href={`/doctors/${id}`}>{words.toProfile}</a>
              </li>
            ) : null}
            {can(visit, 'user.read') ? (
              <li>
                <a href={`/admin/users/${id}`}>{words.account}</a>
              </li>
            ) : null}
            {can(visit, 'system.read') ? (
              <li>
                <a href={`/admin/health/days?doctor=${id}`}>{words.days}</a>
              </li>
            ) : null}
          </ul>
        </div>
      </div>
    </>,
  );
};

/** Verifies a doctor, who can be found and booked from then on. */
export const verifyDoctor = async (visit: Visit, id: string): Promise<Response> => {
  const outcome = await asked(visit.api.admin.doctors[':id'].verify.$post({ param: { id } }, visit.once));
  return visit.done(outcome, `/admin/doctors/${id}`, 'doctor_verified', (problem) => doctorPage(visit, id, problem));
};

/** Sends back what a doctor submitted, or takes a verification back. */
export const rejectDoctor = async (visit: Visit, id: string): Promise<Response> => {
  const json = { reason: visit.form.text('reason') };
  const outcome = await asked(visit.api.admin.doctors[':id'].reject.$post({ param: { id }, json }, visit.once));
  return visit.done(outcome, `/admin/doctors/${id}`, 'doctor_rejected', (problem) => doctorPage(visit, id, problem));
};
