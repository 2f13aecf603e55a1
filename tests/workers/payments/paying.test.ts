import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../../src/domain/local-date.ts';
import type { GatewayFact } from '../../../src/domain/payments/facts.ts';
import { localDateTimeOf } from '../../../src/domain/zoned-time.ts';
import { settingsOf } from '../../../src/env.ts';
import { localSecret, tillOf } from '../../../src/payments/env-till.ts';
import { localWebhook } from '../../../src/payments/local.ts';
import { hmacHex } from '../../../src/payments/signature.ts';
import { sweepPayments } from '../../../src/payments/sweep.ts';
import { call, send } from '../../support/api.ts';
import { type Actor, eventually, patient, practice, signedIn } from '../../support/clinic.ts';
import { fetchPage } from '../../support/payment-routes.ts';
import { patient as registered } from '../../support/people.ts';
import { readPdf } from '../../support/read-pdf.ts';

const fee = { amount: 150_000, currency: 'BDT' };
let heart: Awaited<ReturnType<typeof practice>>;
let nadia: Actor;
let stranger: Actor;
let finance: Actor;
const slots: string[] = [];

beforeAll(async () => {
  heart = await practice({
    profile: { consultationFee: fee },
    shape: { start: '00:00', end: '23:30' },
  });
  const { status } = await heart.doctor.act('PUT', `/doctors/${heart.doctor.id}`, { paymentRequired: true });
  expect(status).toBe(200);
  slots.push(...(await heart.slotsOn()).map(({ id }) => id));
  nadia = await signedIn((await registered('Nadia Islam')).id, 'patient');
  stranger = await patient();
  finance = await signedIn('u_AAAAAAAAAAAAAAAQ', 'admin', { permissions: ['finance'] });
  await finance.act('PUT', '/admin/refund-policy', { steps: [{ hoursBefore: 24, percent: 100 }] });
});

const held = async (who = nadia): Promise<string> => {
  const { status, body } = await who.holds(slots.pop() ?? '');
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
};
const begins = (id: string, who = nadia) => who.act('POST', `/appointments/${id}/payment`);
const money = async (id: string, who = nadia) => (await who.act('GET', `/appointments/${id}/payment`)).body;
const presses = async (orderId: string, act: string): Promise<number> => {
  const answer = await fetchPage(`/dev/pay/${orderId}`, `act=${act}`);
  await answer.arrayBuffer();
  return answer.status;
};
/** A held appointment that was paid on the page. */
const paid = async (who = nadia): Promise<string> => {
  const id = await held(who);
  expect(await presses((await begins(id, who)).body.order.orderId, 'pay')).toBe(200);
  return id;
};
/** Waits until D1 shows an appointment in a status, and does what the clock would. */
const settledAs = async (id: string, status: string): Promise<void> => {
  await eventually(
    () => env.DB.prepare('select status from appointments where id = ?').bind(id).first<string>('status'),
    (shown) => shown === status,
  );
  await sweepPayments(tillOf(env), Date.now());
};
/** What the list of somebody says of money that is given back for an appointment. */
const toldOfRefund = async (id: string, who = nadia): Promise<{ title: string; text: string }[]> => {
  const { items } = (await who.act('GET', '/notifications?limit=100')).body;
  return items.filter(
    (item: { kind: string; appointmentId: string }) => item.kind === 'refunded' && item.appointmentId === id,
  );
};
const hasNews = (news: readonly object[]): boolean => news.length > 0;
const ledgerOf = async (id: string): Promise<Record<string, number>> => {
  const { results } = await env.DB.prepare(
    `select p.account, sum(p.amount_minor) as sum from payments y join ledger_entries e on e.payment_id = y.id
     join ledger_postings p on p.entry_id = e.id where y.appointment_id = ? group by p.account having sum <> 0`,
  )
    .bind(id)
    .all<{ account: string; sum: number }>();
  return Object.fromEntries(results.map(({ account, sum }) => [account, sum]));
};
const posts = async (facts: readonly GatewayFact[], more: { eventId?: string; secret?: string } = {}) => {
  const { headers, body } = await localWebhook(more.secret ?? localSecret(settingsOf(env)), facts, more.eventId);
  headers.set('content-type', 'application/json');
  const answer = await call('/payment-webhooks/local', { method: 'POST', headers, body });
  await answer.arrayBuffer();
  return answer.status;
};

