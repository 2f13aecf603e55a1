import { zoneOf } from '../account/security.tsx';
import { asked, type Problem, wanted } from '../api.ts';
import { Field, Select } from '../components/field.tsx';
import { ActionButton, Form } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { Facts } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { dayText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { sizeText } from './documents.tsx';
import type { Whose } from './whose.tsx';
import { recordWords } from './words.ts';

/** Of appointments, to see whose doctors a document may be given to. */
const looked = '100';

/** The doctors whom a patient has booked, each once. */
const doctorsOf = async (visit: Visit, patientId: string): Promise<(readonly [id: string, name: string])[]> => {
  const found = await asked(visit.api.appointments.$get({ query: { patientId, limit: looked, order: 'newest' } }));
  const all = found.ok ? found.value.items : [];
  return [...new Map(all.map(({ doctorId, doctorName }) => [doctorId, doctorName ?? doctorId]))];
};

/** One document: what it is, its file, its name, and who may read it. */
export const documentPage = async (visit: Visit, whose: Whose, id: string, problem: Problem | null = null) => {
  const { documents: words } = recordWords[visit.reader.locale];
  const param = { id };
  const [document, shares, doctors] = await Promise.all([
    wanted(visit.api.documents[':id'].$get({ param })),
    wanted(visit.api.documents[':id'].shares.$get({ param })),
    doctorsOf(visit, whose.id),
  ] as const);
  const path = `${whose.base}/documents/${id}`;
  const day = (at: string): string => dayText(at, zoneOf(visit), visit.reader.locale);
  return formPage(
    visit,
    { title: document.name ?? words.unnamed, at: whose.at, problem },
    <>
      <Facts
        of={[
          [words.kind, words.types[document.mediaType] ?? document.mediaType],
          [words.size, sizeText(visit, document.bytes)],
          [words.added, day(document.uploadedAt)],
        ]}
      />
      <Form visit={visit} action={`${path}/download`} again>
        <button type="submit">
          <Icon name="download" /> {words.download}
        </button>
      </Form>
      <h2>{words.shares}</h2>
      {shares.items.length === 0 ? <p class="soft">{words.noShares}</p> : null}
      <ul class="cards">
        {shares.items.map(({ doctorId, doctorName, endsAt }) => (
          <li class="card">
            <p>
              {doctorName ?? doctorId} <span class="soft">{words.until(day(endsAt))}</span>
            </p>
            <ActionButton
              visit={visit}
              action={`${path}/unshare`}
              fields={{ doctorId }}
              label={words.takeBackFrom(doctorName ?? doctorId)}
            >
              {words.takeBack}
            </ActionButton>
          </li>
        ))}
      </ul>
      <h2>{words.share}</h2>
      {doctors.length === 0 ? (
        <p class="soft">{words.noDoctors}</p>
      ) : (
        <Form visit={visit} action={`${path}/share`} class="narrow">
          <Select {...{ name: 'doctorId', required: true, problem, options: doctors }} label={words.doctor} />
          <Select
            {...{ name: 'days', path: 'endsAt', value: '30', problem }}
            label={words.days}
            options={Object.entries(words.spans)}
          />
          <button type="submit">{words.give}</button>
        </Form>
      )}
      <h2>{words.rename}</h2>
      <Form visit={visit} action={path} class="narrow">
        <Field
          {...{ name: 'name', required: true, maxlength: 120, problem }}
          label={words.name}
          value={visit.form.given('name') ?? document.name ?? ''}
        />
        <button type="submit" class="plain">
          {words.saveName}
        </button>
      </Form>
      <p>
        <a class="button danger" href={`${path}/remove`}>
          {words.remove}
        </a>
      </p>
    </>,
  );
};

/** Asks whether a document is to be deleted. */
export const removeDocumentPage = async (visit: Visit, whose: Whose, id: string, problem: Problem | null = null) => {
  const { documents: words } = recordWords[visit.reader.locale];
  const { name } = await wanted(visit.api.documents[':id'].$get({ param: { id } }));
  const path = `${whose.base}/documents/${id}`;
  return formPage(
    visit,
    { title: words.removeTitle, lead: name ?? words.unnamed, at: whose.at, problem },
    <>
      <p>{words.removeLead}</p>
      <Form visit={visit} action={`${path}/remove`}>
        <p class="actions">
          <button type="submit" class="danger">
            {words.remove}
          </button>
          <a class="button plain" href={path}>
            {visit.words.cancel}
          </a>
        </p>
      </Form>
    </>,
  );
};
