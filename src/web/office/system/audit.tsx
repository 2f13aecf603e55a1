import { asked, type Problem, wanted } from '../../api.ts';
import { Field, Select } from '../../components/field.tsx';
import { Empty, Pager, Table, Tabs } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { numberText, timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { inJson } from '../json.ts';
import { officeWords } from '../words/words.ts';

type Query = Readonly<Record<string, string>>;

/** The parts of the audit. */
export const AuditTabs = ({ visit, at }: { readonly visit: Visit; readonly at: string }) => {
  const { tabs } = officeWords[visit.reader.locale].system.audit;
  return (
    <Tabs
      label={tabs.label}
      at={at}
      tabs={[
        ['/admin/audit', tabs.log],
        ['/admin/audit/verify', tabs.verify],
        ['/admin/audit/emergency', tabs.glass],
      ]}
    />
  );
};

const readsBy = ({ actor, subject, stream }: Query): 'shown' | 'hidden' =>
  actor || subject || stream ? 'shown' : 'hidden';

/** As in the address; what only looked is left out unless it is asked for, or all of a person, thing or chain is. */
const filterOf = (query: Query): Record<string, string> => ({
  ...(query.action || (query.reads ?? readsBy(query)) === 'shown' ? {} : { reads: 'hidden' }),
  ...Object.fromEntries(
    ['action', 'actor', 'subject', 'stream'].flatMap((name) => (query[name] ? [[name, query[name]]] : [])),
  ),
  ...(query.from ? { from: `${query.from}T00:00:00Z` } : {}),
  ...(query.to ? { to: `${query.to}T23:59:59.999Z` } : {}),
});

/** The entries of the audit, newest first, by filters that stand in the address. */
export const auditPage = async (visit: Visit, query: Query): Promise<Response> => {
  const { reader } = visit;
  const { system, actions } = officeWords[reader.locale];
  const words = system.audit;
  const filter = filterOf(query);
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const asking = await asked(visit.api.admin.audit.$get({ query: { ...filter, ...cursor, limit: '25' } as never }));
  const problem: Problem | null = asking.ok ? null : asking.problem;
  if (problem !== null && problem.status !== 400) await wanted(visit.api.admin.audit.$get({ query: {} as never }));
  const { items, nextCursor } = asking.ok ? inJson(asking.value) : { items: [], nextCursor: null };
  const field = (name: 'actor' | 'subject' | 'stream') => (
    <Field {...{ name, label: words[name], value: query[name], maxlength: 128, autocomplete: 'off' }} />
  );
  return formPage(
    visit,
    {
      ...{ title: words.title, lead: words.lead, at: 'audit', problem },
      above: <AuditTabs visit={visit} at="/admin/audit" />,
    },
    <>
      <search>
        <form method="get" action="/admin/audit" class="row">
          <Select
            name="action"
            label={words.action}
            value={query.action}
            options={[
              ['', words.anyAction],
              ...Object.entries({
                ...(query.action ? { [query.action]: query.action } : {}),
                ...actions.actions,
              }).sort(([, a], [, b]) => a.localeCompare(b, reader.locale)),
            ]}
          />
          <Select
            name="reads"
            label={words.reads}
            value={query.reads ?? readsBy(query)}
            options={Object.entries(words.readsOf)}
          />
          {field('actor')}
          {field('subject')}
          {field('stream')}
          <Field name="from" type="date" label={words.from} value={query.from} />
          <Field name="to" type="date" label={words.to} value={query.to} />
          <button type="submit">{words.show}</button>
        </form>
      </search>
      {items.length === 0 ? (
        <Empty icon="book" title={words.none} />
      ) : (
        <Table
          stacks
          caption={words.caption}
          head={[words.at, words.what, words.who, words.about, words.details]}
          rows={items.map((event) => [
            <time datetime={event.at}>{timeText(event.at, reader.timeZone ?? 'UTC', reader.locale)}</time>,
            actions.actions[event.action] ?? <span class="code">{event.action}</span>,
            <>
              {actions.roles[event.actorRole] ?? event.actorRole}
              {event.actorId === null ? null : (
                <div>
                  <a class="code" href={`/admin/audit?actor=${encodeURIComponent(event.actorId)}`}>
                    {event.actorId}
                  </a>
                </div>
              )}
            </>,
            event.subjectId === null ? (
              ''
            ) : (
              <a class="code" href={`/admin/audit?subject=${encodeURIComponent(event.subjectId)}`}>
                {event.subjectId}
              </a>
            ),
            <details>
              <summary>{words.number(numberText(event.seq, reader.locale), event.stream)}</summary>
              <dl>
                {Object.entries({ action: event.action, at: event.at, ...event.data }).map(([name, value]) => (
                  <>
                    <dt class="code">{name}</dt>
                    <dd class="code">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
                  </>
                ))}
              </dl>
            </details>,
          ])}
        />
      )}
      <p>
        <a href={`/api/v1/admin/audit?${new URLSearchParams({ ...filter, format: 'csv' })}`}>{words.csv}</a>
      </p>
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

/** Records that were opened in emergencies. */
export const emergencyPage = async (visit: Visit, query: Query): Promise<Response> => {
  const { reader } = visit;
  const { system } = officeWords[reader.locale];
  const words = system.glass;
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const { items, nextCursor } = await wanted(
    visit.api.admin['break-glass'].$get({ query: { limit: '25', ...cursor } as never }),
  );
  const time = (at: string) => timeText(at, reader.timeZone ?? 'UTC', reader.locale);
  return formPage(
    visit,
    {
      ...{ title: system.audit.tabs.glass, lead: words.lead, at: 'audit' },
      above: <AuditTabs visit={visit} at="/admin/audit/emergency" />,
    },
    <>
      {items.length === 0 ? (
        <Empty icon="check" title={words.none} />
      ) : (
        <Table
          stacks
          caption={words.caption}
          head={[words.at, words.doctor, words.patient, words.reason]}
          rows={items.map((one) => [
            `${time(one.openedAt)} · ${words.until} ${time(one.endsAt)}`,
            one.doctorName ?? one.doctorId,
            one.patientName ?? one.patientId,
            one.reason ?? '',
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};
