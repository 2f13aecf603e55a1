import { wanted } from '../api.ts';
import { Empty, Heading, Pager } from '../components/parts.tsx';
import { mostOf, ZoneOfMost } from '../components/time.tsx';
import type { Visit } from '../visit.tsx';
import { withGeolocation } from './geolocation.ts';
import { type Place, placeBy, placesLike } from './places.ts';
import { Result, zoneOfNext } from './result.tsx';
import { addressOf, apiQueryOf, type Conditions, conditionsIn, isBare } from './search-address.ts';
import { SearchForm } from './search-form.tsx';
import { type Speciality, shownAs, specialities } from './specialities.ts';
import { findWords } from './words.ts';

const limit = '20';
const otherPlaces = 4;

/** Finds doctors: words, filters in the address, and the next free times of each. */
export const homePage = async (visit: Visit, query: Readonly<Record<string, string>>): Promise<Response> => {
  const asks = conditionsIn(query);
  const [where, all] = await Promise.all([placeOf(visit, asks, query.place?.trim()), specialities(visit)]);
  const conditions: Conditions = { ...asks, locationId: where.place?.id, place: where.isSure ? undefined : asks.place };
  // A form sends its empty fields, too, and a place by its name: what stands in the address is what can be passed on.
  const isTidy = Object.entries(query).every(([name, value]) => name === 'done' || conditions[name as never] === value);
  if (!isTidy) return visit.go(addressOf(conditions));
  const search = (asked: Record<string, string>) =>
    wanted(visit.api.doctors.$get({ query: { limit, ...asked } as never }));
  const found = await search(apiQueryOf(conditions));
  // Where nobody is free, nobody is free soonest: the doctors are there all the same.
  const isWhole = isBare(conditions);
  const { items, nextCursor, corrections } = isWhole && found.items.length === 0 ? await search({}) : found;
  const words = findWords[visit.reader.locale];
  const zones = items.map((doctor) => zoneOfNext(doctor, visit.reader.locale)).filter((zone) => zone !== undefined);
  const zoneNamed = mostOf(zones);
  const page = visit.show(
    {
      title: titleOf(visit, conditions, all),
      at: 'find',
      // Of searches only those by speciality and place are worth a line in somebody's list.
      ...(isListed(conditions) ? { description: words.home.lead } : {}),
      canonical: addressOf({ specialization: conditions.specialization, locationId: conditions.locationId }),
      islands: ['combobox', 'near-me'],
    },
    <>
      <Heading title={titleOf(visit, conditions, all)} lead={words.home.lead} />
      <SearchForm visit={visit} conditions={conditions} place={where.place} specialities={all} />
      {isWhole ? <Specialities visit={visit} of={specialitiesOf(items, all)} /> : null}
      {where.place === null && !where.isSure ? <p>{words.search.noPlace(asks.place ?? '')}</p> : null}
      <OtherPlaces visit={visit} conditions={conditions} places={where.others} />
      {corrections.map(({ word, meant }) => (
        <p>{words.search.meant(word, meant.join(', '))}</p>
      ))}
      {items.length === 0 ? (
        <Empty icon="search" title={words.search.none}>
          <a class="button plain" href="/">
            {words.search.clear}
          </a>
        </Empty>
      ) : (
        <p class="row told">
          <span role="status">{words.search.results(items.length, nextCursor !== null)}</span>
          <ZoneOfMost visit={visit} named={zoneNamed} of={zones} />
        </p>
      )}
      <ul class="cards">
        {items.map((doctor) => (
          <Result {...{ visit, doctor, zoneNamed }} speciality={shownAs(all, doctor.specialization)} />
        ))}
      </ul>
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
  return withGeolocation(page);
};

const isListed = ({ specialization: _, locationId: __, ...others }: Conditions): boolean =>
  Object.values(others).every((value) => value === undefined);

const titleOf = (visit: Visit, { specialization }: Conditions, all: readonly Speciality[]): string => {
  const title = findWords[visit.reader.locale].home.title;
  return specialization === undefined ? title : `${title}: ${shownAs(all, specialization)}`;
};

/** Where doctors are looked for: by the id of a place, or by what was typed into its field. */
const placeOf = async (
  visit: Visit,
  { locationId }: Conditions,
  typed: string | undefined,
): Promise<{ readonly place: Place | null; readonly others: readonly Place[]; readonly isSure: boolean }> => {
  if (typed === '') return { place: null, others: [], isSure: true };
  const known = locationId === undefined ? null : await placeBy(visit, locationId);
  if (typed === undefined || typed === known?.name) return { place: known, others: [], isSure: true };
  const found = await placesLike(visit, typed, otherPlaces + 1);
  const exact = found.find(({ name }) => name.toLowerCase() === typed.toLowerCase());
  if (exact !== undefined) return { place: exact, others: [], isSure: true };
  return { place: found[0] ?? null, others: found.slice(1), isSure: false };
};

const OtherPlaces = ({
  visit,
  conditions,
  places,
}: {
  readonly visit: Visit;
  readonly conditions: Conditions;
  readonly places: readonly Place[];
}) =>
  places.length === 0 ? null : (
    <p>
      {findWords[visit.reader.locale].search.otherPlaces}{' '}
      {places.map(({ id, name, within }) => (
        <>
          <a href={addressOf({ ...conditions, cursor: undefined, place: undefined, locationId: id })}>
            {name}, {within}
          </a>{' '}
        </>
      ))}
    </p>
  );

/** Those that some of the doctors have, so that none leads to nobody. */
const specialitiesOf = (
  doctors: readonly { readonly specialization: string }[],
  all: readonly Speciality[],
): readonly Speciality[] => all.filter(({ name }) => doctors.some(({ specialization }) => specialization === name));

const Specialities = ({ visit, of }: { readonly visit: Visit; readonly of: readonly Speciality[] }) =>
  of.length === 0 ? null : (
    <section aria-labelledby="specialities">
      <h2 id="specialities" class="unseen">
        {findWords[visit.reader.locale].home.specialities}
      </h2>
      <div class="scroll strip">
        <ul class="chips">
          {of.map(({ name, shown }) => (
            <li>
              <a class="chip" href={addressOf({ specialization: name })}>
                {shown}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
