import { minorOf } from '../typed-money.ts';

/** The conditions of a search as they stand in the address of the page. */
export type Conditions = Readonly<Partial<Record<Condition, string>>>;

const languages = ['bn', 'en', 'hi', 'ur', 'ar', 'ne', 'ta', 'te', 'ml', 'zh', 'fr', 'es'] as const;
const currencies = ['BDT', 'INR', 'GBP', 'USD', 'EUR'] as const;
const modes = ['in_person', 'video'] as const;
const orders = ['relevance', 'soonest', 'rating', 'fee', 'experience', 'distance', 'name'] as const;

/** What a reader may choose from. */
export const choices = {
  languages,
  currencies,
  modes,
  orders,
  days: [1, 3, 7, 14],
  stars: [3, 4],
  distancesKm: ['5', '10', '25', '50', '100'],
} as const;

const among = (values: readonly string[]) => (text: string) => values.includes(text);
const like = (pattern: RegExp) => (text: string) => pattern.test(text);

/** Every condition, and what it may be; anything else is as if it were not there. */
const conditions = {
  q: (text: string) => text.length <= 100,
  place: (text: string) => text.length <= 100,
  locationId: like(/^[\w:.-]{1,80}$/),
  near: like(/^-?\d{1,2}(\.\d{1,2})?,-?\d{1,3}(\.\d{1,2})?$/),
  withinKm: among(choices.distancesKm),
  specialization: (text: string) => text.length <= 80,
  mode: among(modes),
  availableWithin: like(/^([1-9]|[1-5]\d|60)$/),
  language: like(/^[a-z]{2,3}$/),
  gender: among(['female', 'male']),
  /** In whole units of the currency, as people say it. */
  fee: like(/^\d{1,7}$/),
  currency: among(currencies),
  minRating: like(/^[1-5]$/),
  sort: among(orders),
  cursor: (text: string) => text.length <= 2_000,
} as const;

export type Condition = keyof typeof conditions;

/** Reads the conditions of an address. */
export const conditionsIn = (query: Readonly<Record<string, string>>): Conditions => {
  const read = Object.entries(conditions).flatMap(([name, isOne]) => {
    const text = query[name]?.trim() ?? '';
    return text !== '' && isOne(text) ? [[name, text]] : [];
  });
  const found: Conditions = Object.fromEntries(read);
  const { currency, withinKm, ...others } = found;
  return {
    ...others,
    ...(found.fee === undefined ? {} : { currency: currency ?? currencies[0] }),
    ...(found.near === undefined || withinKm === undefined ? {} : { withinKm }),
    ...(found.near === undefined && found.sort === 'distance' ? { sort: undefined } : {}),
  };
};

/** The address of a search, shortest: conditions that are empty are left out, and a new one begins at its first page. */
export const addressOf = (wanted: Conditions, path = '/'): string => {
  const pairs = Object.entries(wanted).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const query = new URLSearchParams(pairs).toString();
  return query === '' ? path : `${path}?${query}`;
};

/** Whether nothing is asked for: such a list shows who is free soonest, which leaves out who has nothing free. */
export const isBare = ({ cursor: _, ...asked }: Conditions): boolean =>
  Object.values(asked).every((value) => value === undefined);

/** The conditions as the API takes them. */
export const apiQueryOf = ({ place: _, fee, currency, ...wanted }: Conditions): Record<string, string> => {
  const sort = isBare({ ...wanted, fee }) ? 'soonest' : wanted.sort;
  const given = Object.entries({ ...wanted, sort }).filter((pair): pair is [string, string] => pair[1] !== undefined);
  if (fee === undefined || currency === undefined) return Object.fromEntries(given);
  return { ...Object.fromEntries(given), currency, maxFee: String(minorOf(fee, currency)) };
};
