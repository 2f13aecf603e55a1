import type { GatewayFact, GatewayName } from '../domain/payments/facts.ts';

/** What a gateway answered; or that it did not, and nobody knows whether it did; or that it will not. */
export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly why: 'unreachable' | 'refused';
      /** A status or a code of the gateway's, for the log. Never its words: they may name the payer. */
      readonly detail: string;
      /** How long it asked to be left alone, ms. */
      readonly retryAfterMs: number;
    };

export type RefundFact = GatewayFact & { readonly kind: 'refund' };

/** A message of a gateway that is signed as it should be. */
export interface Webhook {
  /** The gateway's own id of it: the same however often it comes. */
  readonly eventId: string;
  readonly type: string;
  readonly facts: readonly GatewayFact[];
}

/** Who takes money from patients, and gives it back. Nothing here throws for what the gateway does. */
export interface Gateway {
  readonly name: GatewayName;
  /** Makes an order. A repeat makes another: who never learned of the first cannot have passed it on. */
  createOrder(order: {
    /** Ours, for people who look at the gateway's own list. */
    readonly id: string;
    readonly amountMinor: number;
    readonly currency: string;
  }): Promise<Asked<{ readonly gatewayOrderId: string }>>;
  /** What a client needs to pay an order: the public key of the gateway's own form, or the address of a page. */
  checkout(gatewayOrderId: string): { readonly keyId: string | null; readonly payUrl: string | null };
  /** Whether what a client brought back from paying was signed by the gateway. It proves no capture. */
  isReturn(signed: {
    readonly gatewayOrderId: string;
    readonly gatewayPaymentId: string;
    readonly signature: string;
  }): Promise<boolean>;
  /** Everything that has happened on an order so far: payments, and refunds of them. */
  factsOf(gatewayOrderId: string): Promise<Asked<readonly GatewayFact[]>>;
  /** Gives back a part of a payment or all of it. However often it is asked with a key, it is done once. */
  refund(refund: {
    readonly gatewayPaymentId: string;
    readonly amountMinor: number;
    readonly currency: string;
    readonly key: string;
  }): Promise<Asked<RefundFact>>;
  /** Reads what is posted to us; `null` when the gateway has not signed it. */
  readWebhook(headers: Headers, body: Uint8Array): Promise<Webhook | null>;
}
