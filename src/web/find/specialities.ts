import { wanted } from '../api.ts';
import type { Visit } from '../visit.tsx';
import { bengaliSpecialities } from '../words/specialities.bn.ts';

/** A speciality: the name that a search knows it by, and how it is shown to this reader. */
export interface Speciality {
  readonly name: string;
  readonly shown: string;
}

/** Specialities, or those that some words find, in the reader's language. */
export const specialities = async (visit: Visit, q?: string): Promise<Speciality[]> => {
  const { items } = await wanted(visit.api.specializations.$get({ query: q === undefined ? {} : { q } }));
  const { locale } = visit.reader;
  const own = ({ name, synonyms }: (typeof items)[number]): string =>
    locale === 'en'
      ? name
      : (bengaliSpecialities[name] ?? synonyms.find(({ language }) => language === locale)?.words[0] ?? name);
  return items.map((item) => ({ name: item.name, shown: own(item) }));
};

/** What a speciality is called to this reader. */
export const shownAs = (all: readonly Speciality[], name: string): string =>
  all.find((one) => one.name === name)?.shown ?? name;
