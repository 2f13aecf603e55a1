import { localDateOf } from '../../../domain/zoned-time.ts';
import { ActionButton } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Badge, StatusBadge } from '../../components/parts.tsx';
import { dayWords } from '../day/words.ts';
import type { Shown } from './read.ts';

/** How the visit stands: of who is there, that they wait or have been called in. */
export const ArrivalBadge = ({ shown }: { readonly shown: Shown }) => {
  const { visit, appointment, standing } = shown;
  const { states } = dayWords[visit.reader.locale];
  if (standing?.checkedInAt == null) return <StatusBadge visit={visit} status={appointment.status} />;
  return standing.calledAt === null ? (
    <Badge tone="warn">{states.waiting}</Badge>
  ) : (
    <Badge tone="blue">{states.called_in}</Badge>
  );
};

/** What is next of a patient who comes today: to be checked in, then to be called in. */
export const Arrival = ({ shown }: { readonly shown: Shown }) => {
  const { visit, appointment, standing } = shown;
  const { id, startsAt, timeZone } = appointment;
  const words = dayWords[visit.reader.locale];
  const isToday = localDateOf(Date.parse(startsAt), timeZone) === localDateOf(Date.now(), timeZone);
  if (standing === null || !isToday || standing.calledAt !== null) return null;
  const fields = { from: 'visit' };
  return standing.checkedInAt === null ? (
    <ActionButton visit={visit} action={`/day/${id}/check-in`} fields={fields}>
      <Icon name="check" /> {words.checkIn}
    </ActionButton>
  ) : (
    <ActionButton visit={visit} action={`/day/${id}/call-in`} fields={fields} kind="main">
      {words.callIn}
    </ActionButton>
  );
};
