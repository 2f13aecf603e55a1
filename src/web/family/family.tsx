import { asked, type Problem, wanted } from '../api.ts';
import { Field } from '../components/field.tsx';
import { ActionButton, Form } from '../components/form.tsx';
import { Empty, Heading } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { dayText } from '../money-and-time.ts';
import { dependantOf } from '../records/whose.tsx';
import type { Visit } from '../visit.tsx';
import { familyWords } from './words.ts';

/** For whom I act. */
export const familyPage = async (visit: Visit): Promise<Response> => {
  const words = familyWords[visit.reader.locale];
  const { items } = await wanted(visit.api.users.me.dependants.$get());
  return visit.show(
    { title: words.title, at: 'family' },
    <>
      <Heading title={words.title} lead={words.lead}>
        <a class="button" href="/family/new">
          {words.add}
        </a>
      </Heading>
      {items.length === 0 ? <Empty icon="people" title={words.none} /> : null}
      <ul class="cards many">
        {items.map(({ id, fullName, birthDate }) => (
          <li class="card">
            <h2>{fullName}</h2>
            <p class="soft">
              {words.born} {dayText(`${birthDate}T00:00:00Z`, 'UTC', visit.reader.locale)}
            </p>
            <div class="actions">
              <ActionButton visit={visit} action={`/family/${id}/book`} kind="main" label={words.bookFor(fullName)}>
                {words.book}
              </ActionButton>
              <a class="button plain" href={`/family/${id}/records`} aria-label={words.openOf(fullName)}>
                {words.open}
              </a>
              <a class="button plain" href={`/family/${id}/details`} aria-label={words.detailsOf(fullName)}>
                {words.details}
              </a>
              <a class="button plain" href={`/family/${id}/looks`} aria-label={words.looksAt(fullName)}>
                {words.looks}
              </a>
              <a class="button plain" href={`/family/${id}`} aria-label={words.editOf(fullName)}>
                {words.edit}
              </a>
            </div>
          </li>
        ))}
      </ul>
    </>,
  );
};

interface Said {
  readonly fullName: string;
  readonly birthDate: string;
}

const said = ({ form }: Visit): Said => ({ fullName: form.text('fullName'), birthDate: form.text('birthDate') });

const ParticularsForm = ({
  visit,
  action,
  kept,
  problem,
  button,
}: {
  readonly visit: Visit;
  readonly action: string;
  readonly kept: Said;
  readonly problem: Problem | null;
  readonly button: string;
}) => {
  const words = familyWords[visit.reader.locale];
  return (
    <Form visit={visit} action={action} class="narrow">
      <Field
        {...{ name: 'fullName', required: true, maxlength: 120, autocomplete: 'off', problem }}
        label={words.fullName}
        value={kept.fullName}
      />
      <Field
        {...{ name: 'birthDate', type: 'date', required: true, min: '1900-01-01', problem }}
        label={words.birthDate}
        value={kept.birthDate}
      />
      <button type="submit">{button}</button>
    </Form>
  );
};

/** The form to add somebody. */
export const newDependantPage = (visit: Visit, problem: Problem | null = null): Response => {
  const words = familyWords[visit.reader.locale];
  return formPage(
    visit,
    { title: words.addTitle, lead: words.lead, at: 'family', problem },
    <ParticularsForm visit={visit} action="/family/new" kept={said(visit)} problem={problem} button={words.add} />,
  );
};

/** Adds somebody. */
export const addDependant = async (visit: Visit): Promise<Response> => {
  const outcome = await asked(visit.api.users.me.dependants.$post({ json: said(visit) }, visit.once));
  return visit.done(outcome, '/family', 'family_added', (problem) => newDependantPage(visit, problem));
};

/** One of the family: name and birth date to correct, and ways to end it. */
export const dependantPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const words = familyWords[visit.reader.locale];
  const one = await dependantOf(visit, id);
  return formPage(
    visit,
    { title: one.fullName, at: 'family', problem },
    <>
      <ParticularsForm
        {...{ visit, problem, action: `/family/${id}`, button: visit.words.save }}
        kept={problem === null ? one : said(visit)}
      />
      <p class="actions">
        <a class="button danger" href={`/family/${id}/end`}>
          {words.end}
        </a>
        <a class="button danger" href={`/family/${id}/erase`}>
          {words.erase}
        </a>
      </p>
    </>,
  );
};

/** Corrects name and birth date. */
export const editDependant = async (visit: Visit, id: string): Promise<Response> => {
  const outcome = await asked(
    visit.api.users.me.dependants[':id'].$put({ param: { id }, json: said(visit) }, visit.once),
  );
  return visit.done(outcome, '/family', 'saved', (problem) => dependantPage(visit, id, problem));
};

/** Asks whether to act for somebody no more. */
export const endPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const words = familyWords[visit.reader.locale];
  const { fullName } = await dependantOf(visit, id);
  return formPage(
    visit,
    { title: words.endTitle(fullName), lead: words.endLead, at: 'family', problem },
    <>
      <p>{words.endHint}</p>
      <Form visit={visit} action={`/family/${id}/end`}>
        <p class="actions">
          <button type="submit" class="danger">
            {words.end}
          </button>
          <a class="button plain" href={`/family/${id}`}>
            {visit.words.cancel}
          </a>
        </p>
      </Form>
    </>,
  );
};

/** Acts for somebody no more. */
export const endDependant = async (visit: Visit, id: string): Promise<Response> => {
  const outcome = await asked(visit.api.users.me.dependants[':id'].$delete({ param: { id } }));
  return visit.done(outcome, '/family', 'removed', (problem) => endPage(visit, id, problem));
};
