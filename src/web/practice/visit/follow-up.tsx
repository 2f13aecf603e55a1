import { asked } from '../../api.ts';
import { Field, TextArea } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Note } from '../../components/parts.tsx';
import { dateText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { type Chart, draft, problemOf, type Shown, typed } from './read.ts';
import { visitPage } from './visit.tsx';
import { visitWords } from './words.ts';

/** Proposing another visit, beside what is proposed already. */
export const FollowUp = ({ shown, standing }: { readonly shown: Shown; readonly standing: Chart['followUp'] }) => {
  const { visit, appointment, closed } = shown;
  const words = visitWords[visit.reader.locale].followUp;
  const problem = problemOf(shown, 'follow-up');
  if (closed !== null) return null;
  const { locale } = visit.reader;
  const value = (name: string) => typed(shown, 'follow-up', name);
  return (
    <section class="part card" id="follow-up" data-part {...draft(problem !== null)} aria-labelledby="follow-up-title">
      <h2 id="follow-up-title">{words.title}</h2>
      <ProblemSummary visit={visit} problem={problem} />
      {standing === null ? null : (
        <Note tone="blue">
          <p>
            {words.standing(dateText(standing.from, locale), dateText(standing.to, locale))}{' '}
            {words.states[standing.state]}
          </p>
          {standing.note === null ? null : <p class="lines">{standing.note}</p>}
        </Note>
      )}
      <p>{standing?.state === 'open' ? words.replaces : words.lead}</p>
      <Form visit={visit} action={`/day/${appointment.id}/follow-up#follow-up`} label={words.title}>
        <div class="pairs">
          <Field
            {...{ name: 'from', type: 'date', required: true, problem }}
            label={words.from}
            value={value('from')}
          />
          <Field {...{ name: 'to', type: 'date', required: true, problem }} label={words.to} value={value('to')} />
        </div>
        <TextArea
          {...{ name: 'note', id: 'follow-up-note', rows: 2, maxlength: 500, problem }}
          label={words.note}
          value={value('note')}
        />
        <button type="submit" class="plain">
          {words.save}
        </button>
      </Form>
    </section>
  );
};

/** Proposes another visit to the patient. */
export const proposeFollowUp = async (visit: Visit, id: string): Promise<Response> => {
  const { form } = visit;
  const note = form.given('note');
  const json = { from: form.text('from'), to: form.text('to'), ...(note === undefined ? {} : { note }) };
  const proposed = await asked(visit.api.appointments[':id']['follow-up'].$post({ param: { id }, json }, visit.once));
  return visit.done(proposed, `/day/${id}#follow-up`, 'follow_up_proposed', (problem) =>
    visitPage(visit, id, { part: 'follow-up', problem }),
  );
};
