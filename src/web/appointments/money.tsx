import { Badge } from '../components/parts.tsx';
import { dayText, moneyText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { appointmentWords } from './words.ts';

interface MoneyState {
  readonly state: string;
  readonly payments: readonly {
    readonly id: string;
    readonly state: string;
    readonly amount: { readonly amount: number; readonly currency: string };
    readonly paidAt: string;
    readonly kept: boolean | null;
    readonly refunds: readonly {
      readonly id: string;
      readonly amount: { readonly amount: number; readonly currency: string };
      readonly state: string;
      readonly createdAt: string;
    }[];
  }[];
}

/** What was paid and given back, with its papers. */
export const Money = ({
  visit,
  of,
  timeZone,
}: {
  readonly visit: Visit;
  readonly of: MoneyState;
  readonly timeZone: string;
}) => {
  const { locale } = visit.reader;
  const words = appointmentWords[locale].money;
  if (of.payments.length === 0) return null;
  const day = (at: string): string => dayText(at, timeZone, locale);
  return (
    <section aria-labelledby="money">
      <h2 id="money">{words.title}</h2>
      <ul class="cards">
        {of.payments.map(({ id, state, amount, paidAt, kept, refunds }) => (
          <li class="card">
            <p>
              {words.paidOn(moneyText(amount, locale), day(paidAt))} <Badge>{words.states[state]}</Badge>
            </p>
            {kept ? (
              <p class="row">
                <a href={`/api/v1/payments/${id}/receipt.pdf`}>{words.receipt}</a>
                <a href={`/api/v1/payments/${id}/invoice.pdf`}>{words.invoice}</a>
              </p>
            ) : (
              <p class="soft">{kept === null ? words.pending : words.notKept}</p>
            )}
            {refunds.map((refund) => (
              <p>
                {words.refund(moneyText(refund.amount, locale), day(refund.createdAt))}{' '}
                <span class="soft">({words.refundStates[refund.state]})</span>{' '}
                {kept ? (
                  <a href={`/api/v1/payments/${id}/refunds/${refund.id}/credit-note.pdf`}>{words.creditNote}</a>
                ) : null}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
};
