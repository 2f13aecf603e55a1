import { addDays } from '../../../domain/local-date.ts';
import { Icon } from '../../components/icon.tsx';
import { Badge, Heading, StatusBadge } from '../../components/parts.tsx';
import { Clock } from '../../components/time.tsx';
import { clockText, shortDateText, zoneText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { missingOf, Unverified } from '../unverified.tsx';
import { type Appointment, type Day, dateOr, daysShown, doctorNow, type Free, weekFrom } from './read.ts';
import { weekWords } from './words.ts';

/** More starts of slots than these stand below each other without being in line with those of other days. */
const maxRows = 48;

/** From so much time on between two starts, that between morning and evening shows as a break. */
const breakMinutes = 90;

const minutesOf = (clock = '00:00'): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** A doctor's week, today and six days more unless another day is asked for: seven columns in line by time where there is room, else a list of days. */
export const weekPage = async (visit: Visit, asked: string | undefined): Promise<Response> => {
  const { reader } = visit;
  const words = weekWords[reader.locale];
  const { doctor, today } = await doctorNow(visit);
  const from = dateOr(asked, today);
  const to = addDays(from, daysShown - 1);
  const [days, missing] = await Promise.all([
    weekFrom(visit, from, doctor.timeZone),
    missingOf(visit, doctor.verified),
  ]);
  const clock = (at: string): string => clockText(at, doctor.timeZone, 'en');
  const starts = [...new Set(days.flatMap((day) => inOrder(day).map((one) => clock(one.startsAt))))].sort();
  const afterBreak = new Set(
    starts.filter((start, i) => i > 0 && minutesOf(start) - minutesOf(starts[i - 1]) > breakMinutes),
  );
  const rowOf = (at: string): string =>
    [
      ...(starts.length > maxRows ? [] : [`at-${starts.indexOf(clock(at)) + 1}`]),
      ...(afterBreak.has(clock(at)) ? ['after-break'] : []),
    ].join(' ');
  return visit.show(
    { title: words.title, at: 'week', islands: ['live-region', 'drag-visits'] },
    <>
      <Heading
        title={words.title}
        lead={`${words.range(shortDateText(from, reader.locale), shortDateText(to, reader.locale))} · ${visit.words.inZone(
          zoneText(doctor.timeZone, reader.locale, `${from}T12:00:00Z`),
        )}`}
      >
        <a class="button plain" href={`/week?from=${addDays(from, -daysShown)}`}>
          {words.earlier}
        </a>
        {from === today ? null : (
          <a class="button plain" href="/week">
            {words.now}
          </a>
        )}
        <a class="button plain" href={`/week?from=${addDays(from, daysShown)}`}>
          {words.later}
        </a>
      </Heading>
      <Unverified visit={visit} missing={missing} />
      <p class="soft">{words.how}</p>
      <div
        id="week"
        data-live="60"
        data-live-doctor={doctor.verified ? doctor.id : undefined}
        data-live-days={days
          .map(({ date }) => date)
          .filter((date) => date >= today)
          .join(',')}
        data-live-said={words.changed}
      >
        <ol class="week">
          {days.map((day) => (
            <li class={day.date === today ? 'is-today' : ''}>
              <h2>
                <a href={`/day?date=${day.date}`}>{shortDateText(day.date, reader.locale)}</a>
              </h2>
              {day.away.map(({ start, end }) => (
                <p class="off">{start === null || end === null ? words.away : words.awayPart(start, end)}</p>
              ))}
              {inOrder(day).length === 0 && day.away.length === 0 ? <p class="soft none">{words.nothing}</p> : null}
              <ol>
                {[...Map.groupBy(inOrder(day), ({ startsAt }) => startsAt)].map(([startsAt, together]) => (
                  <li class={rowOf(startsAt)}>
                    {together.map((one) =>
                      'status' in one ? (
                        <Booked visit={visit} appointment={one} />
                      ) : (
                        <FreeTime visit={visit} slot={one} timeZone={doctor.timeZone} />
                      ),
                    )}
                  </li>
                ))}
              </ol>
            </li>
          ))}
        </ol>
      </div>
    </>,
  );
};

/** What is booked and what is free on a day, by time. */
const inOrder = ({ appointments, free }: Day): (Appointment | Free)[] =>
  [...appointments, ...free].toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : a.startsAt > b.startsAt ? 1 : 0));

const Booked = ({ visit, appointment }: { readonly visit: Visit; readonly appointment: Appointment }) => {
  const words = weekWords[visit.reader.locale];
  const { id, startsAt, timeZone, status } = appointment;
  const name = appointment.patientName ?? words.nameless;
  const isMovable = status === 'confirmed' && Date.parse(startsAt) > Date.now();
  return (
    <div class="booked" {...(isMovable ? { 'data-visit': id } : {})}>
      <p>
        <Clock visit={visit} at={startsAt} timeZone={timeZone} /> <VideoMark visit={visit} mode={appointment.mode} />
      </p>
      <p>
        <a href={`/day/${id}`}>{name}</a>
      </p>
      {status === 'confirmed' ? null : (
        <p>
          <StatusBadge visit={visit} status={status} />
        </p>
      )}
      {appointment.outsideSchedule ? (
        <p>
          <Badge tone="warn">{words.outside}</Badge>
        </p>
      ) : null}
      {isMovable ? (
        <p>
          <a
            class="move"
            href={`/week/${id}/move`}
            aria-label={words.moveOf(name, clockText(startsAt, timeZone, visit.reader.locale))}
          >
            {words.move}
          </a>
        </p>
      ) : null}
    </div>
  );
};

/** Says that a visit is one by video. */
export const VideoMark = ({ visit, mode }: { readonly visit: Visit; readonly mode: string }) =>
  mode === 'video' ? (
    <>
      <Icon name="video" /> <span class="unseen">{visit.words.modes[mode]}</span>
    </>
  ) : null;

const FreeTime = ({
  visit,
  slot,
  timeZone,
}: {
  readonly visit: Visit;
  readonly slot: Free;
  readonly timeZone: string;
}) => {
  const words = weekWords[visit.reader.locale];
  return (
    <p class="free" data-slot={slot.id}>
      {words.free(clockText(slot.startsAt, timeZone, visit.reader.locale))} <VideoMark visit={visit} mode={slot.mode} />{' '}
      {slot.remaining > 1 ? words.seats(slot.remaining) : null}
    </p>
  );
};
