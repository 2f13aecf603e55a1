import { z } from '@hono/zod-openapi';
import { moneySchema } from '../http/schemas.ts';

const countSchema = z.int().min(0);
const shareSchema = z.number().min(0).max(1).nullable();

/** What figures come to, as they are shown. */
export const figuresSchema = z
  .object({
    booked: countSchema.openapi({ description: 'Agreed on by both sides, whatever became of them.' }),
    completed: countSchema,
    noShows: countSchema,
    cancelledByPatient: countSchema,
    cancelledByPractice: countSchema.openapi({ description: 'By the doctor, the desk or an admin.' }),
    expired: countSchema.openapi({ description: 'Holds and requests whose time ran out.' }),
    rejected: countSchema,
    newPatients: countSchema.openapi({
      description: 'Of the completed: patients whom the doctor had not seen before.',
    }),
    returningPatients: countSchema,
    offered: countSchema.openapi({ description: 'Seats, as far as it is known what was offered.' }),
    noShowRate: shareSchema.openapi({ description: 'Of the visits completed or missed, those missed.' }),
    cancellationRate: shareSchema.openapi({ description: 'Of what was booked.' }),
    fillRate: shareSchema.openapi({ description: 'Of the seats offered, those taken.' }),
    leadHours: z.number().nullable().openapi({ description: 'From the booking to the visit, on average.' }),
    income: z.array(moneySchema.extend({ amount: z.int() })).openapi({
      description: 'What was paid online and not given back, and the fees of other visits that took place.',
    }),
    reviews: countSchema,
    stars: z.number().nullable().openapi({ description: 'The plain mean of the reviews of these visits.' }),
  })
  .openapi('Figures');
