import type { InferResponseType } from 'hono/client';
import { asked, type Outcome, type PageApi, type Problem, wanted } from '../../api.ts';
import { Check, Field, Select } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty, Heading, Note } from '../../components/parts.tsx';
import { timeText } from '../../money-and-time.ts';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import { Sources, sourcesOf } from './sources.tsx';
import { calendarWords } from './words.ts';

type Opened = InferResponseType<PageApi['calendar-feeds']['$post'], 201>;

/** Feeds of one's own calendar, and for a doctor the calendars elsewhere whose times are blocked. */
export const feedsPage = async (
  visit: Visit,
  problem: Problem | null = null,
  of: 'feed' | 'source' = 'feed',
): Promise<Response> => {
  const { reader, api, form } = visit;
  const words = calendarWords[reader.locale];
  const [{ items }, sources] = await Promise.all([wanted(api['calendar-feeds'].$get()), sourcesOf(visit)]);
  const time = (at: string): string => timeText(at, reader.timeZone ?? 'UTC', reader.locale);
  const typed = (name: string): string | undefined => (of === 'feed' ? form.given(name) : undefined);
  return visit.show(
    { title: `${problem === null ? '' : visit.words.errorPrefix}${words.title}`, at: 'feeds', status: problem?.status },
    <>
      <Heading title={words.title} lead={words.lead} />
      {of === 'feed' ? <ProblemSummary visit={visit} problem={problem} /> : null}
      {items.length === 0 ? <Empty title={words.empty} /> : null}
      <ul class="cards many">
        {items.map((feed) => (
          <li class="card">
            <h2>{feed.label}</h2>
            <p>{words.privacies[feed.privacy]}</p>
            <p class="soft">
              {words.made(time(feed.rotatedAt ?? feed.createdAt))} ·{' '}
              {feed.lastFetchedAt === null ? words.never : words.fetched(time(feed.lastFetchedAt))}
            </p>
            <p class="actions">
              <a class="button plain" href={`/feeds/${feed.id}/rotate`} aria-label={words.rotateOf(feed.label)}>
                {words.rotate}
              </a>
              <a class="button danger" href={`/feeds/${feed.id}/remove`} aria-label={words.revokeOf(feed.label)}>
                {words.revoke}
              </a>
            </p>
          </li>
        ))}
      </ul>
      <h2>{words.open}</h2>
      <Form visit={visit} action="/feeds" class="narrow" label={words.open}>
        <Field
          {...{ name: 'label', required: true, maxlength: 80, problem: of === 'feed' ? problem : null }}
          label={words.label}
          hint={words.labelHint}
          value={typed('label')}
        />
        <Select
          name="privacy"
          label={words.privacy}
          value={typed('privacy') ?? 'initials'}
          options={Object.entries(words.privacies)}
        />
        {visit.who?.role === 'doctor' ? <Check name="showFree" label={words.showFree} /> : null}
        <button type="submit">{words.open}</button>
      </Form>
      {sources === null ? null : <Sources visit={visit} sources={sources} problem={of === 'source' ? problem : null} />}
    </>,
  );
};

/** The address of a feed. It stands on this page, this once, and nowhere else. */
const openedPage = (visit: Visit, feed: Opened): Response => {
  const words = calendarWords[visit.reader.locale].opened;
  return visit.show(
    { title: words.title, at: 'feeds' },
    <>
      <Heading title={words.title} lead={feed.label} />
      <Note tone="warn">
        <Icon name="alert" /> {words.once}
      </Note>
      <div class="field">
        <label for="address">{words.address}</label>
        <input id="address" type="text" readonly value={feed.url} spellcheck={false} />
      </div>
      <p class="actions">
        <a class="button" href={feed.webcalUrl}>
          <Icon name="calendar" /> {words.subscribe}
        </a>
        <a class="button plain" href="/feeds">
          {words.back}
        </a>
      </p>
      <h2>{words.how}</h2>
      <dl class="facts">
        {feed.instructions.map(({ program, steps }) => (
          <div>
            <dt>{program}</dt>
            <dd lang="en">{steps}</dd>
          </div>
        ))}
      </dl>
    </>,
  );
};

const shownOnce = (visit: Visit, opened: Outcome<Opened>): Response | Promise<Response> =>
  opened.ok ? openedPage(visit, opened.value) : feedsPage(visit, opened.problem);

/** Makes a feed, and shows its address. */
export const openFeed = async (visit: Visit): Promise<Response> => {
  const { form, api } = visit;
  const json = {
    label: form.text('label'),
    privacy: (form.given('privacy') ?? 'initials') as 'busy' | 'initials' | 'full',
    showFree: form.has('showFree'),
  };
  return shownOnce(visit, await asked(api['calendar-feeds'].$post({ json }, visit.once)));
};

/** Asks whether the address or the feed is really to go. */
export const feedSurePage = async (visit: Visit, id: string, what: 'rotate' | 'revoke'): Promise<Response> => {
  const words = calendarWords[visit.reader.locale];
  const { items } = await wanted(visit.api['calendar-feeds'].$get());
  const name = items.find((feed) => feed.id === id)?.label ?? '';
  const { title, lead, act } = what === 'rotate' ? words.rotatePage : words.revokePage;
  const action = `/feeds/${id}/${what === 'rotate' ? 'rotate' : 'remove'}`;
  return surePage(visit, { title: title(name), lead, act, action, back: '/feeds', at: 'feeds' });
};

/** Gives a feed another address, and shows it. */
export const rotateFeed = async (visit: Visit, id: string): Promise<Response> =>
  shownOnce(visit, await asked(visit.api['calendar-feeds'][':id'].rotate.$post({ param: { id } }, visit.once)));

/** Removes a feed. */
export const revokeFeed = async (visit: Visit, id: string): Promise<Response> =>
  visit.done(
    await asked(visit.api['calendar-feeds'][':id'].$delete({ param: { id } }, visit.once)),
    '/feeds',
    'removed',
    (problem) => feedsPage(visit, problem),
  );
