import { asked, wanted } from '../../api.ts';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Note } from '../../components/parts.tsx';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import { problemOf, type Shown, unlessHidden } from './read.ts';
import { visitPage } from './visit.tsx';
import { visitWords } from './words.ts';

/** The end of the visit. Scripts say first which other part of the screen is not saved. */
export const Complete = ({ shown }: { readonly shown: Shown }) => {
  const { visit, appointment, closed } = shown;
  const words = visitWords[visit.reader.locale].complete;
  if (appointment.status === 'completed') return <Note tone="good">{words.done}</Note>;
  if (closed !== null) return null;
  return (
    <section
      class="part card"
      id="complete"
      data-unsaved={words.unsaved}
      data-unsaved-again={words.again}
      aria-labelledby="complete-title"
    >
      <h2 id="complete-title">{words.title}</h2>
      <ProblemSummary visit={visit} problem={problemOf(shown, 'complete')} />
      <p>{words.lead}</p>
      <Form visit={visit} action={`/day/${appointment.id}/complete#complete`}>
        <button type="submit">
          <Icon name="check" /> {words.save}
        </button>
      </Form>
    </section>
  );
};

/** What is not on record of the visit, and mostly is at its end. */
const lackingAt = async ({ api }: Visit, id: string): Promise<('note' | 'prescription')[]> => {
  const one = api.appointments[':id'];
  const to = { param: { id } };
  const [summary] = await Promise.all([asked(one.summary.$get(to)).then(unlessHidden), wanted(one.$get(to))]);
  // Who wrote a note reads it also where the record is closed to them.
  const note = summary === null ? unlessHidden(await asked(one.note.$get(to))) : summary.note;
  const isPrescribed = summary !== null && summary.prescriptions.length > 0;
  return [...(note === null ? (['note'] as const) : []), ...(isPrescribed ? [] : (['prescription'] as const))];
};

/** Asks whether the visit is really to be closed without a note or a prescription. */
export const completePage = async (visit: Visit, id: string): Promise<Response> => {
  const words = visitWords[visit.reader.locale].complete;
  const lacking = await lackingAt(visit, id);
  return surePage(visit, {
    ...{ title: words.sure.title, lead: words.sure.lead, act: words.save, kind: 'main', at: 'day' },
    action: `/day/${id}/complete`,
    back: `/day/${id}`,
    leave: visit.words.back,
    children: (
      <>
        <ul>
          {lacking.map((part) => (
            <li>{words.sure[part]}</li>
          ))}
        </ul>
        <input type="hidden" name="sure" value="yes" />
      </>
    ),
  });
};

/** Closes the visit as seen; back to the day. Asks first when there is no note or no prescription. */
export const complete = async (visit: Visit, id: string): Promise<Response> => {
  if (!visit.form.has('sure') && (await lackingAt(visit, id)).length > 0) return visit.go(`/day/${id}/complete`);
  const completed = await asked(
    visit.api.appointments[':id'].complete.$post({ param: { id }, json: {}, header: {} }, visit.once),
  );
  return visit.done(completed, `/day?of=${id}`, 'visit_completed', (problem) =>
    visitPage(visit, id, { part: 'complete', problem }),
  );
};
