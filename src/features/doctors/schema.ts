import { z } from '@hono/zod-openapi';
import { genders } from '../../domain/genders.ts';
import { searchTerms } from '../../domain/search-terms.ts';
import { pageQuery, pageSchema } from '../../http/pagination.ts';
import {
  currencySchema,
  instantSchema,
  localDateSchema,
  modeSchema,
  moneySchema,
  wholeNumberSchema,
} from '../../http/schemas.ts';
import {
  fullNameSchema,
  languageSchema,
  licenseNumberSchema,
  newAccountFields,
  newDoctorSchema,
  profileFields,
} from '../identity/schema.ts';

export const sorts = ['name', 'fee', 'experience', 'soonest', 'rating', 'distance', 'relevance'] as const;

/** Two decimals are about a kilometre: where exactly somebody is, is nobody's business, and has no place in an address. */
const nearSchema = z
  .string()
  .regex(/^-?\d{1,2}(\.\d{1,2})?,-?\d{1,3}(\.\d{1,2})?$/, 'must be latitude,longitude with at most two decimals')
  .transform((text) => {
    const [latitude = 0, longitude = 0] = text.split(',').map(Number);
    return { latitude, longitude };
  })
  .refine(({ latitude, longitude }) => Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180, 'is nowhere on Earth')
  .openapi({ type: 'string', example: '23.75,90.38' });

const minRatingSchema = z
  .string()
  .regex(/^[1-5](\.\d)?$/, 'must be stars from 1 to 5, with at most one decimal')
  .transform(Number)
  .refine((stars) => stars <= 5, 'must be at most 5')
  .openapi({ type: 'string', example: '4.5' });

/** Where nothing else is said. */
const defaultWithinKm = 100;

/** The order where none is asked for: of words by what they count for, else round a place by distance, else by name. */
const sortFor = ({ q = '', near }: { readonly q?: string | undefined; readonly near?: object | undefined }) => {
  if (searchTerms(q).length > 0) return 'relevance';
  return near === undefined ? 'name' : 'distance';
};

/** Query of the search. */
export const searchQuerySchema = z
  .strictObject({
    q: z
      .string()
      .max(100)
      .optional()
      .openapi({
        description:
          'Words of the name, the specialization and its synonyms, the bio, or a clinic and where it lies; each may be cut ' +
          'short, all must match but “doctor” and the like. Where nobody is found, words that were probably meant are ' +
          'looked for: see `corrections`.',
        example: 'rahi heart',
      }),
    specialization: z.string().max(80).optional().openapi({ example: 'Cardiology' }),
    city: z.string().max(80).optional().openapi({ example: 'Dhaka' }),
    locationId: z.string().max(80).optional().openapi({
      description: 'With a clinic there, or anywhere within: a country, a division, a district.',
      example: 'BD-C',
    }),
    near: nearSchema.optional().openapi({
      description: 'Latitude and longitude, at most two decimals each. With a clinic within `withinKm` of there.',
    }),
    withinKm: wholeNumberSchema(1, 500).optional().openapi({ description: 'With `near`; 100 unless told.' }),
    mode: modeSchema.optional(),
    minFee: wholeNumberSchema(0, 1_000_000_000).optional().openapi({ description: 'As `maxFee`.' }),
    maxFee: wholeNumberSchema(0, 1_000_000_000)
      .optional()
      .openapi({ description: 'In minor units of `currency`, which it needs.', example: 200000 }),
    currency: currencySchema.optional().openapi({ description: 'Doctors who charge in it.', example: 'BDT' }),
    language: languageSchema.optional().openapi({ description: 'Spoken by the doctor.' }),
    gender: z.enum(genders).optional(),
    minRating: minRatingSchema.optional(),
    availableOn: localDateSchema.optional().openapi({
      description: "With a free slot on this date, in each doctor's own zone.",
    }),
    availableWithin: wholeNumberSchema(1, 60)
      .optional()
      .openapi({ description: 'With a free slot within so many days from now.' }),
    sort: z
      .enum(sorts)
      .optional()
      .openapi({
        description:
          'Without it: `relevance` with `q`, else `distance` with `near`, else `name`. ' +
          '`fee`: lowest first; `experience`: longest first; `soonest`: by the next free slot, without doctors who have ' +
          'none; `rating`: best first; `distance`: nearest to `near` first. `relevance`: by what the words of `q` count for, ' +
          'each where it counts most (name 100, specialization 70, synonym 65, clinic or place 40, bio 20; 10 to 20 less for ' +
          'the beginning of a word, half for a word that was meant), then by rating; words that thousands have sort by ' +
          'rating alone.',
      }),
    ...pageQuery,
  })
  .refine(({ minFee, maxFee, currency }) => (minFee === undefined && maxFee === undefined) || currency !== undefined, {
    path: ['currency'],
    message: 'must come with minFee and maxFee: fees are compared within one currency',
  })
  .refine(({ near, withinKm, sort }) => near !== undefined || (withinKm === undefined && sort !== 'distance'), {
    path: ['near'],
    message: 'withinKm and sort=distance need near',
  })
  .transform(({ withinKm = defaultWithinKm, sort, ...query }) => ({
    ...query,
    withinKm,
    sort: sort ?? sortFor(query),
  }));

