import { asked } from '../api.ts';
import type { Appointment } from '../book/appointment.ts';
import { ActionButton } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { Note } from '../components/parts.tsx';
import { clockText, numberText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { appointmentWords } from './words.ts';

const hourMs = 3_600_000;
/** The hours round an appointment in which its queue and its room are asked about. */
const [hoursBefore, hoursAfter, checkInHours] = [12, 6, 2] as const;

/** Where somebody stands in the queue, and in which room the visit is: near its time only. */
export const standingOf = async (visit: Visit, { id, status, startsAt, mode }: Appointment) => {
  const untilMs = Date.parse(startsAt) - Date.now();
  if (status !== 'confirmed' || untilMs > hoursBefore * hourMs || untilMs < -hoursAfter * hourMs) return null;
  const { api } = visit;
  const [queue, room] = await Promise.all([
    asked(api.appointments[':id'].queue.$get({ param: { id } })),
    mode === 'video' ? asked(api.appointments[':id'].video.$get({ param: { id } })) : null,
  ]);
  return { queue: queue.ok ? queue.value : null, room, mayCheckIn: untilMs <= checkInHours * hourMs };
};

type Standing = NonNullable<Awaited<ReturnType<typeof standingOf>>>;

/** Checking in, the queue, the doctor's delay, and the way into a visit by video. */
export const AtTheVisit = ({
  visit,
  appointment,
  standing,
}: {
  readonly visit: Visit;
  readonly appointment: Appointment;
  readonly standing: Standing | null;
}) => {
  const words = appointmentWords[visit.reader.locale].visit;
  if (appointment.status !== 'confirmed') return null;
  if (standing === null)
    return <p class="soft">{appointment.mode === 'video' ? words.videoFrom : words.checkInFrom}</p>;
  const { queue, room, mayCheckIn } = standing;
  return (
    <>
      {queue === null ? null : <Queue visit={visit} queue={queue} />}
      {queue !== null && queue.checkedInAt === null && mayCheckIn && appointment.mode === 'in_person' ? (
        <ActionButton visit={visit} action={`/appointments/${appointment.id}/check-in`} kind="main">
          <Icon name="check" /> {appointmentWords[visit.reader.locale].act.checkIn}
        </ActionButton>
      ) : null}
      {!mayCheckIn && appointment.mode === 'in_person' ? <p class="soft">{words.checkInFrom}</p> : null}
      {room === null ? null : <Room visit={visit} room={room} timeZone={appointment.timeZone} />}
    </>
  );
};

const Queue = ({ visit, queue }: { readonly visit: Visit; readonly queue: NonNullable<Standing['queue']> }) => {
  const { locale } = visit.reader;
  const words = appointmentWords[locale].visit;
  const { checkedInAt, calledAt, ahead, delayMinutes } = queue;
  return (
    <>
      {delayMinutes > 0 ? (
        <Note tone="warn">
          <p>
            <Icon name="clock" /> {words.late(numberText(delayMinutes, locale))}
          </p>
        </Note>
      ) : null}
      {checkedInAt === null ? null : (
        <Note tone={calledAt === null ? 'blue' : 'good'}>
          <p>
            <strong>
              {calledAt !== null
                ? words.called
                : ahead === null
                  ? words.checkedIn
                  : words.ahead(ahead, numberText(ahead, locale))}
            </strong>
          </p>
        </Note>
      )}
    </>
  );
};

const Room = ({
  visit,
  room,
  timeZone,
}: {
  readonly visit: Visit;
  readonly room: NonNullable<Standing['room']>;
  readonly timeZone: string;
}) => {
  const words = appointmentWords[visit.reader.locale].visit;
  if (room.ok) {
    return (
      <p>
        <a class="button" href={room.value.url} rel="noreferrer">
          <Icon name="video" /> {words.video}
        </a>
      </p>
    );
  }
  const { opensAt } = room.problem.more;
  return (
    <p class="soft">
      {typeof opensAt === 'string' && Date.parse(opensAt) > Date.now()
        ? words.videoOpens(clockText(opensAt, timeZone, visit.reader.locale))
        : words.videoFrom}
    </p>
  );
};
