import type { InferResponseType } from 'hono/client';
import { addDays, type LocalDate, parseLocalDate } from '../../../domain/local-date.ts';
import { asked, type PageApi, wanted } from '../../api.ts';
import { Check, Group } from '../../components/field.tsx';
import { Empty } from '../../components/parts.tsx';
import { clockText, dateText, numberText, shortDateText, zoneText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { todayIn } from '../dates.ts';
import { wordsFor } from './calls.ts';

const daysShown = 14;

type Days = InferResponseType<PageApi['doctors'][':id']['availability']['$get'], 200>['days'];
type Slots = InferResponseType<PageApi['doctors'][':id']['slots']['$get'], 200>['slots'];

/** What a doctor has free in two weeks, and in full on one of the days. */
interface Offer {
  readonly timeZone: string;
  readonly first: LocalDate;
  readonly date: LocalDate;
  readonly days: Days;
  readonly slots: Slots;
}

/**
 * Asks what a doctor has free in the two weeks from a date on, and the slots of the day of the address; without one, of the first
 * day that has something.
 */
export const offerOf = async (
  visit: Visit,
  doctor: { readonly id: string; readonly timeZone: string },
  query: Readonly<Record<string, string>>,
): Promise<Offer> => {
  const { id, timeZone } = doctor;
  const today = todayIn(timeZone);
  const chosen = query.date === undefined ? null : parseLocalDate(query.date);
  const asFrom = query.from === undefined ? null : parseLocalDate(query.from);
  const first = [asFrom, chosen, today].find((date) => date !== null && date >= today) ?? today;
  const param = { id };
  const { days } = await wanted(
    visit.api.doctors[':id'].availability.$get({
      param,
      query: { from: first, to: addDays(first, daysShown - 1), include: 'slots' },
    }),
  );
  const free = days.find(({ remaining }) => remaining > 0)?.date;
  const date = chosen ?? (free === undefined ? first : (parseLocalDate(free) ?? first));
  const slots = await asked(visit.api.doctors[':id'].slots.$get({ param, query: { date } }));
  return { timeZone, first, date, days, slots: slots.ok ? slots.value.slots : [] };
};

/** The days to choose from, as links that keep what else the address says. */
export const DayChoice = ({
  visit,
  offer,
  path,
  query,
}: {
  readonly visit: Visit;
  readonly offer: Offer;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}) => {
  const words = wordsFor(visit).slots;
  const { locale } = visit.reader;
  const to = (more: Readonly<Record<string, string>>) => `${path}?${new URLSearchParams({ ...query, ...more })}`;
  const { first, date, days } = offer;
  const earlier = addDays(first, -daysShown);
  const today = todayIn(offer.timeZone);
  return (
    <nav aria-label={words.days}>
      <p class="soft">{visit.words.inZone(zoneText(offer.timeZone, locale, `${date}T12:00:00Z`))}</p>
      <ul class="row days">
        {days.map(({ date: day, remaining, slots, freeSlots = [] }) => (
          <li>
            <a
              class={remaining > 0 ? 'button plain' : 'button plain full'}
              href={to({ from: first, date: day })}
              {...(day === date ? { 'aria-current': 'date' } : {})}
            >
              <span>
                {shortDateText(day, locale)}
                <br />
                <small>
                  {remaining > 0
                    ? words.free(numberText(freeSlots.length, locale))
                    : slots > 0
                      ? words.full
                      : words.closed}
                </small>
              </span>
            </a>
          </li>
        ))}
      </ul>
      <p class="row">
        {first > today ? (
          <a href={to({ from: earlier < today ? today : earlier, date: earlier < today ? today : earlier })}>
            {words.earlier}
          </a>
        ) : null}
        <a href={to({ from: addDays(first, daysShown), date: addDays(first, daysShown) })}>{words.later}</a>
      </p>
    </nav>
  );
};

/** The free times of the day, one of which is chosen in the form around it. */
export const SlotChoice = ({ visit, offer }: { readonly visit: Visit; readonly offer: Offer }) => {
  const words = wordsFor(visit).slots;
  const { locale } = visit.reader;
  const open = offer.slots.filter(({ remaining, emergencyRemaining = 0 }) => remaining + emergencyRemaining > 0);
  const day = dateText(offer.date, locale);
  if (open.length === 0) return <Empty title={words.none} />;
  return (
    <Group legend={`${words.choose}: ${day}`}>
      <div class="choices">
        {open.map(({ id, startsAt, mode, remaining }) => (
          <Check
            type="radio"
            name="slot"
            value={id}
            required
            checked={visit.form.text('slot') === id}
            label={
              <>
                {clockText(startsAt, offer.timeZone, locale)}{' '}
                <small class="soft">
                  {visit.words.modes[mode] ?? mode}
                  {remaining > 0 ? '' : ` · ${words.emergencyOnly}`}
                </small>
              </>
            }
          />
        ))}
      </div>
    </Group>
  );
};
