import { type PageApi, wanted } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { Empty, Heading, Pager, Tabs } from '../components/parts.tsx';
import { monthText, numberText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { Rating } from './rating.tsx';
import { findWords } from './words.ts';

type Page = Awaited<ReturnType<Awaited<ReturnType<PageApi['doctors'][':id']['reviews']['$get']>>['json']>>;

const orders = ['newest', 'highest', 'lowest'] as const;

/** What patients say of a doctor, page by page. */
export const reviewsPage = async (
  visit: Visit,
  id: string,
  query: Readonly<Record<string, string>>,
): Promise<Response> => {
  const { reader, api } = visit;
  const words = findWords[reader.locale].reviews;
  const sort = orders.find((order) => order === query.sort) ?? 'newest';
  const asks = { sort, ...(query.cursor ? { cursor: query.cursor } : {}) };
  const [doctor, { items, nextCursor }] = await Promise.all([
    wanted(api.doctors[':id'].$get({ param: { id } })),
    wanted(api.doctors[':id'].reviews.$get({ param: { id }, query: asks })),
  ]);
  const path = (order: string): string => `/doctors/${id}/reviews${order === 'newest' ? '' : `?sort=${order}`}`;
  return visit.show(
    {
      title: words.titleOf(doctor.fullName),
      at: 'find',
      description: `${words.titleOf(doctor.fullName)} · ${words.count(doctor.reviewCount)}`,
      canonical: `/doctors/${id}/reviews`,
    },
    <>
      <Heading
        title={words.titleOf(doctor.fullName)}
        lead={
          doctor.rating === null ? (
            words.count(0)
          ) : (
            <Rating visit={visit} rating={doctor.rating} reviewCount={doctor.reviewCount} />
          )
        }
      >
        <a class="button plain" href={`/doctors/${id}`}>
          {words.back}
        </a>
      </Heading>
      <Tabs label={words.title} at={path(sort)} tabs={orders.map((order) => [path(order), words.sorts[order]])} />
      {items.length === 0 ? <Empty icon="star" title={words.none} /> : null}
      <ul class="cards many">
        {items.map((review) => (
          <Review visit={visit} review={review} />
        ))}
      </ul>
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

/** One review, as everybody sees it, and what the doctor answers. */
export const Review = ({ visit, review }: { readonly visit: Visit; readonly review: Page['items'][number] }) => {
  const { reader, words } = visit;
  const own = findWords[reader.locale].reviews;
  const stars = numberText(review.stars, reader.locale);
  return (
    <li class="card">
      <p class="marks">
        <span class="rating">
          <Icon name="star" />
          <span aria-hidden="true">{stars}</span>
          <span class="unseen">{words.stars(stars)}</span>
        </span>
        <strong>{review.author === 'Patient' ? own.patient : review.author}</strong>
        <span class="soft">
          {own.visited(monthText(review.visitedIn, reader.locale))}
          {review.edited ? ` · ${own.edited}` : ''}
        </span>
      </p>
      {review.text === '' ? null : <p class="words">{review.text}</p>}
      {review.reply === null ? null : (
        <blockquote>
          <p class="soft">{own.reply}</p>
          <p class="words">{review.reply}</p>
        </blockquote>
      )}
    </li>
  );
};
