import { addDays, type LocalDate } from '../../domain/local-date.ts';
import { localDateOf } from '../../domain/zoned-time.ts';
import { asked } from '../api.ts';
import { Icon, VideoKey } from '../components/icon.tsx';
import { Empty, Skeleton, Tabs } from '../components/parts.tsx';
import { shortDateText, timeText, zoneText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { Day, type ShownDay, SlotTemplate } from './day.tsx';
import type { Doctor } from './doctor.tsx';
import { findWords } from './words.ts';

const daysShown = 7;

type Mode = Doctor['modes'][number];

/** A week of a doctor's free times. */
interface ShownWeek {
  readonly doctor: Doctor;
  readonly days: readonly ShownDay[];
  readonly today: LocalDate;
  /** Only visits of this mode are shown. */
  readonly mode: Mode | undefined;
}

/** Reads a week from a local date of the doctor on, in one question however many days. */
export const weekOf = async (
  { api }: Visit,
  doctor: Doctor,
  from: LocalDate,
  today: LocalDate,
  mode: Mode | undefined,
): Promise<ShownWeek> => {
  const to = addDays(from, daysShown - 1);
  const found = await asked(
    api.doctors[':id'].availability.$get({ param: { id: doctor.id }, query: { from, to, include: 'slots' } }),
  );
  const days = found.ok ? found.value.days : [];
  return {
    ...{ doctor, today, mode },
    days: days.map(({ date, slots, freeSlots = [] }) => ({
      date: date as LocalDate,
      isOpen: slots > 0,
      slots: freeSlots.filter((slot) => mode === undefined || slot.mode === mode),
    })),
  };
};

/** The free times of a week: columns where there is room, else a list of days. Scripts keep it as it truly is. */
export const Week = ({ visit, doctor, days, today, mode }: ShownWeek & { readonly visit: Visit }) => {
  const { locale } = visit.reader;
  const words = findWords[locale].doctor;
  const from = days[0]?.date ?? today;
  const isEmpty = days.every(({ slots }) => slots.length === 0);
  return (
    <section id="times" aria-labelledby="times-title">
      <h2 id="times-title">{words.times}</h2>
      <p class="soft">
        {visit.words.inZone(zoneText(doctor.timeZone, locale, `${from}T12:00:00Z`))}
        <YourClock visit={visit} timeZone={doctor.timeZone} at={`${from}T06:00:00Z`} />
        {doctor.modes.length < 2 || mode !== undefined ? null : (
          <>
            {' '}
            <VideoKey visit={visit} />
          </>
        )}
      </p>
      {doctor.modes.length < 2 ? null : (
        <Tabs
          label={words.visits}
          at={pathOf(doctor.id, from, today, mode)}
          tabs={([undefined, ...doctor.modes] as const).map((one) => [
            pathOf(doctor.id, from, today, one),
            one === undefined ? words.every : visit.words.modes[one],
          ])}
        />
      )}
      <div
        data-live={doctor.id}
        data-zone={doctor.timeZone}
        data-mode={mode}
        data-words={JSON.stringify({
          ...{ book: words.book('{clock}', '{day}'), live: words.live, offline: words.offline },
          ...{ taken: words.taken('{time}'), takenMany: words.takenMany('{n}') },
          ...{ freed: words.freed('{time}'), freedMany: words.freedMany('{n}'), loading: words.loading },
        })}
      >
        <Turn visit={visit} doctor={doctor} days={days} today={today} mode={mode} />
        <p class="soft pulse" role="status" data-said>
          {/* Without a fragment: only so is the page loaded anew. */}
          <a href={pathOf(doctor.id, from, today, mode).replace('#times', '')} data-refresh>
            {words.refresh}
          </a>
        </p>
        <div data-week>
          {isEmpty ? <Nothing visit={visit} doctor={doctor} mode={mode} /> : null}
          <ol class="days">
            {days.map((day) => (
              <Day visit={visit} doctor={doctor} day={day} />
            ))}
          </ol>
        </div>
        <SlotTemplate />
        <template data-skeleton>
          <Skeleton lines={8} />
        </template>
      </div>
      <p>
        {words.waitlistLead} <a href={`/waitlist/join?doctor=${doctor.id}`}>{words.waitlist}</a>
      </p>
    </section>
  );
};

/** How the reader's clock differs, where it does. */
const YourClock = ({
  visit,
  timeZone,
  at,
}: {
  readonly visit: Visit;
  readonly timeZone: string;
  readonly at: string;
}) => {
  const { locale, timeZone: own } = visit.reader;
  const there = timeText(at, timeZone, locale);
  const here = own === null ? there : timeText(at, own, locale);
  return here === there ? null : <> {findWords[locale].doctor.yourClock(there, here)}</>;
};

/** Which week it is, and the way to the others that can be booked. */
const Turn = ({ visit, doctor, days, today, mode }: ShownWeek & { readonly visit: Visit }) => {
  const { locale } = visit.reader;
  const words = findWords[locale].doctor;
  const [from, to] = [days[0]?.date ?? today, days.at(-1)?.date ?? today];
  const before = addDays(from, -daysShown);
  const next = addDays(from, daysShown);
  const isLast = next > addDays(today, doctor.bookingWindowDays);
  return (
    <nav class="row turn" aria-label={words.weeks}>
      {from <= today ? null : (
        <a
          class="button plain"
          data-turn="earlier"
          href={pathOf(doctor.id, before < today ? today : before, today, mode)}
        >
          {words.earlier}
        </a>
      )}
      <strong data-span>{words.week(shortDateText(from, locale), shortDateText(to, locale))}</strong>
      {isLast ? null : (
        <a class="button plain" data-turn="later" href={pathOf(doctor.id, next, today, mode)}>
          {words.later}
        </a>
      )}
    </nav>
  );
};

const Nothing = ({
  visit,
  doctor,
  mode,
}: {
  readonly visit: Visit;
  readonly doctor: Doctor;
  readonly mode: Mode | undefined;
}) => {
  const { locale } = visit.reader;
  const words = findWords[locale].doctor;
  const at = doctor.nextAvailableAt;
  return (
    <Empty title={words.emptyWeek}>
      {at === null ? null : (
        <p>
          <a href={pathOf(doctor.id, localDateOf(Date.parse(at), doctor.timeZone), null, mode)}>
            <Icon name="calendar" /> {words.nextFree(timeText(at, doctor.timeZone, locale))}
          </a>
        </p>
      )}
    </Empty>
  );
};

/** The address of a week. That of today has no date, so that it stays right tomorrow. */
const pathOf = (id: string, from: LocalDate, today: LocalDate | null, mode: Mode | undefined): string => {
  const query = new URLSearchParams({
    ...(from === today ? {} : { from }),
    ...(mode === undefined ? {} : { mode }),
  }).toString();
  return `/doctors/${id}${query === '' ? '' : `?${query}`}#times`;
};
