import { asked, wanted } from '../api.ts';
import { type Appointment, appointmentOf } from '../book/appointment.ts';
import { bookWords } from '../book/words.ts';
import { Check } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { formPage } from '../form-page.tsx';
import { dayText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { appointmentWords } from './words.ts';

const shown = '100';

interface PatientDocument {
  readonly id: string;
  readonly name: string | null;
  readonly appointmentId: string | null;
  readonly uploadedAt: string;
}

/** The documents that are brought to an appointment: to choose until it is over, then those that were, if any. */
export const Brought = ({
  visit,
  of,
  isLive,
  documents,
}: {
  readonly visit: Visit;
  readonly of: Appointment;
  readonly isLive: boolean;
  /** `null` while they cannot be read. */
  readonly documents: readonly PatientDocument[] | null;
}) => {
  const words = appointmentWords[visit.reader.locale].one;
  if (!isLive && (documents === null || documents.length === 0)) return null;
  return (
    <section aria-labelledby="documents">
      <h2 id="documents">{isLive ? words.documents : words.broughtDocuments}</h2>
      {documents?.length === 0 ? <p>{words.noDocuments}</p> : null}
      {documents === null || documents.length === 0 ? null : (
        <ul>
          {documents.map(({ name }) => (
            <li>{name ?? words.unnamed}</li>
          ))}
        </ul>
      )}
      {isLive ? (
        <p>
          <a href={`/appointments/${of.id}/documents`}>{words.chooseDocuments}</a>
        </p>
      ) : null}
    </section>
  );
};

const documentsOf = async (visit: Visit, patientId: string): Promise<readonly PatientDocument[]> =>
  (await wanted(visit.api.patients[':id'].documents.$get({ param: { id: patientId }, query: { limit: shown } }))).items;

/** Which documents are brought. */
export const bringPage = async (visit: Visit, id: string): Promise<Response> => {
  const { one, bring } = appointmentWords[visit.reader.locale];
  const appointment = await appointmentOf(visit, id);
  const documents = await documentsOf(visit, appointment.patientId);
  const { locale, timeZone } = visit.reader;
  return formPage(
    visit,
    { title: bring.title, lead: documents.length === 0 ? bring.none : bring.lead, at: 'appointments' },
    documents.length === 0 ? (
      <p class="row">
        <a class="button plain" href="/records/documents">
          {bookWords[locale].details.addDocuments}
        </a>
        <a href={`/appointments/${id}`}>{visit.words.back}</a>
      </p>
    ) : (
      <Form visit={visit} action={`/appointments/${id}/documents`} class="narrow">
        {documents.map((document) => (
          <Check
            name="document"
            value={document.id}
            checked={document.appointmentId === id}
            label={`${document.name ?? one.unnamed}, ${dayText(document.uploadedAt, timeZone ?? 'UTC', locale)}`}
          />
        ))}
        <p class="row">
          <button type="submit">{visit.words.save}</button>
          <a href={`/appointments/${id}`}>{visit.words.back}</a>
        </p>
      </Form>
    ),
  );
};

/** Brings what is ticked, and leaves what is not. */
export const bring = async (visit: Visit, id: string): Promise<Response> => {
  const { patientId } = await appointmentOf(visit, id);
  const ticked = visit.form.all('document');
  const changed = (await documentsOf(visit, patientId)).filter(
    (one) => ticked.includes(one.id) !== (one.appointmentId === id),
  );
  await Promise.all(
    changed.map((one) =>
      asked(
        visit.api.documents[':id'].$put({
          param: { id: one.id },
          json: { appointmentId: ticked.includes(one.id) ? id : null },
        }),
      ),
    ),
  );
  return visit.go(`/appointments/${id}`, 'brought');
};
