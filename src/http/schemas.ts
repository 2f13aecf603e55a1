import { z } from '@hono/zod-openapi';
import { countries } from '../domain/countries.ts';
import { parseSlotId } from '../domain/ids.ts';
import { type LocalDate, parseLocalDate } from '../domain/local-date.ts';
import { parseTimeZone } from '../domain/zoned-time.ts';

/** An instant, RFC 3339 in UTC. */
export const instantSchema = z.iso.datetime().openapi({ example: '2026-12-01T03:00:00.000Z' });

/** An instant with any offset in a query, where an unescaped plus sign arrives as a space. */
export const queryInstantSchema = z.iso
  .datetime({
    offset: true,
    error: ({ code }) =>
      code === 'invalid_format'
        ? 'must be an instant such as 2026-12-01T03:00:00Z; in a URL, the + of an offset is written %2B'
        : undefined,
  })
  .max(40);

/** A date without a zone, read to a `LocalDate`. */
export const localDateSchema = z
  .string()
  .refine((text) => parseLocalDate(text) !== null, 'must be a date as YYYY-MM-DD, from 2000 to 2179')
  .transform((text) => text as LocalDate)
  .openapi({ type: 'string', format: 'date', example: '2026-12-01' });

/** A whole number in a query: digits and nothing else, so that an empty field is no zero and `0x10` no sixteen. */
export const wholeNumberSchema = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.int({ error: notWhole }).min(min).max(max),
  );

// Of the bounds it says nothing: they have sentences of their own.
const notWhole = ({ code }: { readonly code?: string }): string | undefined =>
  code === 'invalid_type' ? 'must be a whole number' : undefined;

/** Local wall time, `HH:MM`. */
export const localTimeSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time as HH:MM, 00:00 to 23:59')
  .openapi({ example: '09:00' });

/** An IANA time zone, read to its name in the zone database. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine((text) => parseTimeZone(text) !== null, 'must be an IANA time zone such as Asia/Dhaka')
  .overwrite((text) => parseTimeZone(text) ?? text)
  .openapi({ example: 'Asia/Dhaka' });

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** A currency by its ISO 4217 code. */
export const currencySchema = z
  .string()
  .refine((text) => currencies.has(text), 'must be an ISO 4217 code')
  .openapi({ example: 'BDT' });

/** A country by its ISO 3166-1 alpha-2 code. */
export const countrySchema = z
  .string()
  .refine((text) => countries.has(text), 'must be an ISO 3166-1 alpha-2 code')
  .openapi({ example: 'BD' });

/** For `.refine(...inOrder)` on what has a first and a last date. */
export const inOrder: [
  (range: { readonly from?: string | undefined; readonly to?: string | undefined }) => boolean,
  { path: PropertyKey[]; message: string },
] = [
  ({ from, to }) => from === undefined || to === undefined || from <= to,
  { path: ['to'], message: 'must not be before from' },
];

/** An amount of money in minor units. */
export const moneySchema = z
  .strictObject({
    amount: z.int().min(0).max(1_000_000_000).openapi({ example: 150000 }),
    currency: currencySchema,
  })
  .openapi('Money');

export const modeSchema = z.enum(['in_person', 'video']);

const notWellFormed = 'must not hold halves of characters (lone surrogates)';

/** A name or a line of text: no control characters, trimmed, never empty. */
export const lineSchema = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point.
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, 'must be one line without control characters')
    .refine(isWellFormed, notWellFormed);

/** Free text: line breaks and tabs allowed, other control characters refused. */
export const textSchema = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point.
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$/, 'must not hold control characters')
    .refine(isWellFormed, notWellFormed);

export const slotIdSchema = z
  .string()
  .refine((text) => parseSlotId(text) !== null, 'is not a slot id')
  .openapi({ example: 's_AAAAAAAAAAAAAAAAJoIBwkMY' });

/** Path parameter `id`. A malformed one answers like a missing one: 404. */
export const idParamSchema = z.object({ id: z.string() });

/** SQLite would store half a character as bytes that are no UTF-8, and every later answer with them would be no JSON. */
function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}
