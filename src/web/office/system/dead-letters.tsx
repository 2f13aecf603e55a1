import { asked, type Problem, wanted } from '../../api.ts';
import { ActionButton } from '../../components/form.tsx';
import { Badge, Empty, Pager, Table, Tabs } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';

const path = '/admin/dead-letters';

/** Queue messages that were given up: those that wait, or all. */
export const deadLettersPage = async (
  visit: Visit,
  query: Readonly<Record<string, string>>,
  problem: Problem | null = null,
): Promise<Response> => {
  const { reader } = visit;
  const words = officeWords[reader.locale].system.dead;
  const state = query.state === 'all' ? 'all' : 'waiting';
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const { items, nextCursor } = await wanted(
    visit.api.admin['dead-letters'].$get({ query: { state, limit: '25', ...cursor } as never }),
  );
  const time = (at: string) => timeText(at, reader.timeZone ?? 'UTC', reader.locale);
  return formPage(
    visit,
    {
      ...{ title: words.title, lead: words.lead, at: 'deadLetters', problem },
      above: (
        <Tabs
          label={words.tabs.label}
          at={state === 'all' ? `${path}?state=all` : path}
          tabs={[
            [path, words.tabs.waiting],
            [`${path}?state=all`, words.tabs.all],
          ]}
        />
      ),
    },
    <>
      {items.length === 0 ? (
        <Empty icon="check" title={words.none} />
      ) : (
        <Table
          stacks
          caption={words.caption}
          head={[words.at, words.queue, words.message, words.state]}
          rows={items.map((letter) => [
            time(letter.diedAt),
            letter.queue,
            <pre class="code">{JSON.stringify(letter.message, null, 1)}</pre>,
            letter.retriedAt === null ? (
              can(visit, 'system.repair') ? (
                <ActionButton
                  visit={visit}
                  action={`${path}/${letter.id}/retry`}
                  label={words.retryOf(time(letter.diedAt))}
                >
                  {words.retry}
                </ActionButton>
              ) : (
                <Badge tone="warn">{words.waiting}</Badge>
              )
            ) : (
              words.retried(time(letter.retriedAt))
            ),
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

/** Sends a message on its way again. */
export const retryLetter = async (visit: Visit, id: string): Promise<Response> => {
  const sent = await asked(visit.api.admin['dead-letters'][':id'].retry.$post({ param: { id } }, visit.once));
  return visit.done(sent, path, 'sent_again', (problem) => deadLettersPage(visit, {}, problem));
};
