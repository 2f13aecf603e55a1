import { z } from '@hono/zod-openapi';
import { instantSchema } from '../../http/schemas.ts';

const maxPassword = 1_024;
const maxConfirmation = 128;

export const erasureRequestSchema = z
  .strictObject({
    password: z
      .string()
      .min(1)
      .max(maxPassword)
      .openapi({ description: 'The password of whoever asks.', example: 'Correct-Horse-7' }),
  })
  .openapi('ErasureRequest');

export const erasureOfferSchema = z
  .object({
    confirmation: z.string().openapi({ description: 'To be sent with the DELETE.' }),
    expiresAt: instantSchema,
    appointments: z.int().openapi({ description: 'Appointments to come that will be cancelled.' }),
    dependants: z.int().openapi({ description: 'Dependants who will be erased as well.' }),
  })
  .openapi('ErasureOffer');

export const erasureSchema = z
  .strictObject({ confirmation: z.string().min(1).max(maxConfirmation) })
  .openapi('Erasure');

export const erasureStateSchema = z
  .object({
    state: z.enum(['erased', 'erasing']).openapi({
      description:
        '`erased`: no word of the person can be read any more. `erasing`: signed out for good, the rest follows by itself.',
    }),
  })
  .openapi('ErasureState');

export const exportRequestSchema = z
  .strictObject({ password: z.string().min(1).max(maxPassword).openapi({ format: 'password' }) })
  .openapi('ExportRequest');

const list = z.array(z.looseObject({}));

export const exportSchema = z
  .object({
    exportedAt: instantSchema,
    account: list,
    doctorProfile: list,
    dependants: list,
    appointments: list.openapi({ description: 'Your own and those of your dependants, with every word.' }),
    profiles: list,
    records: list.openapi({ description: 'History, vitals and visit notes; what a note says is in `visitNotes`.' }),
    visitNotes: list,
    documents: list.openapi({ description: 'What they are; the files are downloaded one by one.' }),
    documentShares: list,
    sessions: list,
    passkeys: list,
    pushSubscriptions: list.openapi({ description: 'Devices that you are told on.' }),
    reviews: list.openapi({ description: 'What you said of visits.' }),
    messages: list.openapi({ description: 'What you were sent; of links and codes only that they were.' }),
    accesses: list.openapi({ description: 'Who looked at the record, and when.' }),
    breakGlass: list,
    history: list.openapi({ description: 'What was done with the account.' }),
    cut: z
      .array(z.string())
      .openapi({ description: 'Lists of over 20,000 entries, of which only the first are here.' }),
  })
  .openapi('Export');
