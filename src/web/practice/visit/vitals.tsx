import { localDateOf } from '../../../domain/zoned-time.ts';
import { asked, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { clockText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { measured } from './history.tsx';
import { draft, type Entries, problemOf, type Shown, typed } from './read.ts';
import { visitPage } from './visit.tsx';
import { visitWords } from './words.ts';

/** What is measured, with the unit of the form (UCUM). */
const measurements = [
  ['pulse', '/min'],
  ['temperature', 'Cel'],
  ['spO2', '%'],
  ['weight', 'kg'],
  ['height', 'cm'],
  ['glucose', 'mmol/L'],
] as const;

/** What is measured in the visit. */
export const Vitals = ({ shown, entries }: { readonly shown: Shown; readonly entries: Entries }) => {
  const { visit, appointment } = shown;
  const words = visitWords[visit.reader.locale].vitals;
  const problem = problemOf(shown, 'vitals');
  const field = (name: 'systolic' | 'diastolic' | (typeof measurements)[number][0], path: string) => (
    <Field
      {...{ name, path, problem, type: 'number', inputmode: 'decimal', step: 'any' }}
      label={words[name]}
      value={typed(shown, 'vitals', name)}
    />
  );
  return (
    <section class="part card" id="vitals" data-part {...draft(problem !== null)} aria-labelledby="vitals-title">
      <h2 id="vitals-title">{words.title}</h2>
      <ProblemSummary visit={visit} problem={problem} />
      <Measured shown={shown} entries={entries} />
      <Form visit={visit} action={`/day/${appointment.id}/vitals#vitals`} label={words.title}>
        <div class="pairs few">
          {field('systolic', 'bloodPressure.systolic')}
          {field('diastolic', 'bloodPressure.diastolic')}
          {measurements.map(([name]) => field(name, `${name}.value`))}
        </div>
        <button type="submit" class="plain">
          {words.save}
        </button>
      </Form>
    </section>
  );
};

/** What was measured on the day of the visit already. */
const Measured = ({ shown, entries }: { readonly shown: Shown; readonly entries: Entries }) => {
  const { visit, appointment } = shown;
  const { timeZone } = appointment;
  const dateOf = (at: string) => localDateOf(Date.parse(at), timeZone);
  const today = entries.filter(
    ({ at, withdrawnAt }) => withdrawnAt === null && dateOf(at) === dateOf(appointment.startsAt),
  );
  const items = today.flatMap(({ at, vitals }) => (vitals === undefined ? [] : [{ at, vitals }]));
  return items.length === 0 ? null : (
    <ul class="entries">
      {items.map(({ at, vitals }) => (
        <li>
          <span class="soft">{clockText(at, timeZone, visit.reader.locale)}</span> {measured(visit, vitals).join(' · ')}
        </li>
      ))}
    </ul>
  );
};

/** Writes down what was measured. */
export const writeVitals = async (visit: Visit, id: string): Promise<Response> => {
  const { form, api } = visit;
  const { patientId } = await wanted(api.appointments[':id'].$get({ param: { id } }));
  const [systolic, diastolic] = [form.given('systolic'), form.given('diastolic')];
  const pressure =
    systolic === undefined && diastolic === undefined
      ? {}
      : { bloodPressure: { systolic: Number(systolic), diastolic: Number(diastolic), unit: 'mm[Hg]' } };
  const others = measurements.flatMap(([name, unit]) => {
    const value = form.given(name);
    return value === undefined ? [] : [[name, { value: Number(value), unit }]];
  });
  const json = { ...pressure, ...Object.fromEntries(others) };
  const written = await asked(api.patients[':id'].vitals.$post({ param: { id: patientId }, json }, visit.once));
  return visit.done(written, `/day/${id}#vitals`, 'vitals_saved', (problem) =>
    visitPage(visit, id, { part: 'vitals', problem }),
  );
};
