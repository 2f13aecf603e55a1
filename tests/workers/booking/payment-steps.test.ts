import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { doctorDays } from '../../../src/doctor-days/client.ts';
import { principalOf } from '../../../src/domain/access.ts';
import { addDays } from '../../../src/domain/local-date.ts';
import { eventually, everyDay, patient, practice } from '../../support/clinic.ts';

test('[DD39] [DD40] [DD41] [DD42] [DD43] a patient of a doctor who is paid first pays, and is booked', async () => {
  const { slot, doctor } = await practice();
  const fee = { amount: 50_000, currency: 'BDT' };
  const edited = await doctor.act('PUT', `/doctors/${doctor.id}`, { paymentRequired: true, consultationFee: fee });
  expect(edited.body).toMatchObject({ paymentRequired: true, consultationFee: fee });
  const nadia = await patient();
  const { id, expiresAt, payment } = (await nadia.holds(await slot('09:00'))).body;
  expect(payment).toEqual({ required: true, paid: null });
  const refused = await nadia.confirms(id);
  expect([refused.status, refused.body.code]).toEqual([402, 'payment_required']);

  const days = doctorDays(env);
  const principal = principalOf({ id: nadia.id, role: 'patient' });
  const extended = await days.extendHold(principal, id);
  expect(extended).toMatchObject({ ok: true, value: { expiresAtMs: expect.any(Number) } });
  expect(extended.ok && (extended.value.expiresAtMs ?? 0) > Date.parse(expiresAt)).toBe(true);
  expect(await days.extendHold(principal, id)).toMatchObject({ refusal: { code: 'already_extended' } });

  const given = { id: 'p_1', amountMinor: fee.amount, currency: fee.currency };
  expect(await days.recordPayment(id, { ...given, amountMinor: 1 })).toMatchObject({
    refusal: { code: 'wrong_amount' },
  });
  expect(await days.recordPayment(id, given)).toMatchObject({ ok: true, value: { status: 'confirmed' } });
  const moved = await nadia.moves(id, await slot('10:00'));
  expect(moved.body).toMatchObject({ status: 'confirmed', payment: { required: true, paid: fee } });
  expect(await days.recordPayment(id, given)).toMatchObject({ ok: true, value: { version: moved.body.version } });
  expect(await days.recordPayment(id, { ...given, id: 'p_2' })).toMatchObject({ refusal: { code: 'already_paid' } });
  expect(await days.recordPayment('a_nonsense', given)).toMatchObject({ refusal: { code: 'not_found' } });

  // D1 follows, and so does the list that is read from it.
  await eventually(
    async () => (await nadia.lists()).body.items,
    (items) => items[0]?.version === moved.body.version && items[0]?.payment.paid?.amount === fee.amount,
  );
  const { results } = await env.DB.prepare(
    `SELECT action, data ->> '$.payment.id' AS payment FROM audit_events WHERE subject_id = ? ORDER BY seq`,
  )
    .bind(id)
    .all();
  expect(results).toEqual([
    { action: 'held', payment: null },
    { action: 'extended', payment: null },
    { action: 'paid', payment: 'p_1' },
    { action: 'confirmed', payment: null },
    { action: 'rescheduled', payment: null },
  ]);
});

test('[DD43] [PY15] nobody comes to a dear doctor, or a dear mode, by paying a cheap one', async () => {
  const profile = { consultationFee: { amount: 90_000, currency: 'BDT' } };
  const dear = await practice({ profile });
  const rules = [...everyDay({ end: '10:00', mode: 'video' }), ...everyDay({ start: '10:00' })];
  await dear.setSchedule(rules);
  const edited = await dear.doctor.act('PUT', `/doctors/${dear.doctor.id}`, {
    paymentRequired: true,
    videoFeeAmount: 0,
  });
  expect(edited.status).toBe(200);
  const cheap = await practice({ profile: { consultationFee: { amount: 100, currency: 'BDT' } } });
  const nadia = await patient();
  const paid = (await nadia.holds(await cheap.slot('09:00'))).body.id;
  await doctorDays(env).recordPayment(paid, { id: 'p_3', amountMinor: 100, currency: 'BDT' });
  expect((await nadia.moves(paid, await dear.slot('10:00'))).body.code).toBe('payment_required');

  // By video it is free, and there is nothing to pay first.
  const free = (await nadia.holds(await dear.slot('09:00'))).body.id;
  expect((await nadia.moves(free, await dear.slot('10:30'))).body).toMatchObject({
    ...{ consultationFee: profile.consultationFee, payment: { required: true } },
  });
  expect((await nadia.confirms(free)).body.code).toBe('payment_required');
  await nadia.moves(free, await dear.slot('09:30'));
  expect((await nadia.confirms(free)).body.status).toBe('confirmed');
  for (const slot of [await dear.slot('10:30'), await dear.slot('10:30', addDays(dear.date, 1))]) {
    expect((await nadia.moves(free, slot)).body.code).toBe('payment_required');
  }
});
