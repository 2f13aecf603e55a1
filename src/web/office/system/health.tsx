import { wanted } from '../../api.ts';
import { Icon } from '../../components/icon.tsx';
import { Facts, Note, Table, Tabs } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { numberText, shortDateText, timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';

/** The parts of health. */
export const HealthTabs = ({ visit, at }: { readonly visit: Visit; readonly at: string }) => {
  const { tabs } = officeWords[visit.reader.locale].system.health;
  return (
    <Tabs
      label={tabs.label}
      at={at}
      tabs={[
        ['/admin/health', tabs.now],
        ['/admin/health/days', tabs.days],
        ['/admin/health/notifications', tabs.notifications],
      ]}
    />
  );
};

interface Readiness {
  readonly status: string;
  readonly parts: Readonly<Record<string, string>>;
}

/** Whether all parts answer, and how far everything behind the answers has come. */
export const healthPage = async (visit: Visit): Promise<Response> => {
  const { reader } = visit;
  const words = officeWords[reader.locale].system.health;
  const [system, readiness] = await Promise.all([
    wanted(visit.api.admin.system.$get()),
    // Beside the API, at the root.
    visit.ask('/../../health/ready').then((answer) => answer.json() as Promise<Readiness>),
  ]);
  const n = (value: number) => numberText(value, reader.locale);
  const isWell = readiness.status === 'ok';
  return formPage(
    visit,
    {
      ...{ title: words.title, at: 'health' },
      lead: words.asOf(timeText(system.asOf, reader.timeZone ?? 'UTC', reader.locale)),
      above: <HealthTabs visit={visit} at="/admin/health" />,
    },
    <>
      <Note tone={isWell ? 'good' : 'bad'}>
        <p>
          <Icon name={isWell ? 'check' : 'alert'} /> <strong>{isWell ? words.well : words.unwell}</strong>
        </p>
      </Note>
      <Facts
        of={[
          ...Object.entries(readiness.parts ?? {}).map(
            ([part, state]) => [words.parts[part] ?? part, state === 'ok' ? words.ok : words.failing] as const,
          ),
          [words.open, n(system.days.open)],
          [words.neverProjected, n(system.days.neverProjected)],
          [words.behind, n(system.days.behindSchedule)],
          [words.quarantined, n(system.quarantined)],
          [words.overdue, n(system.messages.overdue)],
          [words.givenUp, n(system.messages.givenUp)],
          [words.deadLetters, <a href="/admin/dead-letters">{n(system.deadLetters)}</a>],
        ]}
      />
      {system.days.sample.length === 0 ? null : (
        <>
          <h2>{words.sample}</h2>
          <Table
            stacks
            caption={words.sample}
            head={[words.date, words.doctor, words.answers, words.owed, '']}
            rows={system.days.sample.map(({ doctorId, date, reached, owed }) => [
              shortDateText(date, reader.locale),
              <a class="code" href={`/admin/users/${doctorId}`}>
                {doctorId}
              </a>,
              reached ? visit.words.yes : visit.words.no,
              owed === null ? '' : n(owed),
              <a href={`/admin/health/days?doctor=${doctorId}&date=${date}`} aria-label={words.compareOf(date)}>
                {words.compare}
              </a>,
            ])}
          />
        </>
      )}
    </>,
  );
};