describe('paying', () => {
  test('[PY5] [PY10] an order gives the hold more time once; the money confirms it, and is kept', async () => {
    const id = await held();
    expect((await nadia.confirms(id)).body.code).toBe('payment_required');
    const [first, second] = await Promise.all([begins(id), begins(id)]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.order.orderId).toBe(first.body.order.orderId);
    expect(first.body).toMatchObject({ state: 'created', fee, order: { gateway: 'local', amount: fee, keyId: null } });
    const again = (await begins(id)).body.order;
    expect(Date.parse(again.expiresAt) - Date.now()).toBeGreaterThan(400_000);
    expect(again.payUrl).toBe(`http://daybook.test/dev/pay/${again.orderId}`);
    const page = await fetchPage(`/dev/pay/${again.orderId}`, 'act=fail');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await money(id)).order.failedAttempts).toBe(1);
    expect(await presses(again.orderId, 'pay')).toBe(200);
    expect((await nadia.reads(id)).body.status).toBe('confirmed');
    const state = await money(id);
    expect(state).toMatchObject({ state: 'paid', order: null, payments: [{ amount: fee, kept: true, refunds: [] }] });
    expect((await begins(id)).body.code).toBe('already_paid');
    expect(await ledgerOf(id)).toEqual({ gateway_clearing: 150_000, patient_prepaid: -150_000 });
  });

  test('[PY10] [PY11] who is not concerned finds nothing, and who has nothing to pay is told so', async () => {
    const id = await held();
    for (const path of ['payment', 'refund-preview'])
      expect((await stranger.act('GET', `/appointments/${id}/${path}`)).status).toBe(404);
    expect((await begins(id, stranger)).status).toBe(404);
    expect((await begins(id, heart.doctor)).body.code).toBe('forbidden');
    expect(await money(id, heart.doctor)).toMatchObject({ state: 'unpaid', order: null });
    await nadia.cancels(id);
    expect((await begins(id)).body.code).toBe('invalid_transition');
    const free = await practice();
    const cheap = (await nadia.holds(await free.slot('09:00'))).body.id;
    expect((await begins(cheap)).body.code).toBe('nothing_to_pay');
  });
});

test('[PY10] [PY15] a visit by video may cost another fee, which goes when the currency does, and its order with it', async () => {
  const video = await practice({ profile: { consultationFee: fee }, shape: { mode: 'video' } });
  const edits = (body: object) => video.doctor.act('PUT', `/doctors/${video.doctor.id}`, body);
  expect((await edits({})).body.videoFee).toEqual(fee);
  expect((await edits({ videoFeeAmount: 70_000 })).body).toMatchObject({
    consultationFee: fee,
    videoFee: { amount: 70_000 },
  });
  const { body } = await nadia.holds(await video.slot('09:00'));
  expect(body.consultationFee).toEqual({ amount: 70_000, currency: 'BDT' });
  const before = (await begins(body.id)).body.order;
  expect(before.amount).toEqual(body.consultationFee);
  const rupees = { amount: 900, currency: 'INR' };
  expect((await edits({ consultationFee: rupees })).body.videoFee).toEqual(rupees);

  // Moved to where the fee is another, the order of the old fee is in force no more.
  const moved = await nadia.moves(body.id, await video.slot('09:00', addDays(video.date, 1)));
  expect(moved.body).toMatchObject({ status: 'pending', consultationFee: rupees });
  expect(await money(body.id)).toMatchObject({ fee: rupees, state: 'unpaid', order: null });
  const after = (await begins(body.id)).body.order;
  expect(after.amount).toEqual(rupees);
  expect(after.orderId).not.toBe(before.orderId);
  expect((await money(body.id)).order.orderId).toBe(after.orderId);
});

