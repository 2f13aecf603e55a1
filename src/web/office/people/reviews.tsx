import { asked, type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { ActionButton, Form } from '../../components/form.tsx';
import { Empty, Pager, Tabs } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { monthText, numberText, timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';

const path = '/admin/reviews';

/** Reviews, newest first, each with hiding it or showing it again. */
export const reviewsPage = async (
  visit: Visit,
  query: Readonly<Record<string, string>>,
  problem: Problem | null = null,
): Promise<Response> => {
  const { reader } = visit;
  const words = officeWords[reader.locale].people.reviews;
  const filter = Object.fromEntries(['hidden', 'cursor'].flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
  const { items, nextCursor } = await wanted(
    visit.api.admin.reviews.$get({ query: { limit: '20', ...filter } as never }),
  );
  const tabs = [
    [path, words.tabs.all],
    [`${path}?hidden=true`, words.tabs.hidden],
    [`${path}?hidden=false`, words.tabs.shown],
  ] as const;
  const at = query.hidden === undefined ? path : `${path}?hidden=${query.hidden}`;
  return formPage(
    visit,
    {
      ...{ title: words.title, lead: words.lead, at: 'moderation', problem },
      above: <Tabs label={words.tabsLabel} at={at} tabs={tabs} />,
    },
    <>
      {items.length === 0 ? <Empty icon="star" title={words.none} /> : null}
      <ul class="cards many">
        {items.map((review) => (
          <li class="card">
            <h2>
              {visit.words.stars(numberText(review.stars, reader.locale))}{' '}
              <small class="soft">{words.by(review.author, monthText(review.visitedIn, reader.locale))}</small>
            </h2>
            <p>{review.text === '' ? <span class="soft">{words.noWords}</span> : review.text}</p>
            {review.reply === null ? null : (
              <p class="soft">
                {words.reply}: {review.reply}
              </p>
            )}
            {review.hiddenAt === null ? null : (
              <p class="warn">
                {words.hidden(timeText(review.hiddenAt, reader.timeZone ?? 'UTC', reader.locale))}
                {review.hiddenReason === null ? '' : `: ${review.hiddenReason}`}
              </p>
            )}
            <p>
              <a href={`/doctors/${review.doctorId}`}>{words.doctor}</a>
            </p>
            {review.hiddenAt === null ? (
              <details>
                <summary>{words.hideThis}</summary>
                <Form visit={visit} action={`${path}/${review.id}/hide`} class="row">
                  <div class="grow">
                    <Field
                      {...{ name: 'reason', required: true, maxlength: 500 }}
                      id={`why-${review.id}`}
                      label={words.reason}
                    />
                  </div>
                  <button type="submit" class="danger" aria-label={words.hideOf(review.author)}>
                    {words.hide}
                  </button>
                </Form>
              </details>
            ) : (
              <ActionButton visit={visit} action={`${path}/${review.id}/show`} label={words.showOf(review.author)}>
                {words.showAgain}
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

/** Hides a review, with the reason that its author reads. */
export const hideReview = async (visit: Visit, id: string): Promise<Response> => {
  const json = { reason: visit.form.text('reason') };
  const hidden = await asked(visit.api.admin.reviews[':id'].hide.$post({ param: { id }, json }, visit.once));
  return visit.done(hidden, path, 'review_hidden', (problem) => reviewsPage(visit, {}, problem));
};

/** Shows a review again. */
export const showReview = async (visit: Visit, id: string): Promise<Response> => {
  const shown = await asked(visit.api.admin.reviews[':id'].show.$post({ param: { id } }, visit.once));
  return visit.done(shown, path, 'review_shown', (problem) => reviewsPage(visit, {}, problem));
};
