import type { InferResponseType } from 'hono/client';
import type { PageApi } from '../../api.ts';
import { Icon } from '../../components/icon.tsx';
import { Table } from '../../components/parts.tsx';
import { Instant } from '../../components/time.tsx';
import { moneyText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { wordsFor } from './calls.ts';
import { RefundForm } from './refund.tsx';

type MoneyState = InferResponseType<PageApi['appointments'][':id']['payment']['$get'], 200>;

/** How the money of an appointment stands: what was paid and given back, its papers, and giving more back. */
export const Money = ({
  visit,
  money,
  timeZone,
}: {
  readonly visit: Visit;
  readonly money: MoneyState;
  readonly timeZone: string;
}) => {
  const words = wordsFor(visit).money;
  const { locale } = visit.reader;
  const paper = (path: string, text: string) => (
    <a href={`/api/v1/payments/${path}`}>
      <Icon name="file" /> {text}
    </a>
  );
  return (
    <section aria-labelledby="money">
      <h2 id="money">{words.title}</h2>
      {money.payments.length === 0 ? <p class="soft">{words.unpaid}</p> : null}
      {money.payments.length === 0 ? null : (
        <Table
          stacks
          caption={words.caption}
          head={[words.paidAt, words.amount, words.refunded, words.papers]}
          rows={money.payments.map((payment) => [
            <Instant visit={visit} at={payment.paidAt} timeZone={timeZone} />,
            moneyText(payment.amount, locale),
            <>
              {moneyText(payment.refunded, locale)}
              {payment.refunds.map(({ amount, state }) => (
                <div class="soft">
                  {moneyText(amount, locale)} · {words.states[state] ?? state}
                </div>
              ))}
            </>,
            can(visit, 'payment.read_documents') ? (
              <ul class="plain-list">
                <li>{paper(`${payment.id}/receipt.pdf`, words.receipt)}</li>
                <li>{paper(`${payment.id}/invoice.pdf`, words.invoice)}</li>
                {payment.refunds.map(({ id }) => (
                  <li>{paper(`${payment.id}/refunds/${id}/credit-note.pdf`, words.creditNote)}</li>
                ))}
              </ul>
            ) : (
              ''
            ),
          ])}
        />
      )}
      {can(visit, 'payment.refund')
        ? money.payments
            .filter(({ amount, refunded }) => refunded.amount < amount.amount)
            .map((payment) => (
              <details>
                <summary>{words.giveBack}</summary>
                <RefundForm visit={visit} appointmentId={money.appointmentId} payment={payment} />
              </details>
            ))
        : null}
    </section>
  );
};
