import { asked, type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Empty, Heading, Pager, Table } from '../../components/parts.tsx';
import { shortDateText, zoneText } from '../../money-and-time.ts';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import { ownId } from '../own.ts';
import { doctorNow } from '../week/read.ts';
import { HoursFields } from './fields.tsx';
import { draftIn, hoursOf, newRow } from './rows.ts';
import { HoursTabs } from './schedule.tsx';
import { datedOverlapSaid, hoursText } from './spans.ts';
import { hoursWords } from './words.ts';

/** Hours of single dates: those ahead, and a form for more. */
export const sessionsPage = async (visit: Visit, cursor: string | undefined, refused: Problem | null = null) => {
  const { reader, api } = visit;
  const words = hoursWords[reader.locale].sessions;
  const { problem, ...said } = datedOverlapSaid(refused, reader.locale);
  const { doctor, today } = await doctorNow(visit);
  const query = { from: today, limit: '20', ...(cursor === undefined ? {} : { cursor }) };
  const found = await wanted(api.doctors[':id'].sessions.$get({ param: { id: doctor.id }, query: query as never }));
  const clinics = new Map(doctor.clinics.map(({ id, name }) => [id, name]));
  const row = draftIn(visit.form).rows[0] ?? newRow(doctor.clinics[0]?.id ?? '');
  return visit.show(
    {
      title: `${problem === null ? '' : visit.words.errorPrefix}${words.title}`,
      at: 'schedule',
      status: problem?.status,
    },
    <>
      <Heading title={words.title} lead={words.lead} />
      <HoursTabs visit={visit} at="/schedule/sessions" />
      <ProblemSummary visit={visit} problem={problem} {...said} />
      <p class="soft">{visit.words.inZone(zoneText(doctor.timeZone, reader.locale, `${today}T12:00:00Z`))}</p>
      {found.items.length === 0 ? (
        <Empty title={words.empty} />
      ) : (
        <Table
          stacks
          caption={words.title}
          head={[words.date, words.hours, words.visits, <span class="unseen">{visit.words.remove}</span>]}
          rows={found.items.map((one) => [
            shortDateText(one.date, reader.locale),
            hoursText(one, reader.locale),
            [
              words.each(one.slotMinutes),
              visit.words.modes[one.mode],
              one.clinicId === null ? '' : (clinics.get(one.clinicId) ?? ''),
            ]
              .filter((part) => part)
              .join(' · '),
            <a
              href={`/schedule/sessions/${one.id}/remove?date=${one.date}`}
              aria-label={words.remove(`${shortDateText(one.date, reader.locale)}, ${one.start}`)}
            >
              {visit.words.remove}
            </a>,
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={found.nextCursor} />
      <h2>{words.add}</h2>
      <Form visit={visit} action="/schedule/sessions" label={words.add}>
        <input type="hidden" name="weekday[]" value="1" />
        <input type="hidden" name="id[]" value="" />
        <div class="narrow-field">
          <Field
            {...{ name: 'date', type: 'date', min: today, required: true, path: 'sessions.0.date', problem }}
            label={words.date}
            value={visit.form.given('date')}
          />
        </div>
        <HoursFields visit={visit} row={row} i={0} at="sessions.0" clinics={doctor.clinics} problem={problem} />
        <button type="submit">{words.add}</button>
      </Form>
    </>,
  );
};

/** Adds hours to one date. */
export const addSession = async (visit: Visit): Promise<Response> => {
  const row = draftIn(visit.form).rows[0] ?? newRow('');
  const json = { sessions: [{ date: visit.form.text('date'), ...hoursOf(row) }] };
  const added = await asked(visit.api.doctors[':id'].sessions.$post({ param: { id: ownId(visit) }, json }, visit.once));
  return visit.done(added, '/schedule/sessions', 'sessions_added', (problem) =>
    sessionsPage(visit, undefined, problem),
  );
};

/** Asks whether the hours of a date are really to go. */
export const removeSessionPage = (
  visit: Visit,
  id: string,
  date: string | undefined,
  problem: Problem | null = null,
): Response => {
  const { title, lead, act } = hoursWords[visit.reader.locale].sessions.removePage;
  const when = /^\d{4}-\d\d-\d\d$/.test(date ?? '') ? shortDateText(date ?? '', visit.reader.locale) : '';
  return surePage(visit, {
    title: title(when),
    ...{ lead, act, problem, action: `/schedule/sessions/${id}/remove`, back: '/schedule/sessions', at: 'schedule' },
  });
};

/** Takes the hours of a date back. */
export const removeSession = async (visit: Visit, id: string): Promise<Response> => {
  const param = { id: ownId(visit) };
  const removed = await asked(
    visit.api.doctors[':id'].sessions.$delete({ param, query: { ids: id } as never }, visit.once),
  );
  return visit.done(removed, '/schedule/sessions', 'removed', (problem) =>
    removeSessionPage(visit, id, undefined, problem),
  );
};
