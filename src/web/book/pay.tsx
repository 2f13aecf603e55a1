import { asked, type Problem, wanted } from '../api.ts';
import { ActionButton } from '../components/form.tsx';
import { Note, Steps } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { moneyText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { appointmentOf } from './appointment.ts';
import { confirmPage, lostOr, notHeld } from './confirm.tsx';
import { Countdown } from './countdown.tsx';
import { bookWords } from './words.ts';

/** Where Razorpay's own page to pay on takes a form (its "hosted checkout"), so that no script of theirs runs on ours. */
const razorpayOrigin = 'https://api.razorpay.com';
const razorpayForm = `${razorpayOrigin}/v1/checkout/embedded`;

/** Begins to pay: makes the order, has the hold wait for the money, and leads to the page to pay on. */
export const beginToPay = async (visit: Visit, id: string): Promise<Response> => {
  const outcome = await asked(
    visit.api.appointments[':id'].payment.$post({ param: { id } }, { headers: visit.once.headers }),
  );
  if (outcome.ok) return visit.go(`/appointments/${id}/pay`);
  if (outcome.problem.code === 'already_paid') return visit.go(`/appointments/${id}`);
  return lostOr(visit, id, outcome.problem, () => confirmPage(visit, id, outcome.problem));
};

/** What is to be paid, until when, and the way to the gateway. It is looked at again until it is paid. */
export const payPage = async (
  visit: Visit,
  id: string,
  { problem = null, said = null }: { readonly problem?: Problem | null; readonly said?: 'notPaid' | null } = {},
): Promise<Response> => {
  const { api, reader } = visit;
  const words = bookWords[reader.locale];
  const [appointment, { order }] = await Promise.all([
    appointmentOf(visit, id),
    wanted(api.appointments[':id'].payment.$get({ param: { id } })),
  ]);
  const elsewhere = await notHeld(visit, appointment);
  if (elsewhere !== null) return elsewhere;
  if (order === null) return visit.go(`/appointments/${id}/confirm`);
  const amount = moneyText(order.amount, reader.locale);
  return formPage(
    visit,
    {
      ...{ title: words.pay.title, lead: words.pay.lead(amount), problem, at: 'appointments' },
      islands: ['countdown', 'fresh'],
      formsTo: order.payUrl === null ? [razorpayOrigin] : [],
      above: <Steps at={3} label={words.stepsLabel} names={words.steps} />,
    },
    <>
      <Countdown {...{ visit, from: appointment.createdAt, until: order.expiresAt, timeZone: appointment.timeZone }} />
      <p>{words.pay.later}</p>
      {said === null ? null : (
        <Note tone="warn">
          <p>{words.pay[said]}</p>
        </Note>
      )}
      {order.failedAttempts === 0 ? null : (
        <Note tone="warn">
          <p>{words.pay.failed}</p>
        </Note>
      )}
      <p>{words.pay.leave[order.gateway === 'razorpay' ? 'razorpay' : 'local']}</p>
      <Gateway {...{ id, order }} text={words.pay.button(amount)} origin={visit.origin} />
      <p data-fresh="8" class="soft">
        {words.pay.waiting} <a href={`/appointments/${id}/pay`}>{words.pay.again}</a>
      </p>
      <ActionButton visit={visit} action={`/appointments/${id}/release`}>
        {words.confirm.release}
      </ActionButton>
    </>,
  );
};

const Gateway = ({
  id,
  order,
  text,
  origin,
}: {
  readonly id: string;
  readonly order: {
    readonly orderId: string;
    readonly keyId: string | null;
    readonly payUrl: string | null;
    readonly amount: { readonly amount: number; readonly currency: string };
  };
  readonly text: string;
  readonly origin: string;
}) => {
  if (order.payUrl !== null) {
    return (
      <p>
        <a class="button" href={order.payUrl}>
          {text}
        </a>
      </p>
    );
  }
  const back = `${origin}/appointments/${id}/paid`;
  const fields = {
    key_id: order.keyId ?? '',
    order_id: order.orderId,
    amount: String(order.amount.amount),
    currency: order.amount.currency,
    name: 'Daybook',
    callback_url: back,
    cancel_url: back,
  };
  return (
    <form method="post" action={razorpayForm}>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit">{text}</button>
    </form>
  );
};

/**
 * Takes up what a browser brings back from Razorpay. It comes from another site, so without the session's cookies: it is
 * led to a page of ours with what the gateway signed, where the session is there again.
 */
export const broughtBack = (visit: Visit, id: string): Response => {
  const { form } = visit;
  const signed = new URLSearchParams({
    order: form.text('razorpay_order_id'),
    payment: form.text('razorpay_payment_id'),
    signature: form.text('razorpay_signature'),
  });
  return visit.go(`/appointments/${id}/paid${form.has('razorpay_signature') ? `?${signed}` : ''}`);
};

/** Has the API ask the gateway what was paid, and leads to the appointment, or back to paying. */
export const paidPage = async (
  visit: Visit,
  id: string,
  query: Readonly<Record<string, string>>,
): Promise<Response> => {
  const { order, payment, signature } = query;
  if (order === undefined || payment === undefined || signature === undefined) {
    return payPage(visit, id, { said: 'notPaid' });
  }
  // The browser says truly that another site led it here. What it brings is signed by the gateway, and asking what was
  // paid changes nothing that was not so. The client lets no id lead to another route with these headers.
  const headers = { origin: visit.origin, 'sec-fetch-site': 'same-origin', 'x-csrf-token': visit.csrfToken };
  const json = { orderId: order, paymentId: payment, signature };
  const outcome = await asked(visit.api.appointments[':id'].payment.return.$post({ param: { id }, json }, { headers }));
  return outcome.ok ? visit.go(`/appointments/${id}`) : payPage(visit, id, { problem: outcome.problem });
};
