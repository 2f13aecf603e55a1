import { asked, type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Empty, Heading, Pager, Table } from '../../components/parts.tsx';
import type { Form as Sent } from '../../form.ts';
import { shortDateText, spanText, timeText, zoneText } from '../../money-and-time.ts';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import { ownId } from '../own.ts';
import { doctorNow } from '../week/read.ts';
import { planPage } from './away-plan.tsx';
import { HoursTabs } from './schedule.tsx';
import { hoursWords } from './words.ts';

/** The fields of an absence. */
export const awayFields = ['from', 'to', 'start', 'end', 'reason'] as const;

/** An absence as the form says it. */
const awayIn = (form: Sent) => ({
  from: form.text('from'),
  to: form.text('to') || form.text('from'),
  start: form.given('start')?.slice(0, 5) ?? null,
  end: form.given('end')?.slice(0, 5) ?? null,
  reason: form.text('reason'),
});

/** Time off: what is planned, a form for more, and what was done for those who were booked. */
export const awayPage = async (visit: Visit, cursor: string | undefined, problem: Problem | null = null) => {
  const { reader, api, form } = visit;
  const { locale } = reader;
  const words = hoursWords[locale].away;
  const { doctor, today } = await doctorNow(visit);
  const param = { id: doctor.id };
  const query = { from: today, limit: '20', ...(cursor === undefined ? {} : { cursor }) };
  const [off, absences] = await Promise.all([
    wanted(api.doctors[':id']['time-off'].$get({ param, query: query as never })),
    wanted(api.doctors[':id'].absences.$get({ param, query: { limit: '5' } as never })),
  ]);
  const concerned = absences.items.filter(({ items }) => items.length > 0);
  return visit.show(
    {
      title: `${problem === null ? '' : visit.words.errorPrefix}${words.title}`,
      at: 'timeOff',
      status: problem?.status,
    },
    <>
      <Heading title={words.title} lead={words.lead} />
      <HoursTabs visit={visit} at="/time-off" />
      <ProblemSummary visit={visit} problem={problem} />
      {off.items.length === 0 ? (
        <Empty title={words.empty} />
      ) : (
        <Table
          stacks
          caption={words.title}
          head={[words.when, words.part, words.why, <span class="unseen">{visit.words.remove}</span>]}
          rows={off.items.map((one) => {
            const when = datesText(one.from, one.to, locale);
            return [
              when,
              one.start === null ? words.whole : spanText(one.start, one.end ?? '', locale),
              one.reason ?? '',
              <a href={`/time-off/${one.id}/remove`} aria-label={words.remove(when)}>
                {visit.words.remove}
              </a>,
            ];
          })}
        />
      )}
      <Pager visit={visit} nextCursor={off.nextCursor} />
      <h2>{words.add}</h2>
      <p class="soft">{visit.words.inZone(zoneText(doctor.timeZone, locale, `${today}T12:00:00Z`))}</p>
      <Form visit={visit} action="/time-off/plan" class="narrow" label={words.add}>
        <div class="pairs">
          <Field
            {...{ name: 'from', type: 'date', min: today, required: true, path: 'timeOff.from', problem }}
            label={words.from}
            value={form.given('from')}
          />
          <Field
            {...{ name: 'to', type: 'date', min: today, path: 'timeOff.to', problem }}
            label={words.to}
            value={form.given('to')}
          />
        </div>
        <details {...(form.has('start') && form.text('start') !== '' ? { open: true } : {})}>
          <summary>{words.part}</summary>
          <div class="pairs">
            {(['start', 'end'] as const).map((name) => (
              <Field
                {...{ name, type: 'time', path: `timeOff.${name}`, problem }}
                label={words[name]}
                value={form.given(name)}
              />
            ))}
          </div>
        </details>
        <Field
          {...{ name: 'reason', maxlength: 500, path: 'timeOff.reason', problem }}
          label={words.reason}
          value={form.given('reason')}
        />
        <button type="submit">{words.preview}</button>
      </Form>
      {concerned.length === 0 ? null : <h2>{words.work.title}</h2>}
      {concerned.map(({ createdAt, items }) => (
        <Table
          stacks
          caption={words.work.made(timeText(createdAt, doctor.timeZone, locale))}
          head={[words.work.made(timeText(createdAt, doctor.timeZone, locale)), words.work.visit]}
          rows={items.map(({ appointmentId, state }) => [
            words.work.states[state],
            <a href={`/day/${appointmentId}`}>{words.work.visit}</a>,
          ])}
        />
      ))}
    </>,
  );
};

const datesText = (from: string, to: string, locale: Visit['reader']['locale']): string =>
  from === to ? shortDateText(from, locale) : `${shortDateText(from, locale)} – ${shortDateText(to, locale)}`;

/** Shows who is booked in an absence, and what would be done for each. */
export const planAway = async (visit: Visit): Promise<Response> => {
  const json = { timeOff: awayIn(visit.form) };
  const planned = await asked(visit.api.doctors[':id'].absences.preview.$post({ param: { id: ownId(visit) }, json }));
  if (!planned.ok || visit.form.has('edit')) return awayPage(visit, undefined, planned.ok ? null : planned.problem);
  return planPage(visit, planned.value);
};

/** What the form of a plan says of each appointment that it names. */
export const choicesIn = (form: Sent) => {
  const actions = form.all('action[]') as ('move' | 'offer' | 'cancel')[];
  return form.all('appointmentId[]').flatMap((appointmentId, i) => {
    const action = actions[i];
    return action === undefined ? [] : [{ appointmentId, action }];
  });
};

/**
 * Takes time off, and has everybody taken care of as the form says. Who was booked after the plan had been shown is not
 * moved unseen: the plan is shown again.
 */
export const takeOff = async (visit: Visit): Promise<Response> => {
  const { form, api } = visit;
  const choices = choicesIn(form);
  const [timeOff, param] = [awayIn(form), { id: ownId(visit) }];
  const planned = await asked(api.doctors[':id'].absences.preview.$post({ param, json: { timeOff } }));
  const named = new Set(choices.map(({ appointmentId }) => appointmentId));
  if (planned.ok && !planned.value.items.every(({ appointmentId }) => named.has(appointmentId)))
    return planPage(visit, planned.value, true);
  const json = { timeOff, choices };
  const taken = await asked(api.doctors[':id'].absences.$post({ param, json }, visit.once));
  const isAnybody = taken.ok && taken.value.items.length > 0;
  return visit.done(taken, '/time-off', isAnybody ? 'away_saved' : 'away_kept', (problem) =>
    awayPage(visit, undefined, problem),
  );
};

/** Asks whether time off is really to be taken back. */
export const removeAwayPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const { locale } = visit.reader;
  const { title, lead, act } = hoursWords[locale].away.removePage;
  const query = { limit: '100' } as never;
  const { items } = await wanted(visit.api.doctors[':id']['time-off'].$get({ param: { id: ownId(visit) }, query }));
  const one = items.find((off) => off.id === id);
  return surePage(visit, {
    title: title(one === undefined ? '' : datesText(one.from, one.to, locale)),
    ...{ lead, act, problem, action: `/time-off/${id}/remove`, back: '/time-off', at: 'timeOff' },
  });
};

/** Takes time off back. */
export const removeAway = async (visit: Visit, id: string): Promise<Response> => {
  const param = { id: ownId(visit), timeOffId: id };
  const removed = await asked(visit.api.doctors[':id']['time-off'][':timeOffId'].$delete({ param }, visit.once));
  return visit.done(removed, '/time-off', 'removed', (problem) => removeAwayPage(visit, id, problem));
};
