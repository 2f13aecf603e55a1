import type { Child } from 'hono/jsx';
import { Badge, StatusBadge, Table } from '../../components/parts.tsx';
import { mostOf, ZoneOfMost } from '../../components/time.tsx';
import { timeText, zoneText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { type Booking, pathOf, pathOfPatient, wordsFor } from './calls.ts';

/** A table of appointments. The zone of most is named above it, another one where it is. */
export const Bookings = ({
  visit,
  caption,
  items,
}: {
  readonly visit: Visit;
  readonly caption: string;
  readonly items: readonly Booking[];
}) => {
  const { list } = wordsFor(visit);
  const zoneOf = ({ timeZone, startsAt }: Booking): string => zoneText(timeZone, visit.reader.locale, startsAt);
  const zones = items.map(zoneOf);
  const named = mostOf(zones);
  return (
    <>
      <p>
        <ZoneOfMost visit={visit} named={named} of={zones} />
      </p>
      <Table
        stacks
        caption={caption}
        head={[list.when, list.patient, list.doctor, list.clinic, list.status]}
        rows={items.map((item) => rowOf(visit, item, zoneOf(item) === named ? null : zoneOf(item)))}
      />
    </>
  );
};

/** An appointment as a row; its time leads to it. */
const rowOf = (visit: Visit, item: Booking, zone: string | null): Child[] => {
  const { list } = wordsFor(visit);
  const { locale, timeZone } = visit.reader;
  const there = timeText(item.startsAt, item.timeZone, locale);
  const here = timeText(item.startsAt, timeZone ?? item.timeZone, locale);
  return [
    <>
      <a href={pathOf(item.id)}>
        <time datetime={item.startsAt}>{there}</time>
      </a>
      {zone === null && there === here ? null : (
        <div class="soft">{[zone, there === here ? null : visit.words.yourTime(here)].filter(Boolean).join(' · ')}</div>
      )}
    </>,
    <a href={pathOfPatient(item.patientId)}>{item.patientName ?? list.nameless}</a>,
    item.doctorName ?? '',
    item.clinicName ?? visit.words.modes[item.mode] ?? item.mode,
    <>
      <StatusBadge visit={visit} status={item.status} />{' '}
      {item.outsideSchedule ? <Badge tone="warn">{list.outside}</Badge> : null}{' '}
      {item.priority === 'emergency' ? <Badge tone="bad">{list.emergency}</Badge> : null}
    </>,
  ];
};
