import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type CountrySeed, type LocationRow, locationRows, type SeedPlace } from '../domain/location-seed.ts';

const nameSchema = z.string().trim().min(1).max(120);
const codeSchema = z
  .string()
  .trim()
  .max(40)
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/);

const placeSchema: z.ZodType<SeedPlace> = z.lazy(() =>
  z.strictObject({
    code: codeSchema.optional(),
    name: nameSchema,
    localName: nameSchema.optional(),
    also: z.array(nameSchema).max(20).optional(),
    places: z.array(placeSchema).optional(),
  }),
);

const countryFileSchema = z.strictObject({
  country: z.string(),
  name: nameSchema,
  localName: nameSchema.optional(),
  also: z.array(nameSchema).max(20).optional(),
  /** Where the names are from, and under which licence. */
  source: z.string().optional(),
  licence: z.string().optional(),
  places: z.array(placeSchema).optional(),
});

const columns = ['code', 'parent', 'name', 'localName', 'also'] as const;

/** The cells of a CSV file (RFC 4180), line by line. */
const cellsOf = (text: string): string[][] => {
  const lines: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    lines.at(-1)?.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (end === '') break;
    if (end !== ',') lines.push([]);
  }
  return lines.filter((cells) => cells.some((cell) => cell !== ''));
};

/** A country of a CSV file with the columns code, parent, name, localName, also (its parts with `;`). */
const fromCsv = (text: string): unknown => {
  const [header = [], ...lines] = cellsOf(text.replace(/^\u{FEFF}/u, ''));
  if (header.join() !== columns.join()) throw new Error(`the first line must be ${columns.join()}`);
  const places = new Map<string, { parent: string; place: Record<string, unknown> & { places: unknown[] } }>();
  for (const [i, [code = '', parent = '', name, localName, also]] of lines.entries()) {
    if (code === '') throw new Error(`line ${i + 2}: every place needs a code`);
    if (places.has(code)) throw new Error(`line ${i + 2}: ${code} is there twice`);
    const names = also ? { also: also.split(';').map((one) => one.trim()) } : {};
    places.set(code, { parent, place: { code, name, ...(localName ? { localName } : {}), ...names, places: [] } });
  }
  const roots = [...places.values()].filter(({ parent }) => parent === '');
  if (roots.length !== 1) throw new Error('one place, the country, has no parent');
  for (const { parent, place } of places.values()) {
    if (parent === '') continue;
    const above = places.get(parent);
    if (above === undefined) throw new Error(`${place.code}: its parent ${parent} is not in the file`);
    above.place.places.push(place);
  }
  const { code: country, ...rest } = roots[0]?.place ?? { code: '' };
  return { ...rest, country };
};

/**
 * The locations of a country from a seed file, JSON or CSV. Throws an error that names what is wrong with it, also when
 * what it says of parents goes round in a circle.
 */
export const locationsIn = (file: string): LocationRow[] => {
  const text = readFileSync(file, 'utf8');
  const isCsv = file.endsWith('.csv');
  const parsed = countryFileSchema.safeParse(isCsv ? fromCsv(text) : JSON.parse(text));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { rows, faults } = locationRows(parsed.data as CountrySeed);
  if (isCsv && rows.length !== cellsOf(text).length - 1) faults.push('some places do not lie within the country');
  if (faults.length > 0) throw new Error(faults.slice(0, 20).join('\n'));
  return rows;
};
