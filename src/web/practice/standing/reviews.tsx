import { asked, type Problem, Unanswered } from '../../api.ts';
import { Select, TextArea } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty, Heading, Note, Pager } from '../../components/parts.tsx';
import { monthText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { ownId } from '../own.ts';
import { standingWords } from './words.ts';

interface Shown {
  readonly sort?: string | undefined;
  readonly cursor?: string | undefined;
}

/** What patients say of the doctor, with a reply to each. */
export const reviewsPage = async (
  visit: Visit,
  { sort, cursor }: Shown,
  refused: { readonly id: string; readonly problem: Problem } | null = null,
): Promise<Response> => {
  const { reader, api, form } = visit;
  const words = standingWords[reader.locale].reviews;
  const order = sort !== undefined && Object.hasOwn(words.orders, sort) ? sort : 'newest';
  const query = { sort: order, limit: '20', ...(cursor === undefined ? {} : { cursor }) };
  const found = await asked(api.doctors[':id'].reviews.$get({ param: { id: ownId(visit) }, query: query as never }));
  if (!found.ok && found.problem.status !== 404) throw new Unanswered(found.problem);
  const items = found.ok ? found.value.items : [];
  return visit.show(
    {
      title: `${refused === null ? '' : visit.words.errorPrefix}${words.title}`,
      at: 'reviews',
      status: refused?.problem.status,
    },
    <>
      <Heading title={words.title} lead={words.lead} />
      {refused === null || items.some(({ id }) => id === refused.id) ? null : (
        <ProblemSummary visit={visit} problem={refused.problem} />
      )}
      {found.ok ? null : <Note>{words.hidden}</Note>}
      {found.ok && items.length === 0 ? <Empty icon="star" title={words.empty} /> : null}
      {items.length === 0 ? null : (
        <form method="get" action="/reviews" class="row">
          <Select name="sort" label={words.order} value={order} options={Object.entries(words.orders)} />
          <button type="submit" class="plain">
            {words.show}
          </button>
        </form>
      )}
      <ul class="cards many below">
        {items.map((review) => {
          const problem = refused?.id === review.id ? refused.problem : null;
          return (
            <li class="card" id={review.id}>
              <h2>
                <Icon name="star" /> {words.by(review.author, review.stars)}
              </h2>
              <p class="soft">
                {words.visited(monthText(review.visitedIn, reader.locale))}
                {review.edited ? ` · ${words.edited}` : ''}
              </p>
              {review.text === '' ? null : <p class="lines">{review.text}</p>}
              <ProblemSummary visit={visit} problem={problem} />
              {review.reply === null ? null : (
                <Note>
                  <span class="lines">{review.reply}</span>
                </Note>
              )}
              <details {...(problem === null ? {} : { open: true })}>
                <summary>{review.reply === null ? words.save : words.change}</summary>
                <Form visit={visit} action={`/reviews/${review.id}/reply`} class="narrow">
                  <TextArea
                    {...{ name: 'text', id: `reply-${review.id}`, rows: 3, required: true, maxlength: 2_000, problem }}
                    label={words.reply}
                    hint={words.replyHint}
                    value={problem === null ? (review.reply ?? undefined) : form.text('text')}
                  />
                  <button type="submit" class="plain">
                    {review.reply === null ? words.save : words.change}
                  </button>
                </Form>
              </details>
            </li>
          );
        })}
      </ul>
      <Pager visit={visit} nextCursor={found.ok ? found.value.nextCursor : null} />
    </>,
  );
};

/** Replies to a review, or changes the reply. */
export const replyTo = async (visit: Visit, id: string): Promise<Response> => {
  const param = { id: ownId(visit), reviewId: id };
  const json = { text: visit.form.text('text') };
  const replied = await asked(visit.api.doctors[':id'].reviews[':reviewId'].reply.$put({ param, json }, visit.once));
  return visit.done(replied, `/reviews#${id}`, 'reply_saved', (problem) => reviewsPage(visit, {}, { id, problem }));
};