describe('what gateways post', () => {
  test('[PY4] [PY6] is let in when it is signed, once however often it comes, in any order', async () => {
    const id = await held();
    const { orderId } = (await begins(id)).body.order;
    const fact = { kind: 'captured', gatewayOrderId: orderId, gatewayPaymentId: `p-${id.slice(-8)}` } as const;
    const captured = { ...fact, amountMinor: 150_000, currency: 'BDT' };
    expect(await posts([captured], { secret: 'guessed' })).toBe(403);
    expect((await money(id)).payments).toEqual([]);
    const eventId = crypto.randomUUID();
    const statuses = await Promise.all([
      posts([captured], { eventId }),
      posts([captured], { eventId }),
      posts([captured]),
    ]);
    expect(statuses).toEqual([200, 200, 200]);
    await eventually(
      () => money(id),
      ({ state }) => state === 'paid',
    );
    expect((await money(id)).payments).toHaveLength(1);
    expect(await ledgerOf(id)).toEqual({ gateway_clearing: 150_000, patient_prepaid: -150_000 });
  });

  test('[PY4] is refused when it is too large, and there is nothing for a gateway that is not in use', async () => {
    const fact = { kind: 'failed', gatewayOrderId: 'x'.repeat(40_000), gatewayPaymentId: 'x' } as const;
    expect(await posts([fact])).toBe(403);
    expect((await call('/payment-webhooks/razorpay', { method: 'POST' })).status).toBe(404);
  });

  test('[PY16] that is signed and not understood is kept, and changes nothing', async () => {
    const kept = () => env.DB.prepare("select count(*) as n from payment_events where type = 'unknown'").first('n');
    const post = async (body: Uint8Array) => {
      const signature = await hmacHex(localSecret(settingsOf(env)), body);
      const headers = { 'content-type': 'application/json', 'x-local-signature': signature };
      const answer = await call('/payment-webhooks/local', { method: 'POST', headers, body });
      return [answer.status, await answer.json<object>()];
    };
    const bodies = ['', 'paid', 'null', '[1]', '{"eventId":7,"facts":[]}', '{"eventId":"e","facts":[{"kind":"gold"}]}'];
    for (const body of bodies) expect(await post(new TextEncoder().encode(body)), body).toEqual([200, { kept: true }]);
    expect(await kept()).toBe(bodies.length);
    expect((await post(Uint8Array.of(0x7b, 0xff, 0x7d)))[1]).toMatchObject({ code: 'invalid_request' });
    const { results } = await env.DB.prepare("select facts from payment_events where type = 'unknown'").all();
    expect(new Set(results.map(({ facts }) => facts))).toEqual(new Set(['[]']));
  });

  test('[PY2] [PY5] a second payment and one of another amount are given back whole by themselves', async () => {
    const id = await held();
    const { orderId } = (await begins(id)).body.order;
    // Of an appointment that D1 does not show yet nobody can be told.
    await eventually(
      () => env.DB.prepare('select 1 from appointments where id = ?').bind(id).first(),
      (shown) => shown !== null,
    );
    expect(await presses(orderId, 'twice')).toBe(200);
    await sweepPayments(tillOf(env), Date.now());
    const { payments } = await money(id);
    expect(payments.map(({ kept, state }: { kept: boolean; state: string }) => [kept, state]).sort()).toEqual([
      [false, 'refunded'],
      [true, 'paid'],
    ]);
    expect(payments.flatMap(({ refunds }: { refunds: unknown[] }) => refunds)).toMatchObject([
      { reason: 'paid_already', state: 'processed', amount: fee },
    ]);
    expect(await ledgerOf(id)).toEqual({ gateway_clearing: 150_000, patient_prepaid: -150_000 });
    const [news] = await eventually(() => toldOfRefund(id), hasNews);
    expect(news).toMatchObject({ title: 'Your second payment is given back' });
    expect(news?.text).toContain('your appointment stay as they are');

    const other = await held();
    const cheap = (await begins(other)).body.order.orderId;
    const gatewayPaymentId = `p-${other.slice(-8)}`;
    await posts([{ kind: 'captured', gatewayOrderId: cheap, gatewayPaymentId, amountMinor: 100, currency: 'BDT' }]);
    await eventually(
      () => money(other),
      ({ payments: [one] }) => one?.notKeptBecause === 'wrong_amount',
    );
    expect((await nadia.reads(other)).body.status).toBe('pending');
    await nadia.cancels(other);
  });
});

