import type { InferRequestType, InferResponseType } from 'hono/client';
import { minorDigits } from '../../../domain/written-money.ts';
import type { PageApi } from '../../api.ts';
import type { Form } from '../../form.ts';

type DoctorApi = PageApi['doctors'][':id'];
export type DoctorProfile = InferResponseType<DoctorApi['$get'], 200>;
type Edit = InferRequestType<DoctorApi['$put']>['json'];

/** How many decimals a currency has; two for what is none, which the API refuses. */
const decimalsOf = (currency: string): number => {
  try {
    return minorDigits(currency);
  } catch {
    return 2;
  }
};

/** Money as somebody types it: `1500` for 150000 minor units of a currency with two decimals. */
export const unitsOf = ({ amount, currency }: { readonly amount: number; readonly currency: string }): string =>
  String(amount / 10 ** decimalsOf(currency));

/** The form of the profile as the API takes it. */
export const editIn = (form: Form): Edit => {
  const currency = form.text('currency').toUpperCase();
  const minor = (text: string): number =>
    text === '' ? Number.NaN : Math.round(Number(text) * 10 ** decimalsOf(currency));
  return {
    bio: form.text('bio'),
    specialization: form.text('specialization'),
    experienceYears: Number(form.given('experienceYears') ?? Number.NaN),
    gender: form.text('gender') as NonNullable<Edit['gender']>,
    languages: form
      .text('languages')
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    timeZone: form.text('timeZone'),
    consultationFee: { amount: minor(form.text('fee')), currency },
    videoFeeAmount: form.given('videoFee') === undefined ? null : minor(form.text('videoFee')),
    paymentRequired: form.has('paymentRequired'),
    clinicIds: form.all('clinicIds[]'),
  };
};
