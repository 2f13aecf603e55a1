import { createHmac } from 'node:crypto';
import type { GatewayFact } from '../../../src/domain/payments/facts.ts';
import type { Asked, Gateway, RefundFact } from '../../../src/payments/gateway.ts';
import { razorpay } from '../../../src/payments/razorpay.ts';
import type { Random } from '../random.ts';

const account = { apiUrl: 'https://gateway.test', keyId: 'rzp_test_x', keySecret: 'k', webhookSecret: 'w' };

interface Paid {
  readonly id: string;
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

interface Returned {
  readonly id: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly key: string | null;
  status: 'pending' | 'processed' | 'failed';
}

/** A webhook as it lies in the post. */
export interface Letter {
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly forged: boolean;
}

/**
 * A gateway that keeps its books and loses its post: what it does is right, what it says comes twice, late, in another
 * order or never, and an answer of its can be lost after the deed. Its webhooks are Razorpay's, signed and read by the real
 * adapter.
 */
export class SimGateway {
  readonly orders = new Map<string, { readonly amountMinor: number; readonly currency: string }>();
  readonly payments = new Map<string, Paid>();
  readonly refunds = new Map<string, Returned>();
  /** Everything that was posted: any of it may come, any number of times. */
  readonly post: Letter[] = [];
  /** How likely a request is to fail. */
  trouble = 0;
  /** Times that we asked for more than there was to give back. */
  excess = 0;
  readonly #random: Random;
  readonly #real = razorpay(account);
  #ids = 0;

  constructor(random: Random, prefix: string) {
    this.#random = random;
    this.#prefix = prefix;
  }

  readonly #prefix: string;

  #id(kind: string): string {
    this.#ids += 1;
    return `${kind}_${this.#prefix}x${this.#ids}`;
  }

