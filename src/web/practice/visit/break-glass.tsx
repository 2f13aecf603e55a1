import { asked, wanted } from '../../api.ts';
import { TextArea } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Note } from '../../components/parts.tsx';
import type { Visit } from '../../visit.tsx';
import { problemOf, type Shown, typed } from './read.ts';
import { visitPage } from './visit.tsx';
import { visitWords } from './words.ts';

/** Where the record is closed to the doctor: the way to open it in an emergency, and what comes of that. */
export const BreakGlass = ({ shown }: { readonly shown: Shown }) => {
  const { visit, appointment } = shown;
  const words = visitWords[visit.reader.locale].glass;
  const problem = problemOf(shown, 'break-glass');
  return (
    <section class="part card" id="break-glass" aria-labelledby="break-glass-title">
      <h2 id="break-glass-title">{words.title}</h2>
      <ProblemSummary visit={visit} problem={problem} />
      <p>{words.lead}</p>
      <Note tone="warn">
        <Icon name="alert" /> {words.recorded}
      </Note>
      <Form visit={visit} action={`/day/${appointment.id}/break-glass#break-glass`} class="narrow">
        <TextArea
          {...{ name: 'reason', required: true, maxlength: 500, problem }}
          label={words.reason}
          value={typed(shown, 'break-glass', 'reason')}
        />
        <button type="submit" class="danger">
          {words.save}
        </button>
      </Form>
    </section>
  );
};

/** Opens the patient's record in an emergency, on record. */
export const breakGlass = async (visit: Visit, id: string): Promise<Response> => {
  const { patientId } = await wanted(visit.api.appointments[':id'].$get({ param: { id } }));
  const opened = await asked(
    visit.api.patients[':id']['break-glass'].$post(
      { param: { id: patientId }, json: { reason: visit.form.text('reason') } },
      visit.once,
    ),
  );
  return visit.done(opened, `/day/${id}`, 'record_opened', (problem) =>
    visitPage(visit, id, { part: 'break-glass', problem }),
  );
};
