import { asked, type Problem, wanted } from '../../api.ts';
import { Field, TextArea } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Empty } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { languageText } from '../../money-and-time.ts';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';
import { ListTabs } from './frame.tsx';

const path = '/admin/clinics/specializations';
const languages = ['en', 'bn'] as const;

interface Specialization {
  readonly id: string;
  readonly name: string;
  readonly synonyms: readonly { readonly language: string; readonly words: readonly string[] }[];
}

const Fields = ({
  visit,
  one,
  problem = null,
}: {
  readonly visit: Visit;
  readonly one: Specialization | null;
  readonly problem?: Problem | null;
}) => {
  const words = officeWords[visit.reader.locale].clinics.specializations;
  const key = one?.id ?? 'new';
  const wordsIn = (language: string) => one?.synonyms.find((each) => each.language === language)?.words ?? [];
  // Words in languages that have no field here are kept as they are.
  const kept = one?.synonyms.filter(({ language }) => !languages.some((known) => known === language)) ?? [];
  return (
    <>
      <Field
        {...{ name: 'name', required: true, maxlength: 80, problem }}
        id={`name-${key}`}
        label={words.name}
        value={one?.name ?? visit.form.given('name')}
      />
      {languages.map((language) => (
        <TextArea
          {...{ name: `words-${language}`, id: `words-${language}-${key}`, rows: 3 }}
          label={words.words(languageText(language, visit.reader.locale))}
          hint={words.wordsHint}
          value={wordsIn(language).join('\n')}
        />
      ))}
      <input type="hidden" name="kept" value={JSON.stringify(kept)} />
    </>
  );
};

/** The specialities that doctors choose from, with the words that find them. */
export const specializationsPage = async (visit: Visit, problem: Problem | null = null): Promise<Response> => {
  const all = officeWords[visit.reader.locale].clinics;
  const words = all.specializations;
  const { items } = await wanted(visit.api.specializations.$get({ query: {} }));
  return formPage(
    visit,
    {
      ...{ title: all.tabs.specializations, lead: words.lead, at: 'clinics', problem },
      above: <ListTabs visit={visit} at={path} />,
    },
    <>
      {items.length === 0 ? <Empty icon="book" title={words.none} /> : null}
      {items.map((one) => (
        <details class="rule">
          <summary>
            <strong>{one.name}</strong>{' '}
            <span class="soft">{one.synonyms.flatMap(({ words: synonyms }) => synonyms).join(', ')}</span>
          </summary>
          <Form visit={visit} action={`${path}/${one.id}`} class="narrow" label={`${words.edit}: ${one.name}`}>
            <Fields visit={visit} one={one} />
            <div class="actions">
              <button type="submit">{visit.words.save}</button>
              <a class="button danger" href={`${path}/${one.id}/remove`}>
                {words.remove}
              </a>
            </div>
          </Form>
        </details>
      ))}
      <Form visit={visit} action={path} class="narrow" label={words.add}>
        <h2>{words.add}</h2>
        <Fields visit={visit} one={null} problem={problem} />
        <button type="submit">{words.button}</button>
      </Form>
    </>,
  );
};

const keptIn = (text: string): { language: string; words: string[] }[] => {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
};

/** Adds a speciality, or changes the one with this id. */
export const saveSpecialization = async (visit: Visit, id: string | null): Promise<Response> => {
  const { form } = visit;
  const written = languages.map((language) => ({
    language: language as string,
    words: form
      .text(`words-${language}`)
      .split('\n')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  }));
  const synonyms = [...written, ...keptIn(form.text('kept'))].filter(({ words }) => words.length > 0);
  const json = { name: form.text('name'), synonyms };
  const { specializations } = visit.api;
  const saved =
    id === null
      ? await asked(specializations.$post({ json }, visit.once))
      : await asked(specializations[':id'].$put({ param: { id }, json }, visit.once));
  return visit.done(saved, path, 'saved', (problem) => specializationsPage(visit, problem));
};

/** Asks whether a speciality is to go. */
export const removeSpecializationPage = async (visit: Visit, id: string): Promise<Response> => {
  const words = officeWords[visit.reader.locale].clinics.specializations;
  const { items } = await wanted(visit.api.specializations.$get({ query: {} }));
  const name = items.find((one) => one.id === id)?.name ?? '';
  return surePage(visit, {
    ...{ title: words.removeTitle(name), lead: words.removeLead, at: 'clinics', act: words.remove, back: path },
    action: `${path}/${id}/remove`,
  });
};

/** Removes a speciality that no doctor has. */
export const removeSpecialization = async (visit: Visit, id: string): Promise<Response> => {
  const gone = await asked(visit.api.specializations[':id'].$delete({ param: { id } }));
  return visit.done(gone, path, 'removed', (problem) => specializationsPage(visit, problem));
};
