import type { InferResponseType } from 'hono/client';
import type { PageApi } from '../../api.ts';
import { Table } from '../../components/parts.tsx';
import { Instant } from '../../components/time.tsx';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';
import { wordsFor } from './calls.ts';

type Events = Extract<InferResponseType<PageApi['admin']['audit']['$get'], 200>, { items: unknown }>['items'];

/** What the audit has of an appointment, newest first. */
export const History = ({
  visit,
  id,
  events,
  timeZone,
}: {
  readonly visit: Visit;
  readonly id: string;
  readonly events: Events;
  readonly timeZone: string;
}) => {
  const { history } = wordsFor(visit);
  const { actions, roles } = officeWords[visit.reader.locale].actions;
  return (
    <section aria-labelledby="history">
      <h2 id="history">{history.title}</h2>
      {events.length === 0 ? (
        <p class="soft">{history.none}</p>
      ) : (
        <Table
          stacks
          caption={history.caption}
          head={[history.at, history.what, history.who]}
          rows={events.map(({ at, action, actorRole }) => [
            <Instant visit={visit} at={at} timeZone={timeZone} />,
            actions[action] ?? action,
            roles[actorRole] ?? actorRole,
          ])}
        />
      )}
      <p>
        <a href={`/admin/audit?subject=${encodeURIComponent(id)}`}>{history.more}</a>
      </p>
    </section>
  );
};
