import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { doctorDays } from '../../doctor-days/client.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { orderAtGateway } from '../../payments/capture.ts';
import { tillOf } from '../../payments/env-till.ts';
import { orderFor, orderWaits } from '../../payments/orders.ts';
import { askAbout } from '../../payments/sweep.ts';
import { type Billed, billedFor } from './appointment.ts';
import type { moneyStateSchema } from './schema.ts';
import { moneyState } from './view.ts';

type State = Result<z.input<typeof moneyStateSchema>, Refusal>;

/** Why an appointment cannot be paid, if so. */
const whyNotPayable = ({ status, isPaid, fee }: Billed): Refusal | null => {
  if (isPaid) return refusal('already_paid');
  if (status === 'expired') return refusal('hold_expired');
  if (status !== 'pending') return refusal('invalid_transition');
  return fee.amount === 0 ? refusal('nothing_to_pay') : null;
};

/**
 * Makes the order of a hold, or gives the one there is, and has the hold wait for the money, once. Refuses with
 * `payments_off`, `nothing_to_pay`, `already_paid`, `hold_expired`, `invalid_transition`, `gateway_unavailable`.
 */
export const beginPayment = async (c: Context<AppEnv>, id: string): Promise<State> => {
  const found = await billedFor(c, id, 'payment.make');
  if (!found.ok) return found;
  const why = whyNotPayable(found.value);
  if (why !== null) return refused(why);
  const { patientId, doctorId, clinicId, fee, expiresAtMs } = found.value;
  const nowMs = Date.now();
  const toPay = { appointmentId: id, patientId, doctorId, clinicId, amountMinor: fee.amount, currency: fee.currency };
  const order = await orderFor(tillOf(c.env), { ...toPay, expiresAtMs: expiresAtMs ?? nowMs }, nowMs);
  if (!order.ok) return order;
  // After the order: a hold is given more time once, and not for a gateway that does not answer.
  const extended = await doctorDays(c.env).extendHold(c.get('principal'), id);
  if (!extended.ok && extended.refusal.code !== 'already_extended') return extended;
  if (extended.ok) await orderWaits(c.env.DB, order.value.id, extended.value.expiresAtMs ?? nowMs);
  const held = extended.ok ? { ...found.value, expiresAtMs: extended.value.expiresAtMs } : found.value;
  return ok(await moneyState(c.env.DB, c.get('settings'), held));
};

/** How the money of an appointment stands. */
export const paymentOf = async (c: Context<AppEnv>, id: string): Promise<State> => {
  const found = await billedFor(c, id, 'payment.read');
  return found.ok ? ok(await moneyState(c.env.DB, c.get('settings'), found.value)) : found;
};

/**
 * Takes what a client brought back from the gateway's form. The signature shows that it comes from there; what was paid, the
 * gateway itself is asked, so that nobody waits for its webhook. Refuses with `wrong_signature`, `gateway_unavailable`.
 */
export const returnFromPayment = async (
  c: Context<AppEnv>,
  id: string,
  signed: { readonly orderId: string; readonly paymentId: string; readonly signature: string },
): Promise<State> => {
  const found = await billedFor(c, id, 'payment.make');
  if (!found.ok) return found;
  const till = tillOf(c.env);
  if (till.gateway === null) return refused(refusal('payments_off'));
  const { orderId: gatewayOrderId, paymentId: gatewayPaymentId, signature } = signed;
  const order = await orderAtGateway(till.d1, till.gateway.name, gatewayOrderId);
  const isSigned = await till.gateway.isReturn({ gatewayOrderId, gatewayPaymentId, signature });
  if (order?.appointmentId !== id || !isSigned) return refused(refusal('wrong_signature'));
  if (!(await askAbout(till, order, Date.now()))) return refused(refusal('gateway_unavailable'));
  return paymentOf(c, id);
};
