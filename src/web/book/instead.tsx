import type { Child } from 'hono/jsx';
import { parseSlotId, slotId } from '../../domain/ids.ts';
import type { Problem } from '../api.ts';
import { asked } from '../api.ts';
import { Form } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { Empty, Heading } from '../components/parts.tsx';
import { timeText, zoneText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import type { Appointment } from './appointment.ts';
import { nearestFree, type Wanted } from './nearest.ts';
import { bookWords } from './words.ts';

/** Why somebody does not get the time that they wanted. */
export type Why = 'taken' | 'gone' | 'ranOut' | 'overlapping' | 'tooMany';

const whys: Readonly<Record<string, Why>> = {
  slot_full: 'taken',
  resource_unavailable: 'taken',
  slot_not_found: 'gone',
  outside_booking_window: 'gone',
  hold_expired: 'ranOut',
  already_booked: 'overlapping',
  too_many_holds: 'tooMany',
};

/** Why, by what the API refused; `null` where another time would not help. */
export const whyOf = ({ code }: Problem): Why | null => whys[code] ?? null;

/**
 * The page for who does not get the time that they wanted: the nearest free times of the same doctor, one click away.
 *
 * @param sent what a refused form said: then one click holds another time with the same words
 */
export const insteadPage = async (
  visit: Visit,
  wanted: Wanted,
  why: Why,
  sent: readonly (readonly [name: string, value: string])[] | null = null,
): Promise<Response> => {
  const { reader, api } = visit;
  const words = bookWords[reader.locale].instead;
  const [doctor, free] = await Promise.all([
    asked(api.doctors[':id'].$get({ param: { id: wanted.doctorId } })),
    nearestFree(visit, wanted),
  ]);
  const { title, lead } = words[why];
  const said = (startsAt: string): string =>
    doctor.ok ? timeText(startsAt, doctor.value.timeZone, reader.locale) : startsAt;
  const same = slotId(wanted, wanted.startsAtMs);
  // The copy that lists are made from may be a moment behind, and show as free what was just refused.
  const slots = free.filter(({ id }) => id !== same || why === 'ranOut');
  return visit.show(
    { title, status: why === 'ranOut' || sent === null ? 200 : 409, at: 'find' },
    <>
      <div tabindex={-1} data-focus>
        <Heading title={title} lead={lead} />
      </div>
      {doctor.ok ? (
        <p>
          <strong>{doctor.value.fullName}</strong>
          <span class="soft"> · {zoneText(doctor.value.timeZone, reader.locale, new Date().toISOString())}</span>
        </p>
      ) : null}
      {slots.length === 0 ? (
        <Empty title={words.none} />
      ) : (
        <>
          <h2 id="nearest">{words.nearest}</h2>
          <ul class="slots" aria-labelledby="nearest">
            {slots.map(({ id, startsAt }) => (
              <li>
                <Take
                  {...{ visit, sent, slot: id }}
                  label={id === same ? words.same(said(startsAt)) : words.book(said(startsAt))}
                >
                  {id === same ? words.same(said(startsAt)) : said(startsAt)}
                </Take>
              </li>
            ))}
          </ul>
        </>
      )}
      <Ways visit={visit} wanted={wanted} specialization={doctor.ok ? doctor.value.specialization : ''} />
    </>,
  );
};

const Take = ({
  visit,
  slot,
  sent,
  label,
  children,
}: {
  readonly visit: Visit;
  readonly slot: string;
  readonly sent: readonly (readonly [name: string, value: string])[] | null;
  readonly label: string;
  readonly children: Child;
}) =>
  sent === null ? (
    <a class="button plain" href={`/book/${slot}`} aria-label={label}>
      {children}
    </a>
  ) : (
    <Form visit={visit} action={`/book/${slot}`} class="inline">
      {sent.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class="plain" aria-label={label}>
        {children}
      </button>
    </Form>
  );

const Ways = ({
  visit,
  wanted: { doctorId, date },
  specialization,
}: {
  readonly visit: Visit;
  readonly wanted: Wanted;
  readonly specialization: string;
}) => {
  const words = bookWords[visit.reader.locale].instead;
  return (
    <ul class="row ways">
      <li>
        <a class="button plain" href={`/doctors/${doctorId}?from=${date}#times`}>
          <Icon name="calendar" /> {words.allTimes}
        </a>
      </li>
      <li>
        <a class="button plain" href={`/?specialization=${encodeURIComponent(specialization)}&sort=soonest`}>
          <Icon name="search" /> {words.others}
        </a>
      </li>
      <li>
        <a class="button plain" href={`/waitlist/join?doctor=${doctorId}&from=${date}`}>
          <Icon name="bell" /> {words.waitlist}
        </a>
      </li>
      {visit.who === null ? null : (
        <li>
          <a class="button plain" href="/appointments">
            {words.appointments}
          </a>
        </li>
      )}
    </ul>
  );
};

/** What somebody wanted whose hold this was. */
export const wantedOf = ({ slotId: slot, doctorId, startsAt }: Appointment): Wanted | null => {
  const parsed = parseSlotId(slot);
  return parsed === null ? null : { doctorId, date: parsed.day.date, startsAtMs: Date.parse(startsAt) };
};
