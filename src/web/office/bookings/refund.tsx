import type { InferResponseType } from 'hono/client';
import { minorUnitsIn } from '../../../domain/written-money.ts';
import { asked, type PageApi, type Problem, problemFor, wanted } from '../../api.ts';
import { Field, Select } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Facts } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { moneyText } from '../../money-and-time.ts';
import { problemPage } from '../../problem-page.tsx';
import type { Visit } from '../../visit.tsx';
import { pathOf, wordsFor } from './calls.ts';

type Payment = InferResponseType<PageApi['appointments'][':id']['payment']['$get'], 200>['payments'][number];

/** A form that gives back a part of a payment. */
export const RefundForm = ({
  visit,
  appointmentId,
  payment,
  problem = null,
}: {
  readonly visit: Visit;
  readonly appointmentId: string;
  readonly payment: Payment;
  readonly problem?: Problem | null;
}) => {
  const { money: words } = wordsFor(visit);
  const { form } = visit;
  return (
    <Form visit={visit} action={pathOf(appointmentId, 'refund')} class="narrow" label={words.giveBack}>
      <input type="hidden" name="payment" value={payment.id} />
      <Field
        {...{ name: 'amount', inputmode: 'decimal', required: true, maxlength: 16, problem }}
        id={`amount-${payment.id}`}
        label={words.howMuch(payment.amount.currency)}
        value={form.given('amount')}
      />
      <Select
        {...{ name: 'reason', problem }}
        id={`reason-${payment.id}`}
        label={words.why}
        value={form.given('reason')}
        options={Object.entries(words.reasons)}
      />
      <button type="submit">{words.button}</button>
    </Form>
  );
};

/** The form by itself, with what is wrong with it. */
const refundPage = (visit: Visit, id: string, payment: Payment, problem: Problem): Response => {
  const { money: words } = wordsFor(visit);
  const { locale } = visit.reader;
  return formPage(
    visit,
    { title: words.giveBack, at: 'bookings', problem },
    <>
      <Facts
        of={[
          [words.amount, moneyText(payment.amount, locale)],
          [words.refunded, moneyText(payment.refunded, locale)],
        ]}
      />
      <RefundForm visit={visit} appointmentId={id} payment={payment} problem={problem} />
      <p>
        <a href={pathOf(id)}>{visit.words.back}</a>
      </p>
    </>,
  );
};

const notAnAmount = 'must be written like 1400, 1,400 or 1400.50, with no more decimals than the currency has';

/** Gives back a part of a payment, in the whole units of its currency as somebody writes them. */
export const refund = async (visit: Visit, id: string): Promise<Response> => {
  const { form, api } = visit;
  const { payments } = await wanted(api.appointments[':id'].payment.$get({ param: { id } }));
  const payment = payments.find((one) => one.id === form.text('payment'));
  if (payment === undefined) return problemPage(visit, problemFor('not_found'));
  const again = (problem: Problem): Response => refundPage(visit, id, payment, problem);
  const amount = minorUnitsIn(form.text('amount'), payment.amount.currency);
  if (amount === null) return again(problemFor('invalid_request', '', { amount: notAnAmount }));
  const json = { amount, reason: form.text('reason') as never };
  const given = await asked(api.admin.payments[':id'].refunds.$post({ param: { id: payment.id }, json }, visit.once));
  return visit.done(given, pathOf(id), 'refund_begun', again);
};
