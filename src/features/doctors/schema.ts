import { z } from '@hono/zod-openapi';
import { pageQuery } from '../../http/pagination.ts';
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
  licenseNumberSchema,
  newAccountFields,
  newDoctorSchema,
  profileFields,
} from '../identity/schema.ts';

const sortSchema = z.enum(['name', 'fee', 'experience', 'soonest']);

/** Query of the search. */
export const searchQuerySchema = z
  .strictObject({
    q: z.string().max(100).optional().openapi({
      description: 'Words of the name, the specialization or the city; each may be cut short, all must match.',
      example: 'rahi cardio',
    }),
    specialization: z.string().max(80).optional().openapi({ example: 'Cardiology' }),
    city: z.string().max(80).optional().openapi({ example: 'Dhaka' }),
    mode: modeSchema.optional(),
    maxFee: wholeNumberSchema(0, 1_000_000_000)
      .optional()
      .openapi({ description: 'In minor units of `currency`, which it needs.', example: 200000 }),
    currency: currencySchema.optional().openapi({ description: 'Doctors who charge in it.', example: 'BDT' }),
    availableOn: localDateSchema.optional().openapi({
      description: "With a free slot on this date, in each doctor's own zone.",
    }),
    sort: sortSchema.default('name').openapi({
      description:
        '`fee`: lowest first; `experience`: longest first; `soonest`: by the next free slot, without doctors who have none.',
    }),
    ...pageQuery,
  })
  .refine(({ maxFee, currency }) => maxFee === undefined || currency !== undefined, {
    path: ['currency'],
    message: 'must come with maxFee: fees are compared within one currency',
  });

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
    clinics: z.array(z.object({ id: z.string(), name: z.string(), city: z.string() })),
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
    nextAvailableAt: instantSchema.nullable(),
  })
  .openapi('Doctor');

/** A doctor's whole profile. */
export const doctorProfileSchema = doctorItemSchema
  .extend({
    licenseNumber: z.string(),
    bio: z.string(),
    verified: z.boolean(),
    approvalRequired: z.boolean().openapi({ description: 'Confirming asks the doctor instead of booking at once.' }),
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
    paymentRequired: z.boolean().openapi({
      description:
        'Whether patients pay the fee before a hold is confirmed. Holds that stand keep the terms they were made on.',
    }),
  })
  .partial()
  .openapi('DoctorEdit');

export type DoctorEdit = z.output<typeof editDoctorSchema>;
