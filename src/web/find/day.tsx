import type { LocalDate } from '../../domain/local-date.ts';
import { Icon } from '../components/icon.tsx';
import { clockText, dateText, shortDateText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import type { Doctor } from './doctor.tsx';
import { findWords } from './words.ts';

/** A free time. */
interface ShownSlot {
  readonly id: string;
  readonly startsAt: string;
  readonly mode: 'in_person' | 'video';
  readonly clinicId: string | null;
}

/** A local date of a doctor, and what is free on it. */
export interface ShownDay {
  readonly date: LocalDate;
  /** Whether the doctor works on it at all: only then can anything change. */
  readonly isOpen: boolean;
  readonly slots: readonly ShownSlot[];
}

/** So many times stand in sight; more can be opened. */
const inSight = 8;

/** A day of a week: its free times, the later ones folded away. */
export const Day = ({
  visit,
  doctor,
  day,
}: {
  readonly visit: Visit;
  readonly doctor: Doctor;
  readonly day: ShownDay;
}) => {
  const { locale } = visit.reader;
  const words = findWords[locale].doctor;
  const { date, slots, isOpen } = day;
  const [first, rest] = [slots.slice(0, inSight), slots.slice(inSight)];
  const places =
    doctor.clinics.length < 2 ? [] : doctor.clinics.filter(({ id }) => slots.some((s) => s.clinicId === id));
  const long = dateText(date, locale);
  const toSlot = (slot: ShownSlot) => <Slot visit={visit} doctor={doctor} slot={slot} day={long} />;
  return (
    <li class="day" data-date={date} {...(isOpen ? { 'data-open': '' } : {})} data-day={long}>
      <h3>{shortDateText(date, locale)}</h3>
      {places.length === 0 ? null : <p class="soft">{places.map(({ name }) => name).join(' · ')}</p>}
      <p class="soft" hidden={slots.length > 0} data-full>
        {words.full}
      </p>
      <ul class="slots" data-slots>
        {first.map(toSlot)}
      </ul>
      {rest.length === 0 ? null : (
        <details>
          <summary>{words.more(rest.length)}</summary>
          <ul class="slots" data-slots>
            {rest.map(toSlot)}
          </ul>
        </details>
      )}
    </li>
  );
};

const Slot = ({
  visit,
  doctor,
  slot,
  day,
}: {
  readonly visit: Visit;
  readonly doctor: Doctor;
  readonly slot: ShownSlot;
  readonly day: string;
}) => {
  const { locale } = visit.reader;
  const clock = clockText(slot.startsAt, doctor.timeZone, locale);
  const isMarked = slot.mode === 'video' && doctor.modes.length > 1;
  const where = doctor.clinics.length < 2 ? undefined : doctor.clinics.find(({ id }) => id === slot.clinicId)?.name;
  const said = [
    findWords[locale].doctor.book(clock, day),
    ...(isMarked ? [visit.words.modes.video] : []),
    ...(where === undefined ? [] : [where]),
  ];
  return (
    <li data-slot={slot.id} data-starts={slot.startsAt}>
      <a class="slot" href={`/book/${slot.id}`} aria-label={said.join(', ')}>
        {clock}
        {isMarked ? <Icon name="video" /> : null}
      </a>
    </li>
  );
};

/** What a script makes a time of that was not there when the page was made. */
export const SlotTemplate = () => (
  <template data-template>
    <li>
      <a class="slot" href="/">
        …
      </a>
    </li>
  </template>
);