  /** The gateway as the till knows it. */
  get door(): Gateway {
    const troubled = async <T>(deed: () => Asked<T>): Promise<Asked<T>> => {
      const lost: Asked<T> = { ok: false, why: 'unreachable', detail: 'simulated', retryAfterMs: 0 };
      if (this.#random.chance(this.trouble)) return lost;
      const done = deed();
      return this.#random.chance(this.trouble) ? lost : done;
    };
    return {
      name: 'razorpay',
      createOrder: (order) =>
        troubled(() => {
          const gatewayOrderId = this.#id('order');
          this.orders.set(gatewayOrderId, order);
          return { ok: true, value: { gatewayOrderId } };
        }),
      checkout: () => ({ keyId: null, payUrl: null }),
      isReturn: async () => false,
      factsOf: (orderId) => troubled(() => ({ ok: true, value: this.#factsOf(orderId) })),
      refund: (asked) => troubled(() => this.#refund(asked)),
      readWebhook: this.#real.readWebhook,
    };
  }

  /** Somebody pays an order. */
  pays(orderId: string, amountMinor: number): void {
    const id = this.#id('pay');
    const currency = this.orders.get(orderId)?.currency ?? 'BDT';
    this.payments.set(id, { id, orderId, amountMinor, currency });
    this.#tellPayment('payment.captured', id);
    if (this.#random.chance(0.5)) this.#tellPayment('order.paid', id);
  }

  /** Somebody tries to, in vain. */
  fails(orderId: string): void {
    const entity = { id: this.#id('pay'), order_id: orderId, amount: 100, currency: 'BDT', status: 'failed' };
    this.#say('payment.failed', { payment: { entity } });
  }

  /** Somebody refunds a part by hand, past us. */
  refundsByHand(paymentId: string, amountMinor: number): void {
    if (amountMinor < 1 || amountMinor > this.leftOf(paymentId)) return;
    const refund: Returned = { id: this.#id('rfnd'), paymentId, amountMinor, key: null, status: 'processed' };
    this.refunds.set(refund.id, refund);
    this.#tellRefund('refund.processed', refund);
  }

  /** Refunds that were taken on go through, or do not, or are still under way: so many do not wait. */
  works(mayFail: boolean, share = 0.7): void {
    for (const refund of this.refunds.values()) {
      if (refund.status !== 'pending' || !this.#random.chance(share)) continue;
      refund.status = mayFail && this.#random.chance(0.3) ? 'failed' : 'processed';
      this.#tellRefund(`refund.${refund.status}`, refund);
    }
  }

  /** Somebody who does not know the secret says that an order was paid. */
  isForged(orderId: string, amountMinor: number): void {
    const entity = { id: this.#id('pay'), order_id: orderId, amount: amountMinor, currency: 'BDT', status: 'captured' };
    this.#say('payment.captured', { payment: { entity } }, 'not the secret');
  }

  /** What is left of a payment. */
  leftOf(paymentId: string): number {
    const given = this.#refundsOf(paymentId).filter(({ status }) => status !== 'failed');
    return (this.payments.get(paymentId)?.amountMinor ?? 0) - given.reduce((sum, one) => sum + one.amountMinor, 0);
  }

  #refundsOf(paymentId: string): Returned[] {
    return [...this.refunds.values()].filter((refund) => refund.paymentId === paymentId);
  }

  #refund(asked: Parameters<Gateway['refund']>[0]): Asked<RefundFact> {
    const known = [...this.refunds.values()].find(({ key }) => key === asked.key);
    if (known === undefined && asked.amountMinor > this.leftOf(asked.gatewayPaymentId)) {
      this.excess += 1;
      return { ok: false, why: 'refused', detail: 'status 400', retryAfterMs: 0 };
    }
    const { gatewayPaymentId: paymentId, amountMinor, key } = asked;
    const status = this.#random.chance(0.5) ? 'pending' : 'processed';
    const refund = known ?? { id: this.#id('rfnd'), paymentId, amountMinor, key, status };
    this.refunds.set(refund.id, refund);
    if (known === undefined) this.#tellRefund(status === 'processed' ? 'refund.processed' : 'refund.created', refund);
    return { ok: true, value: this.#refundFact(refund) };
  }

  #refundFact(refund: Returned): RefundFact {
    const { paymentId: gatewayPaymentId, id: gatewayRefundId, amountMinor, status, key } = refund;
    const currency = this.payments.get(gatewayPaymentId)?.currency ?? '';
    return { kind: 'refund', gatewayPaymentId, gatewayRefundId, amountMinor, currency, status, key };
  }

  #factsOf(gatewayOrderId: string): GatewayFact[] {
    return [...this.payments.values()]
      .filter(({ orderId }) => orderId === gatewayOrderId)
      .flatMap(({ id: gatewayPaymentId, amountMinor, currency }): GatewayFact[] => [
        { kind: 'captured', gatewayOrderId, gatewayPaymentId, amountMinor, currency },
        ...this.#refundsOf(gatewayPaymentId).map((refund) => this.#refundFact(refund)),
      ]);
  }

  #paymentEntity(id: string) {
    const paid = this.payments.get(id);
    return {
      ...{ id, order_id: paid?.orderId, amount: paid?.amountMinor, currency: paid?.currency },
      ...{ status: this.leftOf(id) === 0 ? 'refunded' : 'captured', captured: true, email: 'payer@example.com' },
    };
  }

  #tellPayment(event: string, id: string): void {
    this.#say(event, { payment: { entity: this.#paymentEntity(id) } });
  }

  #tellRefund(event: string, { id, paymentId, amountMinor, key, status }: Returned): void {
    const entity = { id, payment_id: paymentId, amount: amountMinor, currency: 'BDT', status, receipt: key };
    this.#say(event, { refund: { entity }, payment: { entity: this.#paymentEntity(paymentId) } });
  }

  #say(event: string, payload: object, secret = account.webhookSecret): void {
    const body = new TextEncoder().encode(JSON.stringify({ entity: 'event', event, payload }));
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = new Headers({ 'x-razorpay-signature': signature, 'x-razorpay-event-id': this.#id('ev') });
    this.post.push({ headers, body, forged: secret !== account.webhookSecret });
  }
}
