import { asked, type Problem } from '../api.ts';
import { appointmentOf } from '../book/appointment.ts';
import { Check, Group, TextArea } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Note } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { numberText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { appointmentWords } from './words.ts';

const maxText = 2_000;
const allStars = [5, 4, 3, 2, 1] as const;

const ownReview = async (visit: Visit, id: string) => {
  const found = await asked(visit.api.appointments[':id'].review.$get({ param: { id } }));
  return found.ok ? found.value : null;
};

/** The review of a visit: to write it, to change it while it can be, or to withdraw it. */
export const reviewPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const { reader, form } = visit;
  const words = appointmentWords[reader.locale].review;
  const [appointment, own] = await Promise.all([appointmentOf(visit, id), ownReview(visit, id)]);
  const page = {
    title: words.title,
    lead: words.lead(appointment.doctorName ?? ''),
    problem,
    at: 'appointments' as const,
  };
  if (own?.withdrawn) {
    return formPage(
      visit,
      page,
      <Note>
        <p>{words.withdrawn}</p>
      </Note>,
    );
  }
  const stars = form.given('stars') ?? String(own?.stars ?? '');
  return formPage(
    visit,
    page,
    <>
      {own?.hiddenReason == null ? null : (
        <Note tone="warn">
          <p>{words.hidden(own.hiddenReason)}</p>
        </Note>
      )}
      {own === null || own.canEdit ? (
        <Form visit={visit} action={`/appointments/${id}/review`} class="narrow">
          <Group legend={words.stars}>
            {allStars.map((n) => (
              <Check
                {...{ name: 'stars', type: 'radio', value: String(n), required: true }}
                checked={stars === String(n)}
                label={
                  <>
                    <span aria-hidden="true">{'★'.repeat(n)}</span> {words.star(numberText(n, reader.locale))}
                  </>
                }
              />
            ))}
          </Group>
          <TextArea
            {...{ name: 'text', rows: 6, maxlength: maxText, problem }}
            label={`${words.text} (${visit.words.optional})`}
            hint={words.textHint}
            value={form.given('text') ?? own?.text ?? ''}
          />
          <Check name="showName" label={words.showName} checked={form.has('showName') || (own?.showName ?? false)} />
          <p class="row">
            <button type="submit">{words.button}</button>
            <a href={`/appointments/${id}`}>{visit.words.back}</a>
          </p>
        </Form>
      ) : (
        <>
          <p>{words.star(numberText(own.stars, reader.locale))}</p>
          <p class="lines">{own.text}</p>
          <p class="soft">{words.final}</p>
        </>
      )}
      {own?.reply == null ? null : (
        <>
          <h2>{words.reply}</h2>
          <p class="lines">{own.reply}</p>
        </>
      )}
      {own === null ? null : (
        <p>
          <a class="button danger" href={`/appointments/${id}/review/withdraw`}>
            {words.withdraw}
          </a>
        </p>
      )}
    </>,
  );
};

/** Writes the review, or changes the one there is. */
export const writeReview = async (visit: Visit, id: string): Promise<Response> => {
  const { api, form, once } = visit;
  const json = { stars: Number(form.text('stars')), text: form.text('text'), showName: form.has('showName') };
  const [param, headers] = [{ id }, { headers: once.headers }];
  const { review } = api.appointments[':id'];
  const own = await ownReview(visit, id);
  const outcome = await (own === null
    ? asked(review.$post({ param, json }, headers))
    : asked(review.$put({ param, json }, headers)));
  return visit.done(outcome, `/appointments/${id}`, 'reviewed', (problem) => reviewPage(visit, id, problem));
};

/** Whether it shall really be withdrawn. */
export const withdrawPage = (visit: Visit, id: string): Response => {
  const words = appointmentWords[visit.reader.locale].review;
  return formPage(
    visit,
    { title: words.withdrawTitle, lead: words.withdrawLead, at: 'appointments' },
    <Form visit={visit} action={`/appointments/${id}/review/withdraw`}>
      <p class="row">
        <button type="submit" class="danger">
          {words.withdraw}
        </button>
        <a href={`/appointments/${id}/review`}>{words.keep}</a>
      </p>
    </Form>,
  );
};

/** Withdraws the review. */
export const withdrawReview = async (visit: Visit, id: string): Promise<Response> => {
  const { api, once } = visit;
  const outcome = await asked(api.appointments[':id'].review.$delete({ param: { id } }, { headers: once.headers }));
  return visit.done(outcome, `/appointments/${id}`, 'review_withdrawn', (problem) => reviewPage(visit, id, problem));
};
