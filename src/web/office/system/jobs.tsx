import { asked, type Problem, wanted } from '../../api.ts';
import { ActionButton } from '../../components/form.tsx';
import { Badge, Empty, Pager, Table } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { numberText, timeText } from '../../money-and-time.ts';
import { problemPage } from '../../problem-page.tsx';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ');

/** What is done by the clock, and how it has been doing. */
export const jobsPage = async (visit: Visit, problem: Problem | null = null): Promise<Response> => {
  const { reader } = visit;
  const words = officeWords[reader.locale].system.jobs;
  const { items } = await wanted(visit.api.admin.jobs.$get());
  const time = (at: string) => timeText(at, reader.timeZone ?? 'UTC', reader.locale);
  return formPage(
    visit,
    { title: words.title, lead: words.lead, at: 'jobs', problem },
    <Table
      stacks
      caption={words.caption}
      head={[words.name, words.every, words.state, words.last, words.next, '']}
      rows={items.map((job) => [
        <>
          <a href={`/admin/jobs/${job.name}`}>{job.name}</a>
          <div class="soft" lang="en">
            {job.description}
          </div>
        </>,
        words.cadences[job.every] ?? job.every,
        job.running ? (
          <Badge tone="blue">{words.running}</Badge>
        ) : job.failuresInRow > 0 ? (
          <Badge tone="bad">{words.failing(numberText(job.failuresInRow, reader.locale))}</Badge>
        ) : (
          <Badge tone="good">{words.well}</Badge>
        ),
        job.lastRun === null ? words.never : time(job.lastRun.startedAt),
        time(job.nextRunAt),
        can(visit, 'system.repair') ? (
          <ActionButton visit={visit} action={`/admin/jobs/${job.name}/run`} label={words.runOf(job.name)}>
            {words.run}
          </ActionButton>
        ) : (
          ''
        ),
      ])}
    />,
  );
};

/** The runs of one job, newest first. */
export const jobPage = async (
  visit: Visit,
  name: string,
  query: Readonly<Record<string, string>>,
): Promise<Response> => {
  const { reader } = visit;
  const words = officeWords[reader.locale].system.jobs;
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const [{ items, nextCursor }, jobs] = await Promise.all([
    wanted(visit.api.admin.jobs[':name'].runs.$get({ param: { name }, query: { limit: '25', ...cursor } as never })),
    wanted(visit.api.admin.jobs.$get()),
  ]);
  const does = jobs.items.find((job) => job.name === name)?.description;
  return formPage(
    visit,
    {
      ...{ title: name, at: 'jobs' },
      lead: (
        <>
          <span lang="en">{does}</span> <a href="/admin/jobs">{words.all}</a>
        </>
      ),
    },
    <>
      {can(visit, 'system.repair') ? (
        <div class="actions">
          <ActionButton visit={visit} action={`/admin/jobs/${name}/run`} kind="main">
            {words.run}
          </ActionButton>
        </div>
      ) : null}
      {items.length === 0 ? (
        <Empty icon="clock" title={words.none} />
      ) : (
        <Table
          stacks
          caption={words.history}
          head={[words.last, words.state, words.took, words.did, words.error, words.askedBy]}
          rows={items.map((run) => [
            timeText(run.startedAt, reader.timeZone ?? 'UTC', reader.locale),
            <Badge tone={run.outcome === 'succeeded' ? 'good' : 'bad'}>
              {words.outcomes[run.outcome] ?? run.outcome}
            </Badge>,
            words.ms(numberText(run.durationMs, reader.locale)),
            counted(run.counts),
            run.error ?? '',
            run.askedBy === null ? words.clock : words.admin,
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

/** Runs a job now. */
export const runJob = async (visit: Visit, name: string): Promise<Response> => {
  const ran = await asked(visit.api.admin.jobs[':name'].run.$post({ param: { name } }, visit.once));
  return visit.done(ran, `/admin/jobs/${name}`, 'job_ran', (problem) => problemPage(visit, problem));
};
