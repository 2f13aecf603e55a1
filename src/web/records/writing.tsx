import { unitsOf } from '../../domain/vitals.ts';
import { asked, type Problem } from '../api.ts';
import { Field, Select, TextArea } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import type { Form as Sent } from '../form.ts';
import { formPage } from '../form-page.tsx';
import type { Visit } from '../visit.tsx';
import type { Whose } from './whose.tsx';
import type { RecordWords } from './words.en.ts';
import { recordWords } from './words.ts';

/** Noon in UTC of the day that was given; today is now, which the API fills in. */
const atOf = (form: Sent): { at?: string } => {
  const day = form.given('day');
  const noon = `${day}T12:00:00.000Z`;
  return day === undefined || !(Date.parse(noon) < Date.now()) ? {} : { at: noon };
};

const DayField = ({ visit, words, problem }: { visit: Visit; words: RecordWords; problem: Problem | null }) => (
  <Field
    {...{ name: 'day', path: 'at', type: 'date', min: '1900-01-01', problem }}
    label={words.history.when}
    hint={words.history.whenHint}
    value={visit.form.given('day')}
  />
);

/** The form to write down something of the history. */
export const newHistoryPage = (visit: Visit, whose: Whose, problem: Problem | null = null): Response => {
  const words = recordWords[visit.reader.locale];
  const { form } = visit;
  return formPage(
    visit,
    { title: words.history.title, lead: words.title(whose.name), at: whose.at, problem },
    <Form visit={visit} action={`${whose.base}/history/new`} class="narrow">
      <Select
        {...{ name: 'category', required: true, problem }}
        label={words.history.category}
        value={form.given('category')}
        options={Object.entries(words.history.categories)}
      />
      <Field
        {...{ name: 'title', required: true, maxlength: 200, problem }}
        label={words.history.what}
        value={form.given('title')}
      />
      <TextArea {...{ name: 'text', maxlength: 4000, problem }} label={words.history.text} value={form.given('text')} />
      <DayField visit={visit} words={words} problem={problem} />
      <button type="submit">{words.history.add}</button>
    </Form>,
  );
};

/** Writes it down. */
export const addHistory = async (visit: Visit, whose: Whose): Promise<Response> => {
  const { form } = visit;
  const said = {
    category: form.text('category') as 'other',
    title: form.text('title'),
    text: form.given('text') ?? null,
  };
  const json = { ...said, ...atOf(form) };
  const outcome = await asked(visit.api.patients[':id'].history.$post({ param: { id: whose.id }, json }, visit.once));
  return visit.done(outcome, whose.base, 'written_down', (problem) => newHistoryPage(visit, whose, problem));
};

const single = ['pulse', 'temperature', 'spO2', 'weight', 'height', 'glucose'] as const;

/** The form to write down what was measured. */
export const newVitalsPage = (visit: Visit, whose: Whose, problem: Problem | null = null): Response => {
  const words = recordWords[visit.reader.locale];
  const number = { type: 'number', step: '0.1', inputmode: 'decimal', problem } as const;
  const labelOf = (name: (typeof single)[number]): string => {
    const [unit] = unitsOf(name);
    return `${words.vitals.names[name]} (${words.vitals.units[unit] ?? unit})`;
  };
  return formPage(
    visit,
    { title: words.vitals.title, lead: words.vitals.lead, at: whose.at, problem },
    <Form visit={visit} action={`${whose.base}/vitals/new`} class="narrow">
      {(['systolic', 'diastolic'] as const).map((name) => (
        <Field
          {...{ ...number, name, path: `bloodPressure.${name}` }}
          label={words.vitals[name]}
          value={visit.form.given(name)}
        />
      ))}
      {single.map((name) => (
        <Field {...{ ...number, name, path: `${name}.value` }} label={labelOf(name)} value={visit.form.given(name)} />
      ))}
      <DayField visit={visit} words={words} problem={problem} />
      <button type="submit">{words.history.add}</button>
    </Form>,
  );
};

/** What the fields say, as the API takes it: fields that are empty are left out. */
const vitalsOf = (form: Sent) => {
  const measured = single.flatMap((name) => {
    const value = form.given(name);
    return value === undefined ? [] : [[name, { value: Number(value), unit: unitsOf(name)[0] }]];
  });
  const [systolic, diastolic] = [form.given('systolic'), form.given('diastolic')];
  const pressure =
    systolic === undefined && diastolic === undefined
      ? {}
      : { bloodPressure: { systolic: Number(systolic), diastolic: Number(diastolic), unit: unitsOf('systolic')[0] } };
  return { ...Object.fromEntries(measured), ...pressure };
};

/** Writes it down. */
export const addVitals = async (visit: Visit, whose: Whose): Promise<Response> => {
  const json = { ...vitalsOf(visit.form), ...atOf(visit.form) };
  const outcome = await asked(visit.api.patients[':id'].vitals.$post({ param: { id: whose.id }, json }, visit.once));
  return visit.done(outcome, whose.base, 'written_down', (problem) => newVitalsPage(visit, whose, problem));
};

/** Asks whether an entry was a mistake. */
export const withdrawPage = (visit: Visit, whose: Whose, id: string, problem: Problem | null = null): Response => {
  const { record: words } = recordWords[visit.reader.locale];
  return formPage(
    visit,
    { title: words.withdrawTitle, lead: words.withdrawLead, at: whose.at, problem },
    <Form visit={visit} action={`${whose.base}/entries/${id}/withdraw`}>
      <p class="actions">
        <button type="submit" class="danger">
          {words.withdraw}
        </button>
        <a class="button plain" href={whose.base}>
          {visit.words.cancel}
        </a>
      </p>
    </Form>,
  );
};

/** Marks an entry as a mistake. */
export const withdraw = async (visit: Visit, whose: Whose, recordId: string): Promise<Response> => {
  const param = { id: whose.id, recordId };
  const outcome = await asked(visit.api.patients[':id'].records[':recordId'].withdraw.$post({ param }, visit.once));
  return visit.done(outcome, whose.base, 'withdrawn', (problem) => withdrawPage(visit, whose, recordId, problem));
};
