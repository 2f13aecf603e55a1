import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { defaultRefundSteps, type RefundStep } from '../../../src/domain/payments/refund-policy.ts';
import { tillOf } from '../../../src/payments/env-till.ts';
import { sweepPayments } from '../../../src/payments/sweep.ts';
import { type Actor, eventually, everyDay, patient, practice, signedIn } from '../../support/clinic.ts';
import { fetchPage } from '../../support/payment-routes.ts';

const fee = { amount: 150_000, currency: 'BDT' };
const all: readonly RefundStep[] = [{ hoursBefore: 0, percent: 100 }];
const half: readonly RefundStep[] = [{ hoursBefore: 0, percent: 50 }];
const nothing: readonly RefundStep[] = [];
const newClinic = { name: 'Heart', address: 'House 12', city: 'Dhaka', country: 'BD', timeZone: 'Asia/Dhaka' };

let heart: Awaited<ReturnType<typeof practice>>;
let nadia: Actor;
let finance: Actor;
let policy: string;
const slots: string[] = [];

beforeAll(async () => {
  heart = await practice({ profile: { consultationFee: fee } });
  const { body } = await heart.admin.act('POST', '/clinics', newClinic);
  policy = `/clinics/${body.id}/refund-policy`;
  const terms = { clinicIds: [body.id], paymentRequired: true };
  const asks = await heart.doctor.act('PUT', `/doctors/${heart.doctor.id}`, terms);
  expect([asks.status, asks.body.paymentRequired]).toEqual([200, true]);
  await heart.setSchedule(everyDay({ clinicId: body.id }));
  slots.push(...(await heart.slotsOn()).map(({ id }) => id));
  nadia = await patient();
  finance = await signedIn('u_AAAAAAAAAAAAAAAQ', 'admin', { permissions: ['finance'] });
});
afterEach(() => void vi.useRealTimers());

const sets = async (steps: readonly RefundStep[], path = policy): Promise<void> => {
  const { status, body } = await finance.act('PUT', path, { steps });
  expect([status, body]).toEqual([200, { steps, isDefault: false }]);
};
const paid = async (): Promise<string> => {
  const { id } = (await nadia.holds(slots.pop() ?? '')).body;
  const { order } = (await nadia.act('POST', `/appointments/${id}/payment`)).body;
  expect((await fetchPage(`/dev/pay/${order.orderId}`, 'act=pay')).status).toBe(200);
  return id;
};
/** What cancelling an appointment was said to give back; it is cancelled. */
const cancelled = async (id: string): Promise<number> => {
  const { body } = await nadia.act('GET', `/appointments/${id}/refund-preview`);
  expect(body.paid).toEqual(fee);
  expect((await nadia.cancels(id)).body.status).toBe('cancelled');
  // By the next millisecond somebody may think of another policy.
  await new Promise((resolve) => setTimeout(resolve, 2));
  return body.refund.amount;
};
/** What the clock has given back of each, once D1 knows that they were cancelled. */
const givenBack = async (ids: readonly string[]): Promise<number[]> => {
  await eventually(
    () =>
      env.DB.prepare(
        "select count(*) as n from audit_events where action = 'cancelled' and subject_id in (select value from json_each(?))",
      )
        .bind(JSON.stringify(ids))
        .first('n'),
    (n) => n === ids.length,
  );
  await sweepPayments(tillOf(env), Date.now());
  const read = ids.map(async (id) => (await nadia.act('GET', `/appointments/${id}/payment`)).body.payments[0]);
  return (await Promise.all(read)).map(({ refunded }) => refunded.amount);
};

test('[PY17] what is given back is what was promised at the cancellation, whatever the clinic has set since', async () => {
  const ids = [await paid(), await paid(), await paid(), await paid()] as const;
  await sets(half, '/admin/refund-policy');
  const promised = [await cancelled(ids[0])];
  // The first that the clinic has of its own, and then one after the other, the same twice.
  await sets(all);
  promised.push(await cancelled(ids[1]));
  await sets(nothing);
  await sets(nothing);
  promised.push(await cancelled(ids[2]));
  await sets(all);
  await sets(defaultRefundSteps, '/admin/refund-policy');
  promised.push(await cancelled(ids[3]));
  await sets(half);
  expect(promised).toEqual([75_000, 150_000, 0, 150_000]);
  expect(await givenBack(ids)).toEqual(promised);
});

test('[PY17] of two that are set within one millisecond, or by a clock that is slow, the last holds', async () => {
  const id = await paid();
  const shown = async () => (await finance.act('GET', policy)).body.steps;
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now });
  await sets(nothing);
  await sets(all);
  expect(await shown()).toEqual(all);
  vi.setSystemTime(now - 5_000);
  await sets(half);
  vi.useRealTimers();
  expect(await shown()).toEqual(half);
  const promised = await cancelled(id);
  expect(promised).toBe(75_000);
  await sets(nothing);
  expect(await givenBack([id])).toEqual([promised]);
});
