import { holdsSeat } from '../../../domain/doctor-day/status.ts';
import { addDays, parseLocalDate } from '../../../domain/local-date.ts';
import { type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty, Heading, Note } from '../../components/parts.tsx';
import { dateText, zoneText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { ownId } from '../own.ts';
import { missingOf, Unverified } from '../unverified.tsx';
import { appointmentNow } from '../visit/read.ts';
import { type Entry, NextPatient, Timeline } from './timeline.tsx';
import { dayWords } from './words.ts';

interface DayAsked {
  readonly date?: string | undefined;
  /** The appointment that was just changed: it is shown as it is now, where the lists are moments behind. */
  readonly of?: string | undefined;
}

/** A doctor's day: today with who waits, another date as it is booked. */
export const dayPage = async (visit: Visit, asked: DayAsked, problem: Problem | null = null): Promise<Response> => {
  const { api, reader } = visit;
  const words = dayWords[reader.locale];
  const param = { id: ownId(visit) };
  const [doctor, listed, changed] = await Promise.all([
    wanted(api.doctors[':id'].$get({ param })),
    wanted(api.doctors[':id'].queue.$get({ param })),
    asked.of === undefined ? null : appointmentNow(visit, asked.of),
  ]);
  const now = changed?.status;
  const isOver = now === 'completed' || now === 'no_show';
  const queue = {
    ...listed,
    items: listed.items.map((one) => (isOver && one.appointmentId === changed?.id ? { ...one, state: now } : one)),
  };
  const today = parseLocalDate(queue.date) ?? parseLocalDate('2000-01-01');
  const date = parseLocalDate(asked.date ?? '') ?? today;
  if (date === null) return visit.go('/day');
  const isToday = date === queue.date;
  const [{ items }, missing] = await Promise.all([
    wanted(api.appointments.$get({ query: { from: date, to: date, limit: '100' } as never })),
    missingOf(visit, doctor.verified),
  ]);
  const states = new Map(isToday ? queue.items.map((one) => [one.appointmentId, one]) : []);
  const entries: Entry[] = items
    .map((one) => (one.id === changed?.id && now !== undefined ? { ...one, status: now } : one))
    .filter(({ status }) => holdsSeat[status])
    .map((appointment) => ({ appointment, queued: states.get(appointment.id) ?? null }));
  const count = (wantedState: string): number => queue.items.filter(({ state }) => state === wantedState).length;
  const title = isToday ? words.title : dateText(date, reader.locale);
  return visit.show(
    {
      title: `${problem === null ? '' : visit.words.errorPrefix}${title}`,
      at: 'day',
      status: problem?.status,
      islands: ['live-region'],
    },
    <>
      <Heading
        title={title}
        lead={`${isToday ? `${dateText(date, reader.locale)} · ` : ''}${visit.words.inZone(zoneText(doctor.timeZone, reader.locale, `${date}T12:00:00Z`))}`}
      >
        <a class="button plain" href={`/day?date=${addDays(date, -1)}`}>
          {words.earlier}
        </a>
        {isToday ? null : (
          <a class="button plain" href="/day">
            {words.today}
          </a>
        )}
        <a class="button plain" href={`/day?date=${addDays(date, 1)}`}>
          {words.later}
        </a>
        <a class="button plain" href={`/week?from=${date}`}>
          <Icon name="calendar" /> {words.week}
        </a>
      </Heading>
      <ProblemSummary visit={visit} problem={problem} />
      <Unverified visit={visit} missing={missing} />
      <div
        id="day"
        data-live="20"
        data-live-doctor={doctor.verified ? doctor.id : undefined}
        data-live-said={words.changed}
        // Nothing becomes free or taken on a day that is over.
        {...(today !== null && date < today ? {} : { 'data-live-days': date })}
      >
        {isToday && queue.delayMinutes > 0 ? <Note tone="warn">{words.late.is(queue.delayMinutes)}</Note> : null}
        {isToday && entries.length > 0 ? (
          <>
            <p>{words.counts(count('expected'), count('waiting'), count('called_in'), count('completed'))}</p>
            <NextPatient visit={visit} entries={entries} />
          </>
        ) : null}
        {entries.length === 0 ? (
          <Empty title={words.empty}>
            <a class="button plain" href="/schedule">
              {words.emptyDo}
            </a>
          </Empty>
        ) : (
          <>
            <h2 id="timeline">{words.timeline}</h2>
            <Timeline visit={visit} entries={entries} isToday={isToday} timeZone={doctor.timeZone} />
          </>
        )}
      </div>
      {isToday ? <Late visit={visit} minutes={queue.delayMinutes} problem={problem} /> : null}
    </>,
  );
};

const Late = ({
  visit,
  minutes,
  problem,
}: {
  readonly visit: Visit;
  readonly minutes: number;
  readonly problem: Problem | null;
}) => {
  const words = dayWords[visit.reader.locale].late;
  return (
    <section aria-labelledby="late">
      <h2 id="late">{words.title}</h2>
      <Form visit={visit} action="/day/delay" class="narrow">
        <Field
          {...{ name: 'minutes', type: 'number', inputmode: 'numeric', min: 0, max: 240, required: true, problem }}
          label={words.label}
          hint={words.hint}
          value={visit.form.given('minutes') ?? String(minutes)}
        />
        <button type="submit" class="plain">
          <Icon name="clock" /> {words.save}
        </button>
      </Form>
    </section>
  );
};
