import type { InferRequestType, InferResponseType } from 'hono/client';
import type { PageApi } from '../../api.ts';
import type { Form } from '../../form.ts';
import { minorOf } from '../../typed-money.ts';

type DoctorApi = PageApi['doctors'][':id'];
export type DoctorProfile = InferResponseType<DoctorApi['$get'], 200>;
type Edit = InferRequestType<DoctorApi['$put']>['json'];

/** The form of the profile as the API takes it. */
export const editIn = (form: Form): Edit => {
  const currency = form.text('currency').toUpperCase();
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
    consultationFee: { amount: minorOf(form.text('fee'), currency), currency },
    videoFeeAmount: form.given('videoFee') === undefined ? null : minorOf(form.text('videoFee'), currency),
    paymentRequired: form.has('paymentRequired'),
    clinicIds: form.all('clinicIds[]'),
  };
};
