import { env } from 'cloudflare:workers';
import type { Cast } from './cast.ts';
import { adminGets, all, everybody, gone, of, out, plainly, type Row, role, saying } from './route-parts.ts';

const steps = [{ hoursBefore: 24, percent: 100 }];

/** An order on the page of the pretended gateway, put into D1, so that no hold of the patient is in the way of others. */
const ordered = async ({ members }: Cast): Promise<string> => {
  const id = crypto.randomUUID();
  await env.DB.prepare(
    `insert into payment_orders (id, appointment_id, patient_id, doctor_id, gateway, gateway_order_id, amount_minor,
       currency, created_at_ms, expires_at_ms) values (?1, ?1, ?2, ?3, 'local', ?1, 150000, 'BDT', 1, 1)`,
  )
    .bind(id, members.patient.id, members.ownDoctor.id)
    .run();
  return id;
};

/** An appointment that the patient has paid. */
const paid = async (cast: Cast): Promise<string> => {
  const { id } = await cast.appointment('pending');
  const { body } = await cast.members.patient.act('POST', `/appointments/${id}/payment`);
  const answer = await fetchPage(`/dev/pay/${body.order.orderId}`, 'act=pay');
  if (answer.status !== 200) throw new Error(`pay: ${answer.status}`);
  await answer.arrayBuffer();
  const row = await env.DB.prepare('select id from payments where appointment_id = ?').bind(id).first<{ id: string }>();
  return row?.id ?? '';
};

/** Presses a button of the pretended gateway's page. */
export const fetchPage = async (path: string, form: string): Promise<Response> => {
  const { exports } = await import('cloudflare:workers');
  return exports.default.fetch(`http://daybook.test${path}`, {
    method: 'POST',
    body: form,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
};

const ofPayment: Row[1] = async (cast) => ({ params: { id: await paid(cast) } });
const documents: Row[2] = [out, 200, gone, role, role, 200];

/** Paying, and what is given back: rows of the route table. */
export const paymentRoutes: readonly Row[] = [
  // Of a hold, so that it succeeds, in tests/workers/payments: here holds would be left over.
  ['POST /api/v1/appointments/:id/payment', of('confirmed'), [out, 'invalid_transition', gone, role, role, role]],
  ['GET /api/v1/appointments/:id/payment', of('confirmed'), [out, 200, gone, 200, gone, 200]],
  [
    'POST /api/v1/appointments/:id/payment/return',
    of('confirmed', () => ({ orderId: 'local_x', paymentId: 'local_x', signature: 'x' })),
    [out, 'wrong_signature', gone, role, role, role],
  ],
  ['GET /api/v1/appointments/:id/refund-preview', of('confirmed'), [out, 200, gone, 200, gone, 200]],
  ['POST /api/v1/payment-webhooks/:gateway', () => ({ params: { gateway: 'local' } }), everybody('wrong_signature')],
  ['GET /api/v1/clinics/:id/refund-policy', (cast) => ({ params: { id: cast.clinicId } }), all(200)],
  [
    'PUT /api/v1/clinics/:id/refund-policy',
    (cast) => ({ params: { id: cast.clinicId }, body: { steps } }),
    adminGets(200),
  ],
  ['PUT /api/v1/admin/refund-policy', saying(() => ({ steps })), adminGets(200)],
  ['GET /api/v1/admin/payments', plainly, adminGets(200)],
  ['GET /api/v1/admin/payments/totals', ({ date }) => ({ query: { from: date, to: date } }), adminGets(200)],
  [
    'POST /api/v1/admin/payments/:id/refunds',
    async (cast) => ({ params: { id: await paid(cast) }, body: { amount: 100, reason: 'goodwill' } }),
    adminGets(201),
  ],
  ['GET /api/v1/payments/:id/receipt.pdf', ofPayment, documents],
  ['GET /api/v1/payments/:id/invoice.pdf', ofPayment, documents],
  [
    'GET /api/v1/payments/:id/refunds/:refundId/credit-note.pdf',
    async (cast) => {
      const id = await paid(cast);
      const refund = { amount: 100, reason: 'goodwill' };
      const { body } = await cast.members.admin.act('POST', `/admin/payments/${id}/refunds`, refund);
      return { params: { id, refundId: body.refunds[0].id } };
    },
    documents,
  ],
  ['GET /dev/pay/:order', async (cast) => ({ params: { order: await ordered(cast) } }), all(200)],
  // What its buttons do is told in tests/workers/payments.
  ['POST /dev/pay/:order', () => ({ params: { order: 'local_unknown' } }), everybody(gone)],
];
