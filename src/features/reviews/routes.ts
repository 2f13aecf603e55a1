import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { isPublicDoctor, type ReviewOrder, reviewsOf } from './queries.ts';
import { newReviewSchema, ownReviewSchema, positionSchemas, reviewSchema, reviewsQuerySchema } from './schema.ts';
import { ownView, reviewView } from './view.ts';
import { editReview, ownReview, withdrawReview, writeReview } from './write.ts';

const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const tags = ['Reviews'];
const path = '/appointments/{id}/review';

const list = createRoute({
  method: 'get',
  path: '/doctors/{id}/reviews',
  summary: 'List the reviews of a doctor',
  description: 'Of verified doctors, for everybody. Of who wrote a review, and when, no more is shown than they want.',
  tags,
  request: { params: idParamSchema, query: reviewsQuerySchema },
  responses: { 200: answer(pageSchema(reviewSchema), 'A page of reviews.'), ...refusing('not_found') },
});

const write = createRoute({
  method: 'post',
  path,
  summary: 'Review a visit',
  description: 'Within 90 days of a visit that took place, once: by the patient, or a guardian.',
  tags,
  security: bearer,
  middleware: [...allowed('review.write'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newReviewSchema) },
  responses: {
    201: answer(ownReviewSchema, 'The review.'),
    ...refusing(...always, 'not_visited', 'review_window_over', 'already_reviewed'),
  },
});

const read = createRoute({
  method: 'get',
  path,
  summary: 'Show one’s own review of a visit',
  tags,
  security: bearer,
  middleware: allowed('review.write'),
  request: { params: idParamSchema },
  responses: { 200: answer(ownReviewSchema, 'The review.'), ...refusing(...always) },
});

const edit = createRoute({
  method: 'put',
  path,
  summary: 'Change a review',
  description: 'For 14 days after it was written.',
  tags,
  security: bearer,
  middleware: [...allowed('review.write'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newReviewSchema) },
  responses: { 200: answer(ownReviewSchema, 'The review as it is now.'), ...refusing(...always, 'review_final') },
});

const withdraw = createRoute({
  method: 'delete',
  path,
  summary: 'Withdraw a review',
  description: 'For good: its words are deleted, and the visit cannot be reviewed again.',
  tags,
  security: bearer,
  middleware: [...allowed('review.write'), idempotent],
  request: { params: idParamSchema },
  responses: { 204: { description: 'It is gone.' }, ...refusing(...always) },
});

export const reviewRoutes = router()
  .openapi(list, async (c) => {
    const { sort, limit, cursor } = c.req.valid('query');
    const { id } = c.req.valid('param');
    const db = database(c.env.DB);
    const order = { sort, after: readCursor<unknown>(cursor, positionSchemas[sort]) } as ReviewOrder;
    if (!(await isPublicDoctor(db, id))) return refuse(c, refusal('not_found'));
    const rows = await reviewsOf(db, id, order, limit);
    const positions = {
      newest: {},
      highest: { most: rows[limit - 1]?.stars },
      lowest: { least: rows[limit - 1]?.stars },
    };
    return c.json(
      page(rows, limit, reviewView, ({ number }) => ({ ...positions[sort], number })),
      200,
    );
  })
  .openapi(write, async (c) => {
    const [{ id }, said, nowMs] = [c.req.valid('param'), c.req.valid('json'), Date.now()];
    const written = await writeReview(database(c.env.DB), c.get('principal'), id, said, nowMs);
    return written.ok ? c.json(ownView(written.value, nowMs), 201) : refuse(c, written.refusal);
  })
  .openapi(read, async (c) => {
    const review = await ownReview(database(c.env.DB), c.get('principal'), c.req.valid('param').id);
    return review === null ? refuse(c, refusal('not_found')) : c.json(ownView(review, Date.now()), 200);
  })
  .openapi(edit, async (c) => {
    const [{ id }, said, nowMs] = [c.req.valid('param'), c.req.valid('json'), Date.now()];
    const edited = await editReview(database(c.env.DB), c.get('principal'), id, said, nowMs);
    return edited.ok ? c.json(ownView(edited.value, nowMs), 200) : refuse(c, edited.refusal);
  })
  .openapi(withdraw, async (c) => {
    const gone = await withdrawReview(database(c.env.DB), c.get('principal'), c.req.valid('param').id, Date.now());
    return gone.ok ? c.body(null, 204) : refuse(c, gone.refusal);
  });
