import { hasEnded } from '../../domain/doctor-day/status.ts';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { wanted } from '../api.ts';
import type { Appointment } from '../book/appointment.ts';
import { Icon } from '../components/icon.tsx';
import { Empty, Heading, Pager, StatusBadge, Tabs } from '../components/parts.tsx';
import { Instant, mostOf, ZoneOfMost } from '../components/time.tsx';
import { clockText, timeText, zoneText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { appointmentWords } from './words.ts';

const shown = '50';

/** The views of what somebody has booked, and waits for. */
export const AppointmentTabs = ({ visit, at }: { readonly visit: Visit; readonly at: string }) => {
  const words = appointmentWords[visit.reader.locale].list;
  return (
    <Tabs
      label={words.views}
      at={at}
      tabs={[
        ['/appointments', words.upcoming],
        ['/appointments/past', words.past],
        ['/waitlist', words.waitlist],
      ]}
    />
  );
};

/** What is to come, the next first; below it, what was called off of that. */
export const upcomingPage = async (visit: Visit, cursor: string | undefined): Promise<Response> => {
  const words = appointmentWords[visit.reader.locale].list;
  const nowMs = Date.now();
  // A local date can be a day behind that of UTC.
  const from = addDays(utcDate(nowMs), -1);
  const { items, nextCursor } = await listOf(visit, { from, order: 'oldest', cursor });
  const ahead = items.filter(({ endsAt }) => Date.parse(endsAt) > nowMs);
  const standing = ahead.filter(({ status }) => !hasEnded(status));
  const off = ahead.filter(({ status }) => status === 'cancelled' || status === 'rejected');
  const zones = [...standing, ...off].map((one) => zoneOf(visit, one));
  const zoneNamed = mostOf(zones);
  return visit.show(
    { title: words.title, at: 'appointments' },
    <>
      <Heading title={words.title} />
      <AppointmentTabs visit={visit} at="/appointments" />
      <Zone visit={visit} named={zoneNamed} of={zones} />
      {standing.length === 0 ? (
        <NothingYet visit={visit} said={words.nothing} />
      ) : (
        <Cards visit={visit} of={standing} zoneNamed={zoneNamed} />
      )}
      {off.length === 0 ? null : (
        <>
          <h2>{words.calledOff}</h2>
          <Cards visit={visit} of={off} zoneNamed={zoneNamed} level="h3" />
        </>
      )}
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

/** What is over, the last first. */
export const pastPage = async (visit: Visit, cursor: string | undefined): Promise<Response> => {
  const words = appointmentWords[visit.reader.locale].list;
  const nowMs = Date.now();
  const { items, nextCursor } = await listOf(visit, { to: addDays(utcDate(nowMs), 1), order: 'newest', cursor });
  const over = items.filter(({ status, endsAt }) => Date.parse(endsAt) <= nowMs || hasEnded(status));
  const zones = over.map((one) => zoneOf(visit, one));
  const zoneNamed = mostOf(zones);
  return visit.show(
    { title: words.past, at: 'appointments' },
    <>
      <Heading title={words.title} />
      <AppointmentTabs visit={visit} at="/appointments/past" />
      <Zone visit={visit} named={zoneNamed} of={zones} />
      {over.length === 0 ? (
        <NothingYet visit={visit} said={words.nothingPast} />
      ) : (
        <Cards visit={visit} of={over} zoneNamed={zoneNamed} />
      )}
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

const listOf = (
  visit: Visit,
  { cursor, ...query }: { from?: string; to?: string; order: 'oldest' | 'newest'; cursor: string | undefined },
) =>
  wanted(
    visit.api.appointments.$get({ query: { ...query, limit: shown, ...(cursor === undefined ? {} : { cursor }) } }),
  );

const zoneOf = ({ reader }: Visit, { timeZone, startsAt }: Appointment): string =>
  zoneText(timeZone, reader.locale, startsAt);

const Zone = (parts: Parameters<typeof ZoneOfMost>[0]) =>
  parts.named === undefined ? null : (
    <p>
      <ZoneOfMost {...parts} />
    </p>
  );

const NothingYet = ({ visit, said }: { readonly visit: Visit; readonly said: string }) => (
  <Empty title={said}>
    <a class="button plain" href="/">
      <Icon name="search" /> {appointmentWords[visit.reader.locale].list.find}
    </a>
  </Empty>
);

const Cards = ({
  visit,
  of,
  zoneNamed,
  level: Level = 'h2',
}: {
  readonly visit: Visit;
  readonly of: readonly Appointment[];
  readonly zoneNamed: string | undefined;
  readonly level?: 'h2' | 'h3';
}) => (
  <ul class="cards">
    {of.map((one) => (
      <li class="card appointment">
        <Level>
          {/* The time stands below; who goes from link to link hears it here. */}
          <a
            href={`/appointments/${one.id}`}
            aria-label={`${one.doctorName}, ${timeText(one.startsAt, one.timeZone, visit.reader.locale)}`}
          >
            {one.doctorName}
          </a>
        </Level>
        <p>
          <span class="moment">
            <Instant
              {...{ visit, at: one.startsAt, timeZone: one.timeZone }}
              withZone={zoneOf(visit, one) !== zoneNamed}
            />
          </span>
          {one.patientId === visit.who?.id ? null : ` · ${one.patientName}`}
          {` · ${visit.words.modes[one.mode]}`}
          {one.clinicName == null ? null : `, ${one.clinicName}`}
        </p>
        <p class="row">
          <StatusBadge visit={visit} status={one.status} />
          <Next visit={visit} of={one} />
        </p>
      </li>
    ))}
  </ul>
);

const Next = ({ visit, of }: { readonly visit: Visit; readonly of: Appointment }) =>
  of.status === 'pending' && of.expiresAt !== null ? (
    <a class="button" href={`/appointments/${of.id}/confirm`}>
      {appointmentWords[visit.reader.locale].list.confirmNow(clockText(of.expiresAt, of.timeZone, visit.reader.locale))}
    </a>
  ) : null;
