import { zoneOf } from '../account/security.tsx';
import { asked, wanted } from '../api.ts';
import { ActionButton } from '../components/form.tsx';
import { Badge, Empty, Heading, Pager } from '../components/parts.tsx';
import { timeText } from '../money-and-time.ts';
import { problemPage } from '../problem-page.tsx';
import type { Visit } from '../visit.tsx';
import { notificationWords } from './words.ts';

const shown = '20';

/** What I was told, the newest first. */
export const inboxPage = async (visit: Visit, asks: Readonly<Record<string, string>>): Promise<Response> => {
  const words = notificationWords[visit.reader.locale];
  const isUnread = asks.unread === 'true';
  const query = { limit: shown, unread: isUnread ? 'true' : 'false', ...(asks.cursor ? { cursor: asks.cursor } : {}) };
  const [{ items, nextCursor }, { locale: told }] = await Promise.all([
    wanted(visit.api.notifications.$get({ query: query as never })),
    // What was told is in the language that was chosen for that, which need not be the page's.
    wanted(visit.api.users.me['notification-preferences'].$get()),
  ] as const);
  return visit.show(
    { title: words.title, at: 'notifications' },
    <>
      <Heading title={words.title}>
        <a class="button plain" href="/notifications/preferences">
          {words.preferences}
        </a>
        {items.some(({ readAt }) => readAt === null) ? (
          <ActionButton visit={visit} action="/notifications/read-all">
            {words.markAll}
          </ActionButton>
        ) : null}
      </Heading>
      <ul class="row filters">
        {([false, true] as const).map((one) => (
          <li>
            <a
              class="button plain"
              href={one ? '/notifications?unread=true' : '/notifications'}
              {...(one === isUnread ? { 'aria-current': 'true' } : {})}
            >
              {one ? words.unread : words.all}
            </a>
          </li>
        ))}
      </ul>
      {items.length === 0 ? <Empty icon="bell" title={isUnread ? words.noneUnread : words.none} /> : null}
      <ul class="cards">
        {items.map(({ id, title, text, appointmentId, at, readAt }) => (
          <li class="card">
            <h2>
              <span lang={told}>{title}</span> {readAt === null ? <Badge tone="blue">{words.new}</Badge> : null}
            </h2>
            <p class="said" lang={told}>
              {text}
            </p>
            <p class="soft">
              <time datetime={at}>{timeText(at, zoneOf(visit), visit.reader.locale)}</time>
            </p>
            <div class="actions">
              {appointmentId === null ? null : (
                <a class="button plain" href={`/appointments/${appointmentId}`} aria-label={words.openOf(title)}>
                  {words.open}
                </a>
              )}
              {readAt === null ? (
                <ActionButton
                  visit={visit}
                  action="/notifications/read"
                  fields={{ id, unread: String(isUnread) }}
                  label={words.markReadOf(title)}
                >
                  {words.markRead}
                </ActionButton>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

const backOf = (visit: Visit): string =>
  visit.form.text('unread') === 'true' ? '/notifications?unread=true' : '/notifications';

/** Marks one as read. */
export const markRead = async (visit: Visit): Promise<Response> => {
  const param = { id: visit.form.text('id') };
  const outcome = await asked(visit.api.notifications[':id'].read.$post({ param }, visit.once));
  return outcome.ok ? visit.go(backOf(visit)) : problemPage(visit, outcome.problem);
};

/** Marks all as read. */
export const markAllRead = async (visit: Visit): Promise<Response> => {
  const outcome = await asked(visit.api.notifications['read-all'].$post({}, visit.once));
  return outcome.ok ? visit.go('/notifications', 'all_read') : problemPage(visit, outcome.problem);
};
