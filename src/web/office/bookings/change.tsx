import { asked, type Outcome, wanted } from '../../api.ts';
import { TextArea } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { formPage } from '../../form-page.tsx';
import { timeText } from '../../money-and-time.ts';
import { problemPage } from '../../problem-page.tsx';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import type { Notice } from '../../words/notices.ts';
import { pathOf, wordsFor } from './calls.ts';

type Problem = Extract<Outcome<unknown>, { ok: false }>['problem'];

/** The changes that need no further word, and what is said of each when it is done. */
const notices = {
  confirm: 'booked_for',
  accept: 'marked',
  'check-in': 'checked_in',
  'call-in': 'called_in',
  complete: 'marked',
  'no-show': 'marked',
} as const satisfies Record<string, Notice>;

type Plain = keyof typeof notices;
export const plainChanges = Object.keys(notices) as Plain[];

/** Does one of the changes that need no further word; from a queue, it leads back there. */
export const change = async (visit: Visit, id: string, step: Plain): Promise<Response> => {
  const to = { param: { id } };
  const one = visit.api.appointments[':id'];
  const nothing = { ...to, header: {}, json: {} };
  const ask = {
    confirm: () => asked(one.confirm.$post(nothing)),
    accept: () => asked(one.accept.$post(nothing)),
    'check-in': () => asked(one['check-in'].$post(to)),
    'call-in': () => asked(one['call-in'].$post(to)),
    complete: () => asked(one.complete.$post(nothing)),
    'no-show': () => asked(one['no-show'].$post(nothing)),
  } satisfies Record<Plain, () => Promise<Outcome<unknown>>>;
  const back = visit.form.given('back') ?? pathOf(id);
  return visit.done(await ask[step](), back, notices[step], (problem) => problemPage(visit, problem));
};

/** Asks whether the patient truly did not come. */
export const noShowPage = (visit: Visit, id: string): Response => {
  const { noShow } = wordsFor(visit);
  const asks = { title: noShow.title, lead: noShow.lead, act: noShow.button, action: pathOf(id, 'no-show') };
  return surePage(visit, { ...asks, back: pathOf(id), leave: visit.words.back, at: 'bookings' });
};

/** Asks whether somebody who was called in early has truly been seen: whose visit it is, and when it was to be. */
export const completePage = async (visit: Visit, id: string): Promise<Response> => {
  const { early, list } = wordsFor(visit);
  const item = await wanted(visit.api.appointments[':id'].$get({ param: { id } }));
  const at = timeText(item.startsAt, item.timeZone, visit.reader.locale);
  return surePage(visit, {
    ...{ title: early.title, lead: early.lead(item.patientName ?? list.nameless, at), act: early.button, kind: 'main' },
    ...{ action: pathOf(id, 'complete'), back: pathOf(id), leave: visit.words.back, at: 'bookings' },
  });
};

/** Asks why a request is declined. */
export const rejectPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const { reject } = wordsFor(visit);
  await wanted(visit.api.appointments[':id'].$get({ param: { id } }));
  return formPage(
    visit,
    { title: reject.title, lead: reject.lead, at: 'bookings', problem },
    <Form visit={visit} action={pathOf(id, 'reject')} class="narrow">
      <TextArea
        {...{ name: 'reason', required: true, maxlength: 500, problem }}
        label={reject.reason}
        value={visit.form.given('reason')}
      />
      <div class="actions">
        <button type="submit" class="danger">
          {reject.button}
        </button>
        <a class="button plain" href={pathOf(id)}>
          {visit.words.back}
        </a>
      </div>
    </Form>,
  );
};

/** Declines a request for the doctor. */
export const reject = async (visit: Visit, id: string): Promise<Response> => {
  const json = { reason: visit.form.text('reason') };
  const outcome = await asked(
    visit.api.appointments[':id'].reject.$post({ param: { id }, header: visit.once.headers, json }),
  );
  return visit.done(outcome, pathOf(id), 'marked', (problem) => rejectPage(visit, id, problem));
};