export type SearchQuery = z.output<typeof searchQuerySchema>;

/** A doctor as a list shows them. */
export const doctorItemSchema = z
  .object({
    id: z.string().openapi({ example: 'u_AAAAAAAAAAAAAAAA' }),
    fullName: z.string(),
    specialization: z.string(),
    experienceYears: z.int(),
    consultationFee: moneySchema,
    timeZone: z.string(),
    gender: z.enum(genders),
    languages: z.array(z.string()).openapi({ description: 'The doctor’s, the best first: primary tags of BCP 47.' }),
    clinics: z.array(z.object({ id: z.string(), name: z.string(), address: z.string(), city: z.string() })),
    modes: z.array(modeSchema),
    rating: z
      .number()
      .nullable()
      .openapi({
        description:
          'Of 5 stars, by a Bayesian average: ten reviews of 4 stars are thought of beside those there are, so that one ' +
          'alone does not lead. `null` until there are reviews.',
        example: 4.63,
      }),
    reviewCount: z.int(),
    picture: z.string().nullable().openapi({ description: 'Where the picture is; `null` without one.' }),
    nextAvailableAt: instantSchema.nullable(),
    nextSlots: z
      .array(z.object({ id: z.string(), startsAt: instantSchema }))
      .openapi({ description: 'The next free slots, at most four, within 14 days.' }),
  })
  .openapi('Doctor');

/** A doctor whom a search found. */
const foundDoctorSchema = doctorItemSchema
  .extend({
    distanceKm: z.number().nullable().openapi({ description: 'To the nearest clinic, sorted by distance.' }),
    relevance: z.int().nullable().openapi({ description: 'What the words count for, sorted by relevance.' }),
  })
  .openapi('FoundDoctor');

export const foundPageSchema = pageSchema(foundDoctorSchema).extend({
  corrections: z
    .array(z.object({ word: z.string(), meant: z.array(z.string()) }))
    .openapi({ description: 'Of the words that were looked for in other spellings, too; empty where none had to be.' }),
});

/** A doctor's whole profile. */
export const doctorProfileSchema = doctorItemSchema
  .extend({
    licenseNumber: z.string(),
    bio: z.string(),
    verified: z.boolean(),
    approvalRequired: z.boolean().openapi({ description: 'Confirming asks the doctor instead of booking at once.' }),
    videoFee: moneySchema.openapi({ description: 'What a visit by video costs.' }),
    paymentRequired: z.boolean().openapi({ description: 'Patients pay the fee before a hold is confirmed.' }),
    minimumNoticeMinutes: z.int(),
    bookingWindowDays: z.int(),
  })
  .openapi('DoctorProfile');

/** An account and a profile that an admin creates. */
export const createDoctorSchema = z
  .strictObject({ ...newAccountFields, ...newDoctorSchema.shape })
  .openapi('NewDoctorAccount');

/** Changes of a profile: what is absent stays as it is. */
export const editDoctorSchema = z
  .strictObject({
    fullName: fullNameSchema,
    ...profileFields,
    licenseNumber: licenseNumberSchema.openapi({ description: 'By an admin only.' }),
    videoFeeAmount: z.int().min(0).max(1_000_000_000).nullable().openapi({
      description:
        'What a visit by video costs, in minor units of the currency of `consultationFee`; `null` where it costs the same.',
    }),
    paymentRequired: z.boolean().openapi({
      description:
        'Whether patients pay the fee before a hold is confirmed. Holds that stand keep the terms they were made on.',
    }),
  })
  .partial()
  .openapi('DoctorEdit');

export type DoctorEdit = z.output<typeof editDoctorSchema>;
