import type { InferResponseType } from 'hono/client';
import type { PageApi } from '../../api.ts';
import { ActionButton } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Badge, StatusBadge, type Tone } from '../../components/parts.tsx';
import { Clock } from '../../components/time.tsx';
import { clockText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { dayWords } from './words.ts';

type Appointments = InferResponseType<PageApi['appointments']['$get'], 200>;
type Queue = InferResponseType<PageApi['doctors'][':id']['queue']['$get'], 200>;

/** An appointment of the day, with where it stands in the waiting room. */
export interface Entry {
  readonly appointment: Appointments['items'][number];
  /** `null` on other days than today, and of what nobody has agreed on. */
  readonly queued: Queue['items'][number] | null;
}

const tones: Readonly<Record<string, Tone>> = { waiting: 'warn', called_in: 'blue', completed: 'good', no_show: 'bad' };

/** Who is with the doctor, and who comes next: those who wait in their order, then who is expected. */
export const NextPatient = ({ visit, entries }: { readonly visit: Visit; readonly entries: readonly Entry[] }) => {
  const words = dayWords[visit.reader.locale];
  const inside = entries.filter(({ queued }) => queued?.state === 'called_in');
  const next =
    entries.find(({ queued }) => queued?.state === 'waiting' && queued.ahead === 0) ??
    entries.find(({ queued }) => queued?.state === 'waiting') ??
    entries.find(({ queued }) => queued?.state === 'expected');
  if (next === undefined && inside.length === 0) return <p class="soft">{words.next.none}</p>;
  return (
    <ul class="cards many">
      {inside.map((entry) => (
        <Card visit={visit} entry={entry} title={words.next.with} />
      ))}
      {next === undefined ? null : (
        <Card
          visit={visit}
          entry={next}
          title={next.queued?.state === 'waiting' ? words.next.waiting : words.next.expected}
        />
      )}
    </ul>
  );
};

const Card = ({ visit, entry, title }: { readonly visit: Visit; readonly entry: Entry; readonly title: string }) => {
  const words = dayWords[visit.reader.locale];
  const { appointment, queued } = entry;
  const { timeZone } = appointment;
  return (
    <li class="card next">
      <h2>{title}</h2>
      <p class="who">
        <a href={`/day/${appointment.id}`}>{appointment.patientName ?? words.nameless}</a>
      </p>
      <p>
        <Clock visit={visit} at={appointment.startsAt} timeZone={timeZone} /> · {visit.words.modes[appointment.mode]}
        {queued?.checkedInAt == null
          ? null
          : ` · ${words.next.since(clockText(queued.checkedInAt, timeZone, visit.reader.locale))}`}
      </p>
      {appointment.reason == null || appointment.reason === '' ? null : <p>{appointment.reason}</p>}
      <Actions visit={visit} entry={entry} />
    </li>
  );
};

/** The day from its first appointment to its last; today with a line where it is now. */
export const Timeline = ({
  visit,
  entries,
  isToday,
  timeZone,
}: {
  readonly visit: Visit;
  readonly entries: readonly Entry[];
  readonly isToday: boolean;
  readonly timeZone: string;
}) => {
  const words = dayWords[visit.reader.locale];
  const now = new Date().toISOString();
  const before = entries.findIndex(({ appointment }) => appointment.startsAt > now);
  const at = before === -1 ? entries.length : before;
  const line = (
    <li class="now">
      <span>
        {words.now} <Clock visit={visit} at={now} timeZone={timeZone} />
      </span>
    </li>
  );
  return (
    <ol class="timeline" aria-labelledby="timeline">
      {entries.slice(0, at).map((entry) => (
        <Row visit={visit} entry={entry} />
      ))}
      {isToday ? line : null}
      {entries.slice(at).map((entry) => (
        <Row visit={visit} entry={entry} />
      ))}
    </ol>
  );
};

const Row = ({ visit, entry }: { readonly visit: Visit; readonly entry: Entry }) => {
  const words = dayWords[visit.reader.locale];
  const { appointment, queued } = entry;
  const name = appointment.patientName ?? words.nameless;
  return (
    <li
      class={queued?.state === 'completed' || queued?.state === 'no_show' ? 'past' : ''}
      // Confirming takes a moment to be seen here, and tells nobody that a time was taken.
      {...(appointment.status === 'pending' ? { 'data-live-soon': '3' } : {})}
    >
      <p class="when">
        <Clock visit={visit} at={appointment.startsAt} timeZone={appointment.timeZone} />
        {' – '}
        <Clock visit={visit} at={appointment.endsAt} timeZone={appointment.timeZone} />
      </p>
      <div class="what">
        <h3>
          <a href={`/day/${appointment.id}`}>{name}</a>
        </h3>
        <p class="soft">
          {visit.words.modes[appointment.mode]}
          {appointment.clinicName == null ? '' : ` · ${appointment.clinicName}`}
          {appointment.reason == null || appointment.reason === '' ? '' : ` · ${appointment.reason}`}
        </p>
        <p class="badges">
          {queued === null ? (
            <StatusBadge visit={visit} status={appointment.status} />
          ) : (
            <Badge tone={tones[queued.state] ?? 'plain'}>{words.states[queued.state]}</Badge>
          )}{' '}
          {appointment.outsideSchedule ? <Badge tone="warn">{words.outside}</Badge> : null}{' '}
          {appointment.priority === 'emergency' ? <Badge tone="bad">{words.emergency}</Badge> : null}
        </p>
      </div>
      <Actions visit={visit} entry={entry} />
    </li>
  );
};

const Actions = ({ visit, entry }: { readonly visit: Visit; readonly entry: Entry }) => {
  const words = dayWords[visit.reader.locale];
  const { appointment, queued } = entry;
  const { id } = appointment;
  const name = appointment.patientName ?? words.nameless;
  const hasBegun = Date.parse(appointment.startsAt) <= Date.now();
  const mayNotHaveCome = appointment.status === 'confirmed' && hasBegun && queued?.state !== 'called_in';
  return (
    <div class="actions">
      {queued?.state === 'expected' ? (
        <ActionButton visit={visit} action={`/day/${id}/check-in`} label={words.checkInOf(name)}>
          <Icon name="check" /> {words.checkIn}
        </ActionButton>
      ) : null}
      {queued?.state === 'waiting' ? (
        <ActionButton visit={visit} action={`/day/${id}/call-in`} kind="main" label={words.callInOf(name)}>
          {words.callIn}
        </ActionButton>
      ) : null}
      {queued?.state === 'called_in' ? (
        <a class="button" href={`/day/${id}`} aria-label={words.openOf(name)}>
          {words.open}
        </a>
      ) : null}
      {appointment.status === 'awaiting_approval' ? (
        <a class="button plain" href="/requests">
          {words.answer}
        </a>
      ) : null}
      {mayNotHaveCome ? (
        <a class="button danger" href={`/day/${id}/no-show`} aria-label={words.noShowOf(name)}>
          {words.noShow}
        </a>
      ) : null}
    </div>
  );
};
