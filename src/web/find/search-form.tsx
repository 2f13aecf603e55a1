import { Field, Select } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { languageText, numberText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import type { Place } from './places.ts';
import { addressOf, type Condition, type Conditions, choices, isBare } from './search-address.ts';
import type { Speciality } from './specialities.ts';
import { findWords } from './words.ts';

/** Conditions that are folded away, so that doctors are in sight at once on the smallest screen, too. */
const further: readonly Condition[] = [
  ...(['specialization', 'mode', 'availableWithin', 'withinKm', 'sort'] as const),
  ...(['language', 'gender', 'fee', 'minRating'] as const),
];

interface Parts {
  readonly visit: Visit;
  readonly conditions: Conditions;
  readonly place: Place | null;
  readonly specialities: readonly Speciality[];
}

/** The search: words and a place in one line, and what else doctors may be chosen by. Everything goes into the address. */
export const SearchForm = (parts: Parts) => {
  const { visit, conditions, place } = parts;
  const words = findWords[visit.reader.locale].search;
  return (
    <search>
      <form method="get" action="/" class="finder">
        <div class="row">
          <div class="grow">
            <Field
              {...{ name: 'q', type: 'search', label: words.label, value: conditions.q, maxlength: 100 }}
              autocomplete="off"
              data-suggest="/suggest"
              data-words={JSON.stringify([words.suggestions, words.notSuggested])}
            />
          </div>
          <div class="grow">
            <Field
              {...{ name: 'place', label: words.place, maxlength: 100 }}
              value={conditions.place ?? place?.name}
              autocomplete="off"
              data-suggest="/suggest/places"
              data-into="locationId"
              data-words={JSON.stringify([words.suggestions, words.notSuggested])}
            />
            <input type="hidden" name="locationId" value={place?.id ?? ''} />
          </div>
          <button type="submit">
            <Icon name="search" /> {words.button}
          </button>
        </div>
        <Near visit={visit} conditions={conditions} />
        <Filters {...parts} />
      </form>
    </search>
  );
};

const Near = ({ visit, conditions }: Pick<Parts, 'visit' | 'conditions'>) => {
  const words = findWords[visit.reader.locale].search;
  const { near, withinKm } = conditions;
  if (near === undefined)
    return (
      // Without scripts nobody can be asked where they are: the button shows itself when there are some.
      <div class="near" hidden data-near data-refused={words.notNear}>
        <button type="button" class="plain" aria-describedby="near-hint">
          <Icon name="pin" /> {words.nearMe}
        </button>{' '}
        <span class="hint" id="near-hint" role="status">
          {words.nearHint}
        </span>
      </div>
    );
  return (
    <p class="near">
      <input type="hidden" name="near" value={near} />
      <Icon name="pin" /> {words.near(numberText(Number(withinKm ?? 100), visit.reader.locale))}{' '}
      <a href={addressOf({ ...conditions, near: undefined, withinKm: undefined, sort: undefined, cursor: undefined })}>
        {words.anywhere}
      </a>
    </p>
  );
};

const Filters = ({ visit, conditions, specialities }: Parts) => {
  const { locale } = visit.reader;
  const words = findWords[locale].search;
  const any = ['', words.any] as const;
  const inUse = further.filter((name) => conditions[name] !== undefined).length;
  const isAsked = Object.values(conditions).some((value) => value !== undefined);
  const orders = choices.orders.filter((order) =>
    order === 'distance' ? conditions.near !== undefined : order !== 'relevance' || conditions.q !== undefined,
  );
  const plain = isBare(conditions) ? 'soonest' : 'name';
  const usual = conditions.q === undefined ? (conditions.near === undefined ? plain : 'distance') : 'relevance';
  return (
    <>
      <details>
        <summary>
          {words.more} {inUse === 0 ? null : <span class="soft">({words.filtersOn(inUse)})</span>}
        </summary>
        <div class="narrowing">
          <Select
            {...{ name: 'specialization', label: words.speciality, value: conditions.specialization }}
            options={[any, ...specialities.map(({ name, shown }) => [name, shown] as const)]}
          />
          <Select
            {...{ name: 'mode', label: words.mode, value: conditions.mode }}
            options={[any, ['in_person', words.inPerson], ['video', words.video]]}
          />
          <Select
            {...{ name: 'availableWithin', label: words.available, value: conditions.availableWithin }}
            options={[any, ...choices.days.map((days) => [String(days), words.days(days)] as const)]}
          />
          {conditions.near === undefined ? null : (
            <Select
              {...{ name: 'withinKm', label: words.within, value: conditions.withinKm ?? '100' }}
              options={choices.distancesKm.map((km) => [km, words.km(numberText(Number(km), locale))] as const)}
            />
          )}
          <Select
            {...{ name: 'sort', label: words.sort, value: conditions.sort }}
            options={orders.map((order) => [order === usual ? '' : order, words.sorts[order]] as const)}
          />
          <Select
            {...{ name: 'language', label: words.language, value: conditions.language }}
            options={[any, ...choices.languages.map((tag) => [tag, languageText(tag, locale)] as const)]}
          />
          <Select
            {...{ name: 'gender', label: words.gender, value: conditions.gender }}
            options={[any, ['female', words.genders.female], ['male', words.genders.male]]}
          />
          <Field
            {...{ name: 'fee', label: words.fee, value: conditions.fee, type: 'number', inputmode: 'numeric' }}
            {...{ min: 0, max: 9_999_999 }}
          />
          <Select
            {...{ name: 'currency', label: words.currency, value: conditions.currency }}
            options={choices.currencies.map((currency) => [currency, currency] as const)}
          />
          <Select
            {...{ name: 'minRating', label: words.rating, value: conditions.minRating }}
            options={[any, ...choices.stars.map((stars) => [String(stars), words.stars(stars)] as const)]}
          />
        </div>
      </details>
      {isAsked ? (
        <p>
          <a href="/">{words.clear}</a>
        </p>
      ) : null}
    </>
  );
};
