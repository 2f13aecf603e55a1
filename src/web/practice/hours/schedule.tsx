import type { Child } from 'hono/jsx';
import { asked, type Problem, wanted } from '../../api.ts';
import { Check, Field, Select } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty, Heading, Tabs } from '../../components/parts.tsx';
import { zoneText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { ownId } from '../own.ts';
import { missingOf, Unverified } from '../unverified.tsx';
import { type Clinics, HoursFields } from './fields.tsx';
import { previewPage } from './preview.tsx';
import { type Draft, draftIn, draftOf, newRow, scheduleOf } from './rows.ts';
import { hoursText, weeklyOverlapSaid } from './spans.ts';
import { hoursWords } from './words.ts';

/** The pages of what a doctor offers. */
export const HoursTabs = ({ visit, at }: { readonly visit: Visit; readonly at: string }) => {
  const { tabs } = hoursWords[visit.reader.locale];
  return (
    <Tabs
      label={tabs.label}
      at={at}
      tabs={[
        ['/schedule', tabs.weekly],
        ['/schedule/sessions', tabs.sessions],
        ['/time-off', tabs.away],
      ]}
    />
  );
};

interface Drawn {
  readonly draft: Draft;
  readonly problem?: Problem | null;
  /** What stands between the heading and the form. */
  readonly above?: Child;
}

/** The editor of the weekly hours: as they are, or as they were being changed. */
export const schedulePage = async (visit: Visit, drawn: Drawn | null = null): Promise<Response> => {
  const { reader, api } = visit;
  const words = hoursWords[reader.locale];
  const param = { id: ownId(visit) };
  const [doctor, schedule] = await Promise.all([
    wanted(api.doctors[':id'].$get({ param })),
    wanted(api.doctors[':id'].schedule.$get({ param })),
  ]);
  const missing = await missingOf(visit, doctor.verified);
  const { draft, problem: refused = null, above } = drawn ?? { draft: draftOf(schedule) };
  const { problem, ...said } = weeklyOverlapSaid(refused, reader.locale);
  return visit.show(
    {
      title: `${problem === null ? '' : visit.words.errorPrefix}${words.title}`,
      at: 'schedule',
      status: problem?.status,
    },
    <>
      <Heading title={words.title} lead={words.lead}>
        <a class="button plain" href="/practice/profile">
          <Icon name="people" /> {words.profile}
        </a>
      </Heading>
      <HoursTabs visit={visit} at="/schedule" />
      <Unverified visit={visit} missing={missing} />
      <ProblemSummary visit={visit} problem={problem} {...said} />
      {above}
      <p class="soft">{words.zone(zoneText(doctor.timeZone, reader.locale, new Date().toISOString()))}</p>
      <Form visit={visit} action="/schedule" label={words.title}>
        <input type="hidden" name="version" value={draft.version} />
        {/* The Enter key presses the first button of a form. */}
        <button type="submit" name="do" value="preview" hidden>
          {words.preview}
        </button>
        {draft.rows.length === 0 ? <Empty title={words.none} /> : null}
        {draft.rows.map((_, i) => (
          <Rule visit={visit} draft={draft} i={i} clinics={doctor.clinics} problem={problem} />
        ))}
        <p class="actions">
          <button type="submit" name="do" value="add" class="plain">
            {words.add}
          </button>
        </p>
        <Settings visit={visit} draft={draft} problem={problem} />
        <button type="submit" name="do" value="preview">
          {words.preview}
        </button>
      </Form>
    </>,
  );
};

interface PartOf {
  readonly visit: Visit;
  readonly draft: Draft;
  readonly problem: Problem | null;
}

const Rule = ({ visit, draft, i, clinics, problem }: PartOf & { readonly i: number; readonly clinics: Clinics }) => {
  const words = hoursWords[visit.reader.locale];
  const row = draft.rows[i];
  if (row === undefined) return null;
  const where = clinics.find(({ id }) => id === row.clinicId)?.name;
  const isAtFault = Object.keys(problem?.fields ?? {}).some((path) => path.startsWith(`rules.${i}.`));
  return (
    <details class="card rule" {...(row.id === '' || isAtFault ? { open: true } : {})}>
      <summary>
        <strong>{words.weekdays[Number(row.weekday) - 1]}</strong> {hoursText(row, visit.reader.locale)}
        <span class="soft">
          {' · '}
          {[words.each(row.slotMinutes), visit.words.modes[row.mode], where].filter((part) => part).join(' · ')}
        </span>
      </summary>
      <fieldset>
        <legend>{words.rule(i + 1)}</legend>
        <input type="hidden" name="id[]" value={row.id} />
        <Select
          {...{ name: 'weekday[]', id: `weekday-${i}`, path: `rules.${i}.weekday`, problem, value: row.weekday }}
          label={words.weekday}
          options={words.weekdays.map((name, day) => [String(day + 1), name] as const)}
        />
        <HoursFields visit={visit} row={row} i={i} at={`rules.${i}`} clinics={clinics} problem={problem} />
        <Check name="drop[]" value={String(i)} label={words.drop} />
      </fieldset>
    </details>
  );
};

const Settings = ({ visit, draft, problem }: PartOf) => {
  const words = hoursWords[visit.reader.locale];
  const number = { type: 'number', inputmode: 'numeric', required: true, problem } as const;
  return (
    <fieldset>
      <legend>{words.settings}</legend>
      <div class="pairs">
        <Field
          {...{ ...number, name: 'minimumNoticeMinutes', min: 0, max: 43_200, value: draft.minimumNoticeMinutes }}
          label={words.notice}
          hint={words.noticeHint}
        />
        <Field
          {...{ ...number, name: 'bookingWindowDays', min: 1, max: 365, value: draft.bookingWindowDays }}
          label={words.window}
        />
      </div>
      <Check name="approvalRequired" label={words.approval} checked={draft.approvalRequired} />
    </fieldset>
  );
};

/** Adds a row, previews what the form says, goes on changing it, or saves it: whichever button was pressed. */
export const changeSchedule = async (visit: Visit): Promise<Response> => {
  const { form, api } = visit;
  const param = { id: ownId(visit) };
  const draft = draftIn(form);
  const act = form.text('do');
  if (act === 'add') {
    const last = draft.rows.at(-1);
    const row = last === undefined ? newRow('') : { ...last, id: '', weekday: String((Number(last.weekday) % 7) + 1) };
    return schedulePage(visit, { draft: { ...draft, rows: [...draft.rows, row] } });
  }
  if (act === 'edit') return schedulePage(visit, { draft });
  const json = scheduleOf(draft);
  if (act === 'save') {
    const saved = await asked(api.doctors[':id'].schedule.$put({ param, json, header: {} }, visit.once));
    return visit.done(saved, '/schedule', 'schedule_saved', (problem) => schedulePage(visit, { draft, problem }));
  }
  const previewed = await asked(api.doctors[':id'].schedule.preview.$post({ param, json }));
  return previewed.ok
    ? previewPage(visit, draft, previewed.value)
    : schedulePage(visit, { draft, problem: previewed.problem });
};
