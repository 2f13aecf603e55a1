import { z } from '@hono/zod-openapi';
import { parseSlotId } from '../domain/ids.ts';
import { type LocalDate, parseLocalDate } from '../domain/local-date.ts';
import { parseTimeZone } from '../domain/zoned-time.ts';

/** An instant, RFC 3339 in UTC. */
export const instantSchema = z.iso.datetime().openapi({ example: '2026-12-01T03:00:00.000Z' });

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
    z.int('must be a whole number').min(min).max(max),
  );

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

/** An amount of money in minor units. */
export const moneySchema = z
  .strictObject({
    amount: z.int().min(0).max(1_000_000_000).openapi({ example: 150000 }),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code')
      .openapi({ example: 'BDT' }),
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
