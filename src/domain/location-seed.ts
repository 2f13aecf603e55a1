import { countries } from './countries.ts';
import { foldedName } from './search-terms.ts';

/** A place of a seed file, with the places that it is divided into. */
export interface SeedPlace {
  /** ISO 3166-2, where it has one. */
  readonly code?: string | undefined;
  readonly name: string;
  /** In the language of the place. */
  readonly localName?: string | undefined;
  /** Further names that it is found by. */
  readonly also?: readonly string[] | undefined;
  readonly places?: readonly SeedPlace[] | undefined;
}

/** A country as a seed file has it. */
export interface CountrySeed extends Omit<SeedPlace, 'code'> {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** A row of `locations`, with the names that it is found by. */
export interface LocationRow {
  readonly id: string;
  readonly parentId: string | null;
  readonly level: number;
  readonly country: string;
  readonly code: string | null;
  readonly name: string;
  readonly localName: string | null;
  readonly foldedName: string;
  readonly path: string;
  readonly names: readonly string[];
}

/** Levels below a country. */
const maxLevel = 3;
const maxPlaces = 100_000;
/** No slash, which parts the ids of a path, and nothing that an address would have to escape but letters. */
const idPattern = /^[\p{L}\p{M}\p{N}-]{2,80}$/u;

/**
 * The rows of a country, parents before what lies in them, and every fault of the file: an id that is there twice, a
 * level too deep, a name without letters. With faults there are no rows that could be used.
 */
export const locationRows = (seed: CountrySeed): { readonly rows: LocationRow[]; readonly faults: string[] } => {
  const faults: string[] = countries.has(seed.country) ? [] : [`${seed.country} is not an ISO 3166-1 code`];
  const rows: LocationRow[] = [];
  const ids = new Set<string>();
  const add = (place: SeedPlace, id: string, parent: LocationRow | null): void => {
    const level = parent === null ? 0 : parent.level + 1;
    const names = [...new Set([place.name, place.localName ?? '', ...(place.also ?? [])].map(foldedName))];
    if (foldedName(place.name) === '') faults.push(`${id}: a name needs letters`);
    if (!idPattern.test(id)) faults.push(`${id}: cannot be an id`);
    if (ids.has(id)) faults.push(`${id}: is there twice; give one of them a code`);
    if (level > maxLevel) faults.push(`${id}: lies deeper than ${maxLevel} levels below its country`);
    if (faults.length > 0 && (ids.has(id) || level > maxLevel)) return;
    ids.add(id);
    const row: LocationRow = {
      id,
      parentId: parent?.id ?? null,
      level,
      country: seed.country,
      code: parent === null ? seed.country : (place.code ?? null),
      name: place.name,
      localName: place.localName ?? null,
      foldedName: foldedName(place.name),
      path: `${parent?.path ?? ''}${id}/`,
      names: names.filter((name) => name !== ''),
    };
    rows.push(row);
    for (const child of place.places ?? []) {
      add(child, child.code ?? `${id}-${foldedName(child.name).replaceAll(' ', '-')}`, row);
    }
  };
  add(seed, seed.country, null);
  if (rows.length > maxPlaces) faults.push(`more than ${maxPlaces} places`);
  return { rows: rows.toSorted((a, b) => a.level - b.level), faults };
};
