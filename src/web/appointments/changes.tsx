import { hasEnded } from '../../domain/doctor-day/status.ts';
import { asked, type Problem, wanted } from '../api.ts';
import { appointmentOf } from '../book/appointment.ts';
import { bookWords } from '../book/words.ts';
import { TextArea } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Facts, Meanwhile, Note } from '../components/parts.tsx';
import { Instant } from '../components/time.tsx';
import { formPage } from '../form-page.tsx';
import { moneyText, timeText } from '../money-and-time.ts';
import { problemPage } from '../problem-page.tsx';
import { moneyShown, ShownMoney } from '../shown-money.tsx';
import type { Visit } from '../visit.tsx';
import { appointmentWords } from './words.ts';

const [maxReason, maxSymptoms] = [500, 2_000] as const;

/**
 * Cancelling, with what comes back shown before.
 *
 * @param isLess whether less comes back than when the page was shown before
 */
export const cancelPage = async (
  visit: Visit,
  id: string,
  problem: Problem | null = null,
  isLess = false,
): Promise<Response> => {
  const { api, reader, form } = visit;
  const words = appointmentWords[reader.locale].cancel;
  const [appointment, preview] = await Promise.all([
    appointmentOf(visit, id),
    wanted(api.appointments[':id']['refund-preview'].$get({ param: { id } })),
  ]);
  const { timeZone, startsAt } = appointment;
  const [paid, back] = [moneyText(preview.paid, reader.locale), moneyText(preview.refund, reader.locale)];
  const said = () => {
    if (preview.paid.amount === 0) return words.nothingPaid;
    if (preview.refund.amount === 0) return words.refundNone(paid);
    return preview.refund.amount === preview.paid.amount ? words.refundAll(back) : words.refundPart(back, paid);
  };
  return formPage(
    visit,
    {
      ...{ title: words.title, problem, at: 'appointments' },
      ...(isLess ? { status: 409, above: <Meanwhile>{words.lessMeanwhile}</Meanwhile> } : {}),
    },
    <>
      <Facts
        of={[
          [bookWords[reader.locale].facts.when, <Instant visit={visit} at={startsAt} timeZone={timeZone} withZone />],
          [bookWords[reader.locale].facts.doctor, appointment.doctorName ?? null],
        ]}
      />
      <Note tone={preview.paid.amount > 0 && preview.refund.amount < preview.paid.amount ? 'warn' : 'plain'}>
        <p>
          <strong>{said()}</strong>
        </p>
        {preview.paid.amount === 0 || preview.nextChangeAt === null ? null : (
          <p>{words.until(timeText(preview.nextChangeAt, timeZone, reader.locale))}</p>
        )}
      </Note>
      <p>{words.frees}</p>
      <Form visit={visit} action={`/appointments/${id}/cancel`} class="narrow">
        <ShownMoney name="paid" of={preview.paid} />
        <ShownMoney name="refund" of={preview.refund} />
        <TextArea
          {...{ name: 'reason', rows: 2, maxlength: maxReason, problem }}
          label={`${words.reason} (${visit.words.optional})`}
          value={form.given('reason')}
        />
        <p class="row">
          <button type="submit" class="danger">
            {words.button}
          </button>
          <a href={`/appointments/${id}`}>{words.keep}</a>
        </p>
      </Form>
    </>,
  );
};

/**
 * Whether less comes back, or more is lost, than the page said. What is cancelled already has nothing more to give: its
 * form was sent twice.
 */
const givesLess = async (visit: Visit, id: string): Promise<boolean> => {
  const { api, form } = visit;
  const { paid, refund } = await wanted(api.appointments[':id']['refund-preview'].$get({ param: { id } }));
  const none = { ...refund, amount: 0 };
  const shown = { paid: moneyShown(form, 'paid') ?? none, refund: moneyShown(form, 'refund') ?? none };
  const isWorse =
    refund.amount < shown.refund.amount ||
    paid.amount - refund.amount > shown.paid.amount - shown.refund.amount ||
    (paid.amount > 0 && refund.currency !== shown.refund.currency);
  return isWorse && !hasEnded((await appointmentOf(visit, id)).status);
};

/** Cancels, if it gives back what the page said, or more. */
export const cancel = async (visit: Visit, id: string): Promise<Response> => {
  const { api, form, once } = visit;
  if (await givesLess(visit, id)) return cancelPage(visit, id, null, true);
  const reason = form.given('reason');
  const json = reason === undefined ? {} : { reason };
  const outcome = await asked(api.appointments[':id'].cancel.$post({ param: { id }, header: once.headers, json }));
  return visit.done(outcome, `/appointments/${id}`, 'cancelled', (problem) => cancelPage(visit, id, problem));
};

/** What an appointment is about, to be changed. */
export const reasonPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const { reader, form } = visit;
  const words = appointmentWords[reader.locale].reason;
  const { details } = bookWords[reader.locale];
  const { reason, symptoms } = await appointmentOf(visit, id);
  return formPage(
    visit,
    { title: words.title, problem, at: 'appointments' },
    <Form visit={visit} action={`/appointments/${id}/reason`} class="narrow">
      <TextArea
        {...{ name: 'reason', rows: 2, maxlength: maxReason, problem }}
        {...{ label: details.reason, hint: details.reasonHint }}
        value={form.given('reason') ?? reason ?? ''}
      />
      <TextArea
        {...{ name: 'symptoms', rows: 4, maxlength: maxSymptoms, problem }}
        {...{ label: details.symptoms, hint: details.symptomsHint }}
        value={form.given('symptoms') ?? symptoms ?? ''}
      />
      <p class="row">
        <button type="submit">{words.button}</button>
        <a href={`/appointments/${id}`}>{visit.words.back}</a>
      </p>
    </Form>,
  );
};

/** Changes what it is about. */
export const describe = async (visit: Visit, id: string): Promise<Response> => {
  const { api, form, once } = visit;
  const json = { reason: form.given('reason') ?? null, symptoms: form.given('symptoms') ?? null };
  const outcome = await asked(api.appointments[':id'].$put({ param: { id }, header: once.headers, json }));
  return visit.done(outcome, `/appointments/${id}`, 'described', (problem) => reasonPage(visit, id, problem));
};

/** Checks in. */
export const checkIn = async (visit: Visit, id: string): Promise<Response> => {
  const outcome = await asked(
    visit.api.appointments[':id']['check-in'].$post({ param: { id } }, { headers: visit.once.headers }),
  );
  return visit.done(outcome, `/appointments/${id}`, 'arrived', (problem) => problemPage(visit, problem));
};

/** Declines the visit that a doctor has proposed. */
export const declineFollowUp = async (visit: Visit, id: string): Promise<Response> => {
  const param = { id: visit.form.text('proposal') };
  const outcome = await asked(visit.api['follow-ups'][':id'].$delete({ param }, { headers: visit.once.headers }));
  return visit.done(outcome, `/appointments/${id}`, 'follow_up_declined', (problem) => problemPage(visit, problem));
};
