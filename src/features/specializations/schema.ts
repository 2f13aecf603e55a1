import { z } from '@hono/zod-openapi';
import { lineSchema } from '../../http/schemas.ts';
import { languageSchema } from '../identity/schema.ts';

const maxSynonyms = 30;
const maxLanguages = 20;

const synonymsSchema = z
  .array(z.strictObject({ language: languageSchema, words: z.array(lineSchema(60)).max(maxSynonyms) }))
  .max(maxLanguages)
  .refine((all) => new Set(all.map(({ language }) => language)).size === all.length, 'must not name a language twice')
  .openapi({
    description: 'What people call it and its name elsewhere, by language. Search finds its doctors by their words.',
    example: [
      { language: 'en', words: ['heart', 'cardiologist'] },
      { language: 'bn', words: ['হৃদরোগ'] },
    ],
  });

export const specializationSchema = z
  .object({
    id: z.string().openapi({ example: 'z_cardiology' }),
    name: z.string().openapi({ example: 'Cardiology' }),
    synonyms: z.array(z.object({ language: z.string(), words: z.array(z.string()) })),
  })
  .openapi('Specialization');

export const newSpecializationSchema = z
  .strictObject({
    name: lineSchema(80)
      // The first is the name that search compares.
      .refine((name) => /[\p{L}\p{N}]/u.test(name), 'needs letters')
      .openapi({ example: 'Cardiology' }),
    synonyms: synonymsSchema.default([]),
  })
  .openapi('NewSpecialization');

export type NewSpecialization = z.output<typeof newSpecializationSchema>;

export const specializationsQuerySchema = z.strictObject({
  q: z.string().min(1).max(100).optional().openapi({
    description: 'Words of the name or a synonym; each may be cut short, all must match.',
    example: 'heart',
  }),
});

/** The whole list: it is short, and shown as one. */
export const specializationListSchema = z
  .object({ items: z.array(specializationSchema) })
  .openapi('SpecializationList');
