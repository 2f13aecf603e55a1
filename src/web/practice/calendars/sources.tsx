import type { InferResponseType } from 'hono/client';
import { asked, type PageApi, type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Note } from '../../components/parts.tsx';
import { timeText } from '../../money-and-time.ts';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import { ownId } from '../own.ts';
import { feedsPage } from './feeds.tsx';
import { calendarWords } from './words.ts';

type SourcesApi = PageApi['doctors'][':id']['calendar-sources'];
type Source = InferResponseType<SourcesApi['$get'], 200>['items'][number];

/** The calendars that a doctor keeps elsewhere; `null` for who is no doctor. */
export const sourcesOf = async (visit: Visit): Promise<readonly Source[] | null> => {
  if (visit.who?.role !== 'doctor') return null;
  return (await wanted(visit.api.doctors[':id']['calendar-sources'].$get({ param: { id: ownId(visit) } }))).items;
};

/** The calendars elsewhere, and a form for another. */
export const Sources = ({
  visit,
  sources,
  problem,
}: {
  readonly visit: Visit;
  readonly sources: readonly Source[];
  readonly problem: Problem | null;
}) => {
  const { reader, form } = visit;
  const words = calendarWords[reader.locale].sources;
  const time = (at: string): string => timeText(at, reader.timeZone ?? 'UTC', reader.locale);
  return (
    <section aria-labelledby="sources">
      <h2 id="sources">{words.title}</h2>
      <p>{words.lead}</p>
      <ProblemSummary visit={visit} problem={problem} />
      {problem?.code === 'calendar_unreadable' ? <p>{words.faults[String(problem.more.reason)]}</p> : null}
      {sources.length === 0 ? <p class="soft">{words.empty}</p> : null}
      <ul class="cards many">
        {sources.map(({ id, name, host, readAt, failing }) => (
          <li class="card">
            <h3>{name}</h3>
            <p class="soft">
              {host} · {words.read(time(readAt))}
            </p>
            {failing === null ? null : (
              <Note tone="warn">
                {words.failing(time(failing.since))} {words.faults[failing.reason]}
              </Note>
            )}
            <p>
              <a class="button danger" href={`/feeds/sources/${id}/remove`} aria-label={words.removeOf(name)}>
                {visit.words.remove}
              </a>
            </p>
          </li>
        ))}
      </ul>
      <Form visit={visit} action="/feeds/sources" class="narrow" label={words.add}>
        <Field
          {...{ name: 'name', required: true, maxlength: 60, problem }}
          label={words.name}
          value={problem === null ? undefined : form.given('name')}
        />
        <Field
          {...{ name: 'url', required: true, maxlength: 2_000, autocomplete: 'off', problem }}
          label={words.url}
          hint={words.urlHint}
          value={problem === null ? undefined : form.given('url')}
        />
        <button type="submit" class="plain">
          {words.add}
        </button>
      </Form>
    </section>
  );
};

/** Adds a calendar elsewhere. */
export const addSource = async (visit: Visit): Promise<Response> => {
  const json = { name: visit.form.text('name'), url: visit.form.text('url') };
  const param = { id: ownId(visit) };
  const added = await asked(visit.api.doctors[':id']['calendar-sources'].$post({ param, json }, visit.once));
  return visit.done(added, '/feeds', 'saved', (problem) => feedsPage(visit, problem, 'source'));
};

/** Asks whether a calendar elsewhere is really to be read no more. */
export const removeSourcePage = async (visit: Visit, id: string): Promise<Response> => {
  const { title, lead, act } = calendarWords[visit.reader.locale].sources.removePage;
  const name = (await sourcesOf(visit))?.find((source) => source.id === id)?.name ?? '';
  const action = `/feeds/sources/${id}/remove`;
  return surePage(visit, { title: title(name), lead, act, action, back: '/feeds', at: 'feeds' });
};

/** Reads a calendar elsewhere no more. */
export const removeSource = async (visit: Visit, id: string): Promise<Response> => {
  const param = { id: ownId(visit), sourceId: id };
  const removed = await asked(visit.api.doctors[':id']['calendar-sources'][':sourceId'].$delete({ param }, visit.once));
  return visit.done(removed, '/feeds', 'removed', (problem) => feedsPage(visit, problem, 'source'));
};
