import { hasEnded } from '../../domain/doctor-day/status.ts';
import { asked, type Problem, problemFor, wanted } from '../api.ts';
import { Check, Group, TextArea } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { Note, Steps, Tabs } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { dayText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { insteadPage, whyOf } from './instead.tsx';
import { type ChosenSlot, chosenSlot, SlotFacts } from './slot.tsx';
import { bookWords } from './words.ts';

const [maxReason, maxSymptoms, documentsShown] = [500, 2_000, 30] as const;

/** The second step, of a slot that was chosen: for whom, why, with which documents. Who is not signed in is led to it. */
export const bookPage = async (
  visit: Visit,
  id: string,
  whom: string | undefined,
  problem: Problem | null = null,
): Promise<Response> => {
  const chosen = await chosenSlot(visit, id);
  if (chosen.slot === null) return (await ownHere(visit, id, chosen)) ?? insteadPage(visit, chosen.asked, 'taken');
  if (visit.who === null) return signInFirst(visit, id, chosen);
  const words = bookWords[visit.reader.locale];
  if (visit.who.role !== 'patient') {
    return formPage(
      visit,
      { title: words.details.title, at: 'find' },
      <>
        <SlotFacts visit={visit} of={chosen} forWhom={null} />
        <Note tone="warn">
          <p>{words.details.notPatient}</p>
        </Note>
      </>,
    );
  }
  const [{ items: dependants }, patientId] = [await wanted(visit.api.users.me.dependants.$get()), whom ?? visit.who.id];
  const dependant = dependants.find((one) => one.id === patientId) ?? null;
  const forId = dependant?.id ?? visit.who.id;
  const documents = await asked(
    visit.api.patients[':id'].documents.$get({
      param: { id: forId },
      query: { limit: String(documentsShown) },
    }),
  );
  const here = `/book/${id}`;
  return formPage(
    visit,
    {
      ...{ title: words.details.title, problem, at: 'find' },
      above: <Steps at={2} label={words.stepsLabel} names={words.steps} />,
    },
    <>
      {dependants.length === 0 ? null : (
        <>
          <p aria-hidden="true">
            <strong>{words.details.forWhom}</strong>
          </p>
          <Tabs
            label={words.details.forWhom}
            at={`${here}?for=${forId}`}
            tabs={[
              [`${here}?for=${visit.who.id}`, words.facts.me],
              ...dependants.map((one) => [`${here}?for=${one.id}`, one.fullName] as const),
            ]}
          />
        </>
      )}
      <SlotFacts visit={visit} of={chosen} forWhom={dependant?.fullName ?? null} />
      <DetailsForm
        {...{ visit, problem, action: here, patientId: forId, doctorName: chosen.doctor.fullName }}
        documents={documents.ok ? documents.value.items : []}
        doctorPath={`/doctors/${chosen.doctor.id}?from=${chosen.asked.date}#times`}
      />
    </>,
  );
};

/** The way to one's own appointment in a slot: who goes back a page after booking has not lost it. */
const ownHere = async (visit: Visit, slotId: string, { asked: { doctorId, date } }: ChosenSlot) => {
  if (visit.who?.role !== 'patient') return null;
  const found = await asked(visit.api.appointments.$get({ query: { doctorId, from: date, to: date } }));
  const own = found.ok ? found.value.items.find((one) => one.slotId === slotId && !hasEnded(one.status)) : undefined;
  return own === undefined ? null : visit.go(`/appointments/${own.id}`);
};

interface Details {
  readonly visit: Visit;
  readonly problem: Problem | null;
  readonly action: string;
  readonly patientId: string;
  readonly doctorName: string;
  readonly documents: readonly { readonly id: string; readonly name: string | null; readonly uploadedAt: string }[];
  readonly doctorPath: string;
}

const DetailsForm = ({ visit, problem, action, patientId, doctorName, documents, doctorPath }: Details) => {
  const { form, reader } = visit;
  const words = bookWords[reader.locale].details;
  const ticked = form.all('document');
  const fault = problem?.fields.consent;
  return (
    <Form visit={visit} action={action} class="narrow">
      <input type="hidden" name="patientId" value={patientId} />
      <TextArea
        {...{ name: 'reason', rows: 2, maxlength: maxReason, problem }}
        label={`${words.reason} (${visit.words.optional})`}
        hint={words.reasonHint}
        value={form.given('reason')}
      />
      <TextArea
        {...{ name: 'symptoms', rows: 4, maxlength: maxSymptoms, problem }}
        label={`${words.symptoms} (${visit.words.optional})`}
        hint={words.symptomsHint}
        value={form.given('symptoms')}
      />
      <Group legend={words.documents}>
        <p class="hint">
          {documents.length === 0 ? words.noDocuments : words.documentsHint}{' '}
          <a href="/records/documents">{words.addDocuments}</a>
        </p>
        {documents.map(({ id, name, uploadedAt }) => (
          <Check
            name="document"
            value={id}
            checked={ticked.includes(id)}
            label={`${name ?? words.unnamed}, ${dayText(uploadedAt, reader.timeZone ?? 'UTC', reader.locale)}`}
          />
        ))}
      </Group>
      <Check name="consent" required label={words.consent(doctorName)} checked={form.has('consent')} />
      {fault === undefined ? null : <p class="fault">{fault}</p>}
      <p class="hint">{words.holdHint}</p>
      <p class="row">
        <button type="submit">{words.hold}</button>
        <a href={doctorPath}>{words.other}</a>
      </p>
    </Form>
  );
};

const signInFirst = (visit: Visit, id: string, chosen: ChosenSlot): Response => {
  const words = bookWords[visit.reader.locale];
  const to = encodeURIComponent(`/book/${id}`);
  return formPage(
    visit,
    {
      ...{ title: words.details.signInTitle, lead: words.details.signInLead, at: 'find' },
      above: <Steps at={2} label={words.stepsLabel} names={words.steps} />,
    },
    <>
      <SlotFacts visit={visit} of={chosen} forWhom={null} />
      <p class="row">
        <a class="button" href={`/login?to=${to}`}>
          <Icon name="check" /> {words.details.signIn}
        </a>
        <a class="button plain" href={`/register?to=${to}`}>
          {words.details.register}
        </a>
      </p>
    </>,
  );
};

/** Holds the slot, brings the documents to it, and leads to the third step. */
export const hold = async (visit: Visit, id: string): Promise<Response> => {
  const { api, form, once, who } = visit;
  const patientId = form.given('patientId') ?? who?.id;
  if (!form.has('consent')) {
    const consent = bookWords[visit.reader.locale].details.consentMissing;
    return bookPage(visit, id, patientId, problemFor('invalid_request', consent, { consent }));
  }
  const held = await asked(
    api.appointments.$post({
      header: once.headers,
      json: { slotId: id, patientId, reason: form.given('reason'), symptoms: form.given('symptoms') },
    }),
  );
  if (!held.ok) {
    const why = whyOf(held.problem);
    if (why === null) return bookPage(visit, id, patientId, held.problem);
    return insteadPage(visit, (await chosenSlot(visit, id)).asked, why, sentAgain(visit));
  }
  const appointmentId = held.value.id;
  // What cannot be brought, for it is gone meanwhile, is no reason to lose the time: the appointment shows what came.
  await Promise.all(
    form
      .all('document')
      .slice(0, documentsShown)
      .map((document) => asked(api.documents[':id'].$put({ param: { id: document }, json: { appointmentId } }))),
  );
  return visit.go(`/appointments/${appointmentId}/confirm`);
};

const sentAgain = ({ form }: Visit): readonly (readonly [string, string])[] =>
  ['patientId', 'reason', 'symptoms', 'consent', 'document'].flatMap((name) =>
    form.all(name).map((value) => [name, value] as const),
  );
