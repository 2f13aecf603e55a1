import { asked, type Problem, wanted } from '../../api.ts';
import { Select } from '../../components/field.tsx';
import { ActionButton } from '../../components/form.tsx';
import { Badge, Empty, Pager, Table } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { numberText, timeText } from '../../money-and-time.ts';
import { notificationWords } from '../../notifications/words.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';
import { HealthTabs } from './health.tsx';

const path = '/admin/health/notifications';
const states = ['scheduled', 'claimed', 'sent', 'delivered', 'failed', 'suppressed'] as const;
const channels = ['email', 'sms', 'push', 'in_app'] as const;

/** The ledger of notifications: who was told what, and who was not and why. */
export const toldPage = async (
  visit: Visit,
  query: Readonly<Record<string, string>>,
  problem: Problem | null = null,
): Promise<Response> => {
  const { reader } = visit;
  const { system, dashboard, actions } = officeWords[reader.locale];
  const words = system.told;
  const filter = Object.fromEntries(
    ['state', 'channel', 'kind', 'recipient', 'cursor'].flatMap((name) => (query[name] ? [[name, query[name]]] : [])),
  );
  const { items, nextCursor, counts } = await wanted(
    visit.api.admin.notifications.$get({ query: { limit: '25', ...filter } as never }),
  );
  const time = (at: string) => timeText(at, reader.timeZone ?? 'UTC', reader.locale);
  const kindNames: Record<string, string> = { ...notificationWords[reader.locale].kinds, ...words.kinds };
  const kindName = (kind: string) => kindNames[kind] ?? kind;
  const stateName = (state: string) => dashboard.plots.states[state] ?? state;
  return formPage(
    visit,
    {
      ...{ title: system.health.tabs.notifications, lead: words.lead, at: 'health', problem },
      above: <HealthTabs visit={visit} at={path} />,
    },
    <>
      <form method="get" action={path} class="row">
        <Select
          name="state"
          label={words.state}
          value={query.state}
          options={[
            ['', words.any],
            ...states.map(
              (state) => [state, `${stateName(state)} (${numberText(counts[state] ?? 0, reader.locale)})`] as const,
            ),
          ]}
        />
        <Select
          name="channel"
          label={words.channel}
          value={query.channel}
          options={[['', words.any], ...channels.map((one) => [one, words.channels[one] ?? one] as const)]}
        />
        <button type="submit">{visit.words.search}</button>
      </form>
      {items.length === 0 ? (
        <Empty icon="bell" title={words.none} />
      ) : (
        <Table
          stacks
          caption={words.caption}
          head={[words.at, words.kind, words.channel, words.who, words.state]}
          rows={items.map((row) => [
            time(row.createdAt),
            row.subjectId.startsWith('a_') && can(visit, 'appointment.list') ? (
              <a href={`/admin/appointments/${row.subjectId}`}>{kindName(row.kind)}</a>
            ) : (
              kindName(row.kind)
            ),
            words.channels[row.channel] ?? row.channel,
            actions.roles[row.audience] ?? row.audience,
            <>
              <Badge tone={row.state === 'failed' ? 'bad' : row.state === 'delivered' ? 'good' : 'plain'}>
                {stateName(row.state)}
              </Badge>{' '}
              {row.reason === null ? '' : (words.reasons[row.reason] ?? row.reason)}
              {row.state === 'failed' && can(visit, 'system.repair') ? (
                <ActionButton
                  visit={visit}
                  action={`${path}/${row.id}/retry`}
                  label={words.retryOf(time(row.createdAt))}
                >
                  {words.retry}
                </ActionButton>
              ) : null}
            </>,
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

/** Has a notification that failed go again. */
export const retryTold = async (visit: Visit, id: string): Promise<Response> => {
  const sent = await asked(visit.api.admin.notifications[':id'].retry.$post({ param: { id } }, visit.once));
  return visit.done(sent, `${path}?state=failed`, 'sent_again', (problem) =>
    toldPage(visit, { state: 'failed' }, problem),
  );
};
