import type { Locale } from '../../domain/notifications/preferences.ts';
import { localDateOf } from '../../domain/zoned-time.ts';
import type { PageApi, wanted } from '../api.ts';
import { Badge } from '../components/parts.tsx';
import { clockText, dateText, moneyText, numberText, shortDateText, zoneText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { Portrait } from './portrait.tsx';
import { Rating } from './rating.tsx';
import { findWords } from './words.ts';

/** A doctor as a search finds them. */
export type Found = Awaited<ReturnType<typeof wanted<ReturnType<PageApi['doctors']['$get']>>>>['items'][number];

/** One doctor of a list, with the next free times. */
export const Result = ({
  visit,
  doctor,
  speciality,
  zoneNamed,
}: {
  readonly visit: Visit;
  readonly doctor: Found;
  /** In the reader's language. */
  readonly speciality: string;
  /** Which the page has named for all its times; another is named here. */
  readonly zoneNamed: string | undefined;
}) => {
  const { reader, words } = visit;
  const own = findWords[reader.locale];
  const away = doctor.distanceKm;
  return (
    <li class="card result">
      <Portrait of={doctor} />
      <div class="about">
        <h2>
          <a href={`/doctors/${doctor.id}`}>{doctor.fullName}</a>
        </h2>
        <p>
          {speciality}
          {doctor.clinics.map(({ name, city }) => ` · ${name}, ${city}`)}
          {away === null
            ? null
            : ` · ${own.doctor.away(numberText(away, reader.locale, { maximumFractionDigits: away < 10 ? 1 : 0 }))}`}
        </p>
        <p class="marks">
          <Rating visit={visit} rating={doctor.rating} reviewCount={doctor.reviewCount} />
          <span>{moneyText(doctor.consultationFee, reader.locale)}</span>
          {doctor.modes.map((mode) => (
            <Badge>{words.modes[mode]}</Badge>
          ))}
        </p>
      </div>
      <NextTimes visit={visit} doctor={doctor} zoneNamed={zoneNamed} />
    </li>
  );
};

/** The name of the zone that a doctor's next time is in; `undefined` without a next time. */
export const zoneOfNext = ({ timeZone, nextSlots: [first] }: Found, locale: Locale): string | undefined =>
  first === undefined ? undefined : zoneText(timeZone, locale, first.startsAt);

/** So many next times stand in sight: with the way to all the others they are one line on a phone. */
const inSight = 3;

/** The next free times, by date. */
const NextTimes = ({
  visit,
  doctor,
  zoneNamed,
}: {
  readonly visit: Visit;
  readonly doctor: Found;
  readonly zoneNamed: string | undefined;
}) => {
  const { locale } = visit.reader;
  const words = findWords[locale].doctor;
  const next = doctor.nextSlots.slice(0, inSight);
  const zone = zoneOfNext(doctor, locale);
  const days = [...Map.groupBy(next, ({ startsAt }) => localDateOf(Date.parse(startsAt), doctor.timeZone))];
  const all = (
    <a class="slot plain" href={`/doctors/${doctor.id}#times`} aria-label={words.allTimesOf(doctor.fullName)}>
      {words.allTimes}
    </a>
  );
  return (
    <div class="soonest">
      <p class="soft">{zone === undefined ? words.nothing : words.next(zone === zoneNamed ? undefined : zone)}</p>
      {zone === undefined ? all : null}
      <ol>
        {days.map(([date, slots], n) => (
          <li>
            <span class="date">{shortDateText(date, locale)}</span>
            <ul class="slots">
              {slots.map(({ id, startsAt }) => (
                <li>
                  <a
                    class="slot"
                    href={`/book/${id}`}
                    aria-label={`${clockText(startsAt, doctor.timeZone, locale)}, ${dateText(date, locale)}, ${doctor.fullName}`}
                  >
                    {clockText(startsAt, doctor.timeZone, locale)}
                  </a>
                </li>
              ))}
              {n === days.length - 1 ? <li>{all}</li> : null}
            </ul>
          </li>
        ))}
      </ol>
    </div>
  );
};