describe('giving back', () => {
  test('[PY7] who is too late gets nothing back by moving it away before they cancel', async () => {
    await finance.act('PUT', '/admin/refund-policy', { steps: [{ hoursBefore: 120, percent: 100 }] });
    const id = await paid();
    const later = await heart.slotsOn(addDays(heart.date, 7));
    expect((await nadia.moves(id, later[0]?.id ?? '')).body.status).toBe('confirmed');
    await eventually(
      () => env.DB.prepare(`select 1 from audit_events where subject_id = ? and action = 'moved_out'`).bind(id).first(),
      (heard) => heard !== null,
    );
    const preview = await nadia.act('GET', `/appointments/${id}/refund-preview`);
    expect(preview.body).toMatchObject({ paid: fee, percent: 0, refund: { amount: 0 }, nextChangeAt: null });
    await nadia.cancels(id);
    await settledAs(id, 'cancelled');
    await finance.act('PUT', '/admin/refund-policy', { steps: [{ hoursBefore: 24, percent: 100 }] });
    expect(await ledgerOf(id)).toEqual({ gateway_clearing: 150_000, clinic_revenue: -150_000 });
  });

  test('[PY7] whom the practice has moved gets everything back, however late the new time is declined', async () => {
    await finance.act('PUT', '/admin/refund-policy', { steps: [{ hoursBefore: 8_000, percent: 100 }] });
    const id = await paid();
    await eventually(
      () => env.DB.prepare('select status from appointments where id = ?').bind(id).first('status'),
      (shown) => shown === 'confirmed',
    );
    const preview = async () => (await nadia.act('GET', `/appointments/${id}/refund-preview`)).body;
    expect((await preview()).percent).toBe(0);
    const begins = Date.parse((await nadia.reads(id)).body.startsAt);
    const [start, end] = [begins, begins + 1_800_000].map((ms) => localDateTimeOf(ms, 'Asia/Dhaka').slice(11));
    const timeOff = { from: heart.date, to: heart.date, start, end };
    expect((await heart.doctor.act('POST', `/doctors/${heart.doctor.id}/absences`, { timeOff })).status).toBe(201);
    await eventually(preview, ({ percent }) => percent === 100);
    await nadia.cancels(id);
    await settledAs(id, 'cancelled');
    await finance.act('PUT', '/admin/refund-policy', { steps: [{ hoursBefore: 24, percent: 100 }] });
    expect(await money(id)).toMatchObject({ payments: [{ refunded: fee }] });
  });

  test('[PY7] the clinic cancels: everything; the patient cancels in time: as the preview said; too late: nothing', async () => {
    const byDoctor = await paid();
    await heart.doctor.cancels(byDoctor);
    await settledAs(byDoctor, 'cancelled');
    await sweepPayments(tillOf(env), Date.now());
    expect(await money(byDoctor)).toMatchObject({
      ...{ state: 'refunded', payments: [{ refunded: fee, refunds: [{ reason: 'cancelled_by_clinic' }] }] },
    });
    expect(await ledgerOf(byDoctor)).toEqual({});
    // No sweep of notifications has run.
    expect(await eventually(() => toldOfRefund(byDoctor), hasNews)).toMatchObject([{ title: 'You get money back' }]);

    const byPatient = await paid();
    const preview = async () => (await nadia.act('GET', `/appointments/${byPatient}/refund-preview`)).body;
    expect(await preview()).toMatchObject({ paid: fee, refund: fee, percent: 100, nextChangeAt: expect.any(String) });
    const set = await finance.act('PUT', '/admin/refund-policy', { steps: [{ hoursBefore: 1, percent: 40 }] });
    expect(set.status).toBe(200);
    expect((await preview()).refund.amount).toBe(60_000);
    await nadia.cancels(byPatient);
    await settledAs(byPatient, 'cancelled');
    await finance.act('PUT', '/admin/refund-policy', { steps: [{ hoursBefore: 24, percent: 100 }] });
    expect(await money(byPatient)).toMatchObject({
      state: 'partly_refunded',
      payments: [{ refunded: { amount: 60_000 } }],
    });
    expect(await ledgerOf(byPatient)).toEqual({ gateway_clearing: 90_000, clinic_revenue: -90_000 });
    expect((await preview()).refund.amount).toBe(0);
  });

  test('[PY3] [PY12] by hand: a part, with a reason, on the record; of many at once no more than there is', async () => {
    const id = await paid();
    const [payment] = (await money(id)).payments;
    const path = `/admin/payments/${payment.id}/refunds`;
    expect((await nadia.act('POST', path, { amount: 1, reason: 'goodwill' })).status).toBe(403);
    const asked = await Promise.all(
      [1, 2, 3].map(() => finance.act('POST', path, { amount: 60_000, reason: 'visit_cut_short' })),
    );
    expect(asked.map(({ status }) => status).sort()).toEqual([201, 201, 409]);
    expect((await money(id)).payments[0].refunded.amount).toBe(120_000);
    const audit = await env.DB.prepare(
      "select count(*) as n from audit_events where action = 'payment.refunded_by_hand' and subject_id = ?",
    );
    expect(await audit.bind(id).first('n')).toBe(2);
    const { body } = await finance.act('GET', `/admin/payments?doctorId=${heart.doctor.id}&limit=100`);
    expect(body.items.map((item: { appointmentId: string }) => item.appointmentId)).toContain(id);
    const ofNadia = await finance.act('GET', `/admin/payments?patientId=${nadia.id}&state=kept&limit=100`);
    expect(ofNadia.body.items).toContainEqual(
      expect.objectContaining({
        ...{ appointmentId: id, patientId: nadia.id, patientName: 'Nadia Islam', clinicId: null, clinicName: null },
        ...{ doctorId: heart.doctor.id, doctorName: expect.stringMatching(/\w/) },
      }),
    );
    expect((await finance.act('GET', `/admin/payments?patientId=${stranger.id}`)).body.items).toEqual([]);
    const day = new Date().toISOString().slice(0, 10);
    const totals = (
      await finance.act('GET', `/admin/payments/totals?from=${day}&to=${day}&doctorId=${heart.doctor.id}`)
    ).body;
    expect(totals.items).toMatchObject([{ currency: 'BDT', paidMinor: expect.any(Number) }]);
    const sum = body.items.reduce((all: number, { amount }: { amount: { amount: number } }) => all + amount.amount, 0);
    expect(totals.items[0].paidMinor).toBe(sum);
    await expect(
      env.DB.prepare('update payments set refunded_minor = amount_minor + 1 where id = ?').bind(payment.id).run(),
    ).rejects.toThrow(/CHECK/);
    await expect(env.DB.prepare('delete from ledger_postings').run()).rejects.toThrow(/append-only/);
  });
});

