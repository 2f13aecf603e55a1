import type { Money } from '../domain/schedule.ts';
import type { Form } from './form.ts';

/** What a page says of money, kept in its form: whoever sends the form has agreed to that, and to nothing worse. */
export const ShownMoney = ({ name, of: { amount, currency } }: { readonly name: string; readonly of: Money }) => (
  <input type="hidden" name={name} value={`${amount} ${currency}`} />
);

/** What the page said of money whose form was sent; `null` when the form does not tell. */
export const moneyShown = (form: Form, name: string): Money | null => {
  const [, amount, currency] = /^(\d{1,15}) ([A-Z]{3})$/.exec(form.text(name)) ?? [];
  return amount === undefined || currency === undefined ? null : { amount: Number(amount), currency };
};
