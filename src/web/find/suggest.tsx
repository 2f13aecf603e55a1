import { wanted } from '../api.ts';
import type { Visit } from '../visit.tsx';
import { placesLike } from './places.ts';
import { addressOf } from './search-address.ts';
import { specialities } from './specialities.ts';
import { findWords } from './words.ts';

const most = { specialities: 3, doctors: 4, places: 3, placesAlone: 8 } as const;

/** What somebody may mean who has typed so far, as the options of a list box: each leads somewhere. */
export const suggestions = async (visit: Visit, typed: string): Promise<string> => {
  const words = findWords[visit.reader.locale].search.kinds;
  const [known, doctors, places] = await Promise.all([
    specialities(visit, typed),
    wanted(visit.api.doctors.$get({ query: { q: typed, limit: String(most.doctors) } as never })),
    placesLike(visit, typed, most.places),
  ]);
  return String(
    <>
      {known.slice(0, most.specialities).map(({ name, shown }) => (
        <Option href={addressOf({ specialization: name })} text={shown} kind={words.speciality} />
      ))}
      {/* Names only: who is found by another spelling is found by searching. */}
      {(doctors.corrections.length > 0 ? [] : doctors.items).map(({ id, fullName, specialization }) => (
        <Option href={`/doctors/${id}`} text={fullName} kind={specialization} />
      ))}
      {places.map(({ id, name, within }) => (
        <Option href={addressOf({ locationId: id })} text={name} kind={within === '' ? words.place : within} />
      ))}
    </>,
  );
};

/** Places whose names begin as somebody has typed so far; each has its id, for the field beside it. */
export const placeSuggestions = async (visit: Visit, typed: string): Promise<string> => {
  const places = await placesLike(visit, typed, most.placesAlone);
  return places.map(({ id, name, within }) => String(<Option value={id} text={name} kind={within} />)).join('');
};

const Option = ({
  text,
  kind,
  ...to
}: { readonly text: string; readonly kind: string } & ({ readonly href: string } | { readonly value: string })) => (
  // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active option
  <div
    role="option"
    aria-selected="false"
    data-text={text}
    {...('href' in to ? { 'data-href': to.href } : { 'data-value': to.value })}
  >
    <span>{text}</span> <span class="soft">{kind}</span>
  </div>
);