test('[PY9] [PY11] papers say what was paid and given back, to who may have them', async () => {
  const id = await paid();
  const [{ id: paymentId }] = (await money(id)).payments;
  const refund = { amount: 50_000, reason: 'wrong_fee' };
  const { refunds } = (await finance.act('POST', `/admin/payments/${paymentId}/refunds`, refund)).body;
  const papers = ['receipt.pdf', 'invoice.pdf', `refunds/${refunds[0].id}/credit-note.pdf`];
  for (const paper of papers) {
    const get = (as: Actor) => send('GET', `/payments/${paymentId}/${paper}`, { as });
    const answer = await get(nadia);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    const text = (await readPdf(new Uint8Array(await answer.arrayBuffer()))).text.join(' ');
    expect(text).toContain('Nadia Islam');
    expect(text).toContain(paper.includes('credit') ? 'BDT -500.00' : 'BDT 1,500.00');
    expect((await get(finance)).status).toBe(200);
    expect([(await get(stranger)).status, (await get(heart.doctor)).status]).toEqual([404, 403]);
  }
  const read = await env.DB.prepare(
    "select count(*) as n from audit_events where action = 'payment.document_read' and subject_id = ?",
  );
  expect(await read.bind(id).first('n')).toBe(3);
});

test('[PY9] receipts, invoices and credit notes are numbered without gaps, however many at once', async () => {
  await Promise.all(Array.from({ length: 3 }, async () => paid(await patient())));
  const { results } = await env.DB.prepare(
    'select kind, group_concat(number) as numbers from (select * from payment_documents where issuer_id = ? order by number) group by kind',
  )
    .bind(heart.doctor.id)
    .all<{ kind: string; numbers: string }>();
  expect(results.map(({ kind }) => kind)).toEqual(['credit_note', 'invoice', 'receipt']);
  for (const { numbers } of results) {
    const found = numbers.split(',').map(Number);
    expect(found).toEqual(found.map((_, i) => i + 1));
  }
});
