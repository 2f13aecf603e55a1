import { database } from '../../db/client.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { answerReview, hideReview, showReview } from './moderate.ts';
import { reviewsToModerate } from './queries.ts';
import {
  hidingSchema,
  moderatedReviewSchema,
  moderationPositionSchema,
  moderationQuerySchema,
  replySchema,
  reviewParamsSchema,
  reviewSchema,
} from './schema.ts';
import { moderatedView, reviewView } from './view.ts';

const always = ['unauthenticated', 'forbidden', 'not_found'] as const;

const reply = createRoute({
  method: 'put',
  path: '/doctors/{id}/reviews/{reviewId}/reply',
  summary: 'Answer a review',
  description: 'By its doctor, for everybody to read. There is one answer; another replaces it.',
  tags: ['Reviews'],
  security: bearer,
  middleware: [...allowed('review.answer'), idempotent],
  request: { params: reviewParamsSchema, ...jsonBody(replySchema) },
  responses: { 200: answer(reviewSchema, 'The review with the answer.'), ...refusing(...always) },
});

const list = createRoute({
  method: 'get',
  path: '/admin/reviews',
  summary: 'List reviews',
  description: 'Newest first.',
  tags: ['Administration'],
  security: bearer,
  middleware: allowed('review.moderate'),
  request: { query: moderationQuerySchema },
  responses: {
    200: answer(pageSchema(moderatedReviewSchema), 'A page of reviews.'),
    ...refusing('unauthenticated', 'forbidden'),
  },
});

const hide = createRoute({
  method: 'post',
  path: '/admin/reviews/{id}/hide',
  summary: 'Hide a review',
  description:
    'It counts for the rating no more, and its author is told why. Hidden already, it stays as it is, with its reason.',
  tags: ['Administration'],
  security: bearer,
  middleware: [...allowed('review.moderate'), idempotent],
  request: { params: idParamSchema, ...jsonBody(hidingSchema) },
  responses: { 200: answer(moderatedReviewSchema, 'The review as it is now.'), ...refusing(...always) },
});

const show = createRoute({
  method: 'post',
  path: '/admin/reviews/{id}/show',
  summary: 'Show a review again',
  tags: ['Administration'],
  security: bearer,
  middleware: [...allowed('review.moderate'), idempotent],
  request: { params: idParamSchema },
  responses: { 200: answer(moderatedReviewSchema, 'The review as it is now.'), ...refusing(...always) },
});

/** What doctors answer to reviews, and what admins decide of them. */
export const reviewModerationRoutes = router()
  .openapi(reply, async (c) => {
    const { id: doctorId, reviewId } = c.req.valid('param');
    const { text } = c.req.valid('json');
    const of = { doctorId, reviewId };
    const answered = await answerReview(database(c.env.DB), c.get('principal'), of, text, Date.now());
    return answered.ok ? c.json(reviewView(answered.value), 200) : refuse(c, answered.refusal);
  })
  .openapi(list, async (c) => {
    const { hidden, limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, moderationPositionSchema);
    const rows = await reviewsToModerate(database(c.env.DB), hidden === 'true', after, limit);
    return c.json(
      page(rows, limit, moderatedView, ({ createdAtMs, id }) => ({ createdAtMs, id })),
      200,
    );
  })
  .openapi(hide, async (c) => {
    const { reason } = c.req.valid('json');
    const hidden = await hideReview(c.env, c.get('principal'), c.req.valid('param').id, reason, Date.now());
    return hidden.ok ? c.json(moderatedView(hidden.value), 200) : refuse(c, hidden.refusal);
  })
  .openapi(show, async (c) => {
    const shown = await showReview(database(c.env.DB), c.get('principal'), c.req.valid('param').id, Date.now());
    return shown.ok ? c.json(moderatedView(shown.value), 200) : refuse(c, shown.refusal);
  });
