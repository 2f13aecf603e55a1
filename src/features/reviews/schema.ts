import { z } from '@hono/zod-openapi';
import { maxReviewLength } from '../../domain/review.ts';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, lineSchema, textSchema } from '../../http/schemas.ts';

const starsSchema = z.int().min(1).max(5);
const wordsSchema = textSchema(maxReviewLength);

/** What somebody says of a visit. */
export const newReviewSchema = z
  .strictObject({
    stars: starsSchema,
    text: wordsSchema.default('').openapi({
      description: 'For everybody to read, as plain text. Leave out what should stay between you and the doctor.',
      example: 'Took the time to explain everything.',
    }),
    showName: z.boolean().default(false).openapi({
      description: 'Whether readers see your first name and the initial of your last; otherwise “Patient”.',
    }),
  })
  .openapi('NewReview');

export type NewReview = z.output<typeof newReviewSchema>;

/** What a doctor answers. */
export const replySchema = z.strictObject({ text: wordsSchema.min(1) }).openapi('ReviewReply');

/** Why a review is hidden. */
export const hidingSchema = z
  .strictObject({
    reason: lineSchema(500).openapi({ description: 'For the author to read.', example: 'It names somebody else.' }),
  })
  .openapi('ReviewHiding');

/** A review as everybody sees it: no more of who wrote it, or when, than is said here. */
export const reviewSchema = z
  .object({
    id: z.string().openapi({ example: 'v_AAAAAAAAAAAAAAAA' }),
    stars: z.int(),
    text: z.string(),
    author: z.string().openapi({ example: 'Nadia I.' }),
    visitedIn: z.string().openapi({ description: 'The month of the visit.', example: '2026-11' }),
    edited: z.boolean(),
    reply: z.string().nullable().openapi({ description: 'The doctor’s answer.' }),
  })
  .openapi('Review');

/** A review as its author sees it. */
export const ownReviewSchema = reviewSchema
  .extend({
    appointmentId: z.string(),
    doctorId: z.string(),
    showName: z.boolean(),
    createdAt: instantSchema,
    canEdit: z.boolean(),
    hiddenReason: z.string().nullable().openapi({ description: 'Why it is hidden from others; `null`: it is not.' }),
    withdrawn: z.boolean(),
  })
  .openapi('OwnReview');

/** A review as those see it who decide whether it is shown. */
export const moderatedReviewSchema = reviewSchema
  .extend({
    doctorId: z.string(),
    createdAt: instantSchema,
    hiddenAt: instantSchema.nullable(),
    hiddenReason: z.string().nullable(),
  })
  .openapi('ModeratedReview');

const sortSchema = z.enum(['newest', 'highest', 'lowest']);

/** Query of a doctor's reviews. */
export const reviewsQuerySchema = z.strictObject({
  sort: sortSchema
    .default('newest')
    .openapi({ description: '`highest` and `lowest`: of equal stars the newest first.' }),
  ...pageQuery,
});

/** Where a page of each order goes on. */
export const positionSchemas = {
  newest: z.strictObject({ number: z.int() }),
  highest: z.strictObject({ most: z.int(), number: z.int() }),
  lowest: z.strictObject({ least: z.int(), number: z.int() }),
};

/** Query of the reviews for admins. */
export const moderationQuerySchema = z.strictObject({
  hidden: z.enum(['true', 'false']).optional().openapi({ description: '`true`: only those that are hidden.' }),
  ...pageQuery,
});

export const moderationPositionSchema = z.strictObject({ createdAtMs: z.int(), id: z.string() });

export const reviewParamsSchema = z.object({ id: z.string(), reviewId: z.string() });
