import { asked } from '../../api.ts';
import { Field, Group, TextArea } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { Closed } from './closed.tsx';
import { draft, type Note, problemOf, type Shown } from './read.ts';
import { visitPage } from './visit.tsx';
import { visitWords } from './words.ts';

const diagnosisRows = 3;

/** The note of the visit: to write, and once it is written to read and amend. */
export const VisitNote = ({ shown, note }: { readonly shown: Shown; readonly note: Note | null }) => {
  const { visit, appointment, closed } = shown;
  const words = visitWords[visit.reader.locale].note;
  const problem = problemOf(shown, 'note');
  return (
    <section class="part card" id="note" data-part {...draft(problem !== null)} aria-labelledby="note-title">
      <h2 id="note-title">{words.title}</h2>
      <ProblemSummary visit={visit} problem={problem} />
      {note === null ? null : <Versions shown={shown} note={note} />}
      {closed === null ? (
        note === null ? (
          <Form visit={visit} action={`/day/${appointment.id}/note#note`} label={words.title}>
            <Writing shown={shown} text="" diagnoses={[]} />
            <button type="submit">{words.save}</button>
          </Form>
        ) : (
          <Amending shown={shown} note={note} />
        )
      ) : (
        <Closed shown={shown} />
      )}
    </section>
  );
};

const Versions = ({ shown, note }: { readonly shown: Shown; readonly note: Note }) => {
  const { visit, appointment } = shown;
  const words = visitWords[visit.reader.locale].note;
  return (
    <ul class="entries">
      {note.versions.map(({ version, text, diagnoses, reason, writtenAt }) => (
        <li>
          <p class="soft">
            {words.version(version, timeText(writtenAt, appointment.timeZone, visit.reader.locale))}
            {reason === null ? '' : ` · ${reason}`}
          </p>
          <p class="lines">{text}</p>
          {diagnoses.map((one) => (
            <p>
              <strong>{one.text}</strong> {one.code ?? ''}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
};

const Amending = ({ shown, note }: { readonly shown: Shown; readonly note: Note }) => {
  const { visit, appointment } = shown;
  const words = visitWords[visit.reader.locale].note;
  const problem = problemOf(shown, 'note');
  const newest = note.versions[0];
  return (
    <details {...(problem === null ? {} : { open: true })}>
      <summary>{words.amend}</summary>
      <p class="hint">{words.kept}</p>
      <Form visit={visit} action={`/day/${appointment.id}/note/amend#note`} label={words.amend}>
        <input type="hidden" name="amends" value={newest?.version ?? 1} />
        <Writing shown={shown} text={newest?.text ?? ''} diagnoses={newest?.diagnoses ?? []} />
        <Field
          {...{ name: 'reason', required: true, maxlength: 500, problem, id: 'amend-reason' }}
          label={words.reason}
          value={problem === null ? undefined : visit.form.given('reason')}
        />
        <button type="submit">{words.amendSave}</button>
      </Form>
    </details>
  );
};

const Writing = ({
  shown,
  text,
  diagnoses,
}: {
  readonly shown: Shown;
  readonly text: string;
  readonly diagnoses: readonly { readonly code: string | null; readonly text: string }[];
}) => {
  const { visit } = shown;
  const words = visitWords[visit.reader.locale].note;
  const problem = problemOf(shown, 'note');
  const typedDiagnoses = problem === null ? null : diagnosesIn(visit);
  return (
    <>
      <TextArea
        {...{ name: 'text', id: 'note-text', rows: 8, required: true, maxlength: 10_000, problem }}
        label={words.text}
        value={problem === null ? text : visit.form.text('text')}
      />
      <Group legend={words.diagnoses}>
        <p class="hint">{words.hint}</p>
        {Array.from({ length: Math.max(diagnosisRows, diagnoses.length + 1) }, (_, i) => {
          const one = (typedDiagnoses ?? diagnoses)[i];
          return (
            <div class="row">
              <div class="grow">
                <Field
                  {...{
                    name: 'diagnosis[]',
                    id: `diagnosis-${i}`,
                    maxlength: 200,
                    problem,
                    path: `diagnoses.${i}.text`,
                  }}
                  label={`${words.diagnosis} ${i + 1}`}
                  value={one?.text}
                />
              </div>
              <Field
                {...{ name: 'code[]', id: `code-${i}`, maxlength: 8, problem, path: `diagnoses.${i}.code` }}
                label={`${words.code} ${i + 1}`}
                value={one?.code ?? undefined}
              />
            </div>
          );
        })}
      </Group>
    </>
  );
};

/** The diagnoses of the form: rows with neither text nor code are left out. */
const diagnosesIn = ({ form }: Visit) => {
  const codes = form.all('code[]');
  return form
    .all('diagnosis[]')
    .map((text, i) => ({ text, code: codes[i]?.toUpperCase() || null }))
    .filter(({ text, code }) => text !== '' || code !== null);
};

/** Writes the note. */
export const writeNote = async (visit: Visit, id: string): Promise<Response> => {
  const json = { text: visit.form.text('text'), diagnoses: diagnosesIn(visit) };
  const written = await asked(visit.api.appointments[':id'].note.$post({ param: { id }, json }, visit.once));
  return visit.done(written, `/day/${id}#note`, 'note_saved', (problem) =>
    visitPage(visit, id, { part: 'note', problem }),
  );
};

/** Writes a new version of the note. */
export const amendNote = async (visit: Visit, id: string): Promise<Response> => {
  const { form } = visit;
  const json = {
    ...{ text: form.text('text'), diagnoses: diagnosesIn(visit) },
    ...{ reason: form.text('reason'), amends: Number(form.text('amends')) },
  };
  const amended = await asked(visit.api.appointments[':id'].note.amendments.$post({ param: { id }, json }, visit.once));
  return visit.done(amended, `/day/${id}#note`, 'note_saved', (problem) =>
    visitPage(visit, id, { part: 'note', problem }),
  );
};
