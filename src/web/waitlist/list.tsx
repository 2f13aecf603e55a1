import { asked, wanted } from '../api.ts';
import { AppointmentTabs } from '../appointments/list.tsx';
import { Form } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { Empty, Facts, Heading, Note, Pager } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { dayText, numberText, shortDateText, timeText } from '../money-and-time.ts';
import { problemPage } from '../problem-page.tsx';
import type { Visit } from '../visit.tsx';
import { waitlistWords } from './words.ts';

interface Offer {
  readonly appointmentId: string;
  readonly startsAt: string;
  readonly expiresAt: string;
  readonly timeZone: string;
}

/** For what somebody waits, and what is held for them now. */
export const waitlistPage = async (visit: Visit, cursor: string | undefined): Promise<Response> => {
  const { locale } = visit.reader;
  const words = waitlistWords[locale].list;
  const { items, nextCursor } = await wanted(
    visit.api.waitlist.$get({ query: { limit: '20', ...(cursor === undefined ? {} : { cursor }) } }),
  );
  return visit.show(
    { title: words.title, at: 'appointments', islands: ['fresh'] },
    <>
      <Heading title={words.title} lead={words.lead} />
      <AppointmentTabs visit={visit} at="/waitlist" />
      <section data-fresh="20" data-said={words.lead}>
        {items.length === 0 ? (
          <Empty icon="bell" title={words.nothing}>
            <p>{words.howTo}</p>
            <a class="button plain" href="/">
              <Icon name="search" /> {waitlistWords[locale].join.find}
            </a>
          </Empty>
        ) : null}
        <ul class="cards">
          {items.map((entry) => (
            <li class="card">
              <h2>
                <a href={`/waitlist/${entry.id}`}>{entry.doctorName}</a>
              </h2>
              <p>
                {words.dates(shortDateText(entry.from, locale), shortDateText(entry.to, locale))}
                {` · ${words.parts[entry.part]}`}
                {entry.mode === null ? '' : ` · ${visit.words.modes[entry.mode]}`}
                {entry.patientId === visit.who?.id ? '' : ` · ${entry.patientName}`}
              </p>
              <Offers visit={visit} offers={entry.offers} />
            </li>
          ))}
        </ul>
      </section>
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

const Offers = ({ visit, offers }: { readonly visit: Visit; readonly offers: readonly Offer[] }) => {
  const { locale } = visit.reader;
  const words = waitlistWords[locale].list;
  if (offers.length === 0) return null;
  return (
    <Note tone="blue">
      <p>
        <strong>{words.offered}</strong>
      </p>
      <ul class="row">
        {offers.map(({ appointmentId, startsAt, expiresAt, timeZone }) => (
          <li>
            <a class="button" href={`/appointments/${appointmentId}/confirm`}>
              {words.take(timeText(startsAt, timeZone, locale))}
            </a>{' '}
            {words.until(timeText(expiresAt, timeZone, locale))}
          </li>
        ))}
      </ul>
    </Note>
  );
};

/** One wish: the place in line, what is held for it, and the way out. */
export const entryPage = async (visit: Visit, id: string): Promise<Response> => {
  const { locale } = visit.reader;
  const { list, one } = waitlistWords[locale];
  const entry = await wanted(visit.api.waitlist[':id'].$get({ param: { id } }));
  const title = one.title(entry.doctorName ?? '');
  const isActive = entry.state === 'active';
  return visit.show(
    { title, at: 'appointments', islands: isActive ? ['fresh'] : [] },
    <>
      <Heading title={title} />
      <section data-fresh="20" data-said={list.offered}>
        {entry.ahead === null ? (
          <p>{one.states[entry.state]}</p>
        ) : (
          <p>
            <strong>{one.ahead(entry.ahead, numberText(entry.ahead, locale))}</strong>
          </p>
        )}
        <Offers visit={visit} offers={entry.offers} />
      </section>
      <Facts
        of={[
          [one.dates, list.dates(shortDateText(entry.from, locale), shortDateText(entry.to, locale))],
          [one.part, list.parts[entry.part] ?? ''],
          [one.mode, entry.mode === null ? visit.words.any : (visit.words.modes[entry.mode] ?? '')],
          [one.forWhom, entry.patientId === visit.who?.id ? null : (entry.patientName ?? null)],
          [one.since, dayText(entry.joinedAt, visit.reader.timeZone ?? 'UTC', locale)],
        ]}
      />
      <p class="row">
        <a class="button plain" href={`/doctors/${entry.doctorId}?from=${entry.from}#times`}>
          <Icon name="calendar" /> {one.bookNow}
        </a>
        {isActive ? (
          <a class="button danger" href={`/waitlist/${id}/leave`}>
            {one.leave}
          </a>
        ) : null}
        <a href="/waitlist">{visit.words.back}</a>
      </p>
    </>,
  );
};

/** Whether somebody shall really leave the line. */
export const leavePage = (visit: Visit, id: string): Response => {
  const { one, leave } = waitlistWords[visit.reader.locale];
  return formPage(
    visit,
    { title: leave.title, lead: leave.lead, at: 'appointments' },
    <Form visit={visit} action={`/waitlist/${id}/leave`}>
      <p class="row">
        <button type="submit" class="danger">
          {one.leave}
        </button>
        <a href={`/waitlist/${id}`}>{leave.keep}</a>
      </p>
    </Form>,
  );
};

/** Leaves the line. */
export const leave = async (visit: Visit, id: string): Promise<Response> => {
  const outcome = await asked(visit.api.waitlist[':id'].$delete({ param: { id } }, { headers: visit.once.headers }));
  return visit.done(outcome, '/waitlist', 'left_line', (problem) => problemPage(visit, problem));
};
