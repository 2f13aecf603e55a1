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

/** What a patient has booked, the newest first. */
const bookedBy = async (visit: Visit, patientId: string) => {
  const found = await asked(visit.api.appointments.$get({ query: { patientId, limit: looked, order: 'newest' } }));
  return found.ok ? found.value.items : [];
};

type Booked = Awaited<ReturnType<typeof bookedBy>>;

/** The doctors of appointments, each once, by name. */
const doctorsOf = (booked: Booked): (readonly [id: string, name: string])[] =>
  [...new Map(booked.map(({ doctorId, doctorName }) => [doctorId, doctorName ?? doctorId]))].sort(([, a], [, b]) =>
    a.localeCompare(b),
  );

/** One document: what it is, its file, its name, and who may read it. */
export const documentPage = async (visit: Visit, whose: Whose, id: string, problem: Problem | null = null) => {
  const { documents: words } = recordWords[visit.reader.locale];
  const param = { id };
  const [document, shares, booked] = await Promise.all([
    wanted(visit.api.documents[':id'].$get({ param })),
    wanted(visit.api.documents[':id'].shares.$get({ param })),
    bookedBy(visit, whose.id),
  ] as const);
  const doctors = doctorsOf(booked);
  const broughtTo = booked.find((one) => one.id === document.appointmentId);
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
      {document.appointmentId === null ? null : (
        <p>
          {broughtTo === undefined
            ? words.broughtBefore
            : words.brought(broughtTo.doctorName ?? '', day(broughtTo.startsAt))}
        </p>
      )}
      {shares.items.length === 0 && document.appointmentId === null ? <p class="soft">{words.noShares}</p> : null}
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
          <Select
            {...{ name: 'doctorId', required: true, problem, options: [['', words.chooseDoctor], ...doctors] }}
            label={words.doctor}
          />
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
