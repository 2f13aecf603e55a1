/** Gateways that money can come by. `local` is a pretended one, for development and tests. */
export const gatewayNames = ['local', 'razorpay'] as const;
export type GatewayName = (typeof gatewayNames)[number];

/**
 * What becomes of money that came: `captured`, until the doctor-day has decided; `kept` for the appointment, or `returned`
 * because there is nothing to pay for any more; `concluded` once the appointment is over and what is not given back is
 * earned.
 */
export const paymentStates = ['captured', 'kept', 'returned', 'concluded'] as const;
export type PaymentState = (typeof paymentStates)[number];

/**
 * `owed` until the gateway has taken it on, `sent` until it says that the money is on its way. One that somebody made at
 * the gateway by hand, before we did, stands in for it: then it is `replaced`.
 */
export const refundStates = ['owed', 'sent', 'processed', 'replaced'] as const;
export type RefundState = (typeof refundStates)[number];

/** Why money is given back. The first four are of payments that were not kept. */
export const refundReasons = [
  'too_late',
  'paid_already',
  'wrong_amount',
  'nothing_to_pay_for',
  'cancelled_by_patient',
  'cancelled_by_clinic',
  'not_accepted',
  'goodwill',
  'visit_cut_short',
  'wrong_fee',
  'other',
  'made_at_gateway',
] as const;
export type RefundReason = (typeof refundReasons)[number];

/** The reasons that an admin can give for a refund by hand. No free words: they would be a patient's. */
export const manualReasons = ['goodwill', 'visit_cut_short', 'wrong_fee', 'other'] as const satisfies RefundReason[];

/** The accounts of the ledger. Debits are positive. */
export const ledgerAccounts = [
  /** Money that the gateway holds for us. */
  'gateway_clearing',
  /** What patients have paid for and not had yet. */
  'patient_prepaid',
  /** What was earned: by a visit that took place or was missed, or by a cancellation that came too late. */
  'clinic_revenue',
  /** What is to be given back. */
  'refunds_payable',
] as const;
export type LedgerAccount = (typeof ledgerAccounts)[number];

/** One line of a ledger entry. */
export interface PostingLine {
  readonly account: LedgerAccount;
  /** Minor units; a debit is positive. */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** Something that a gateway says is so. Facts hold whenever they arrive; nothing in them is a command. */
export type GatewayFact =
  | {
      readonly kind: 'captured';
      readonly gatewayOrderId: string;
      readonly gatewayPaymentId: string;
      readonly amountMinor: number;
      readonly currency: string;
    }
  | { readonly kind: 'failed'; readonly gatewayOrderId: string; readonly gatewayPaymentId: string }
  | {
      readonly kind: 'refund';
      readonly gatewayPaymentId: string;
      readonly gatewayRefundId: string;
      readonly amountMinor: number;
      readonly currency: string;
      readonly status: 'pending' | 'processed' | 'failed';
      /** Our own key of it; `null` of a refund that was made at the gateway by hand. */
      readonly key: string | null;
    };

/** A payment as people are shown it. */
export const shownStates = ['created', 'paid', 'partly_refunded', 'refunded'] as const;
export type ShownState = (typeof shownStates)[number];

/** How a payment stands, as people are shown it. What is still on its way back counts as refunded. */
export const shownState = ({
  amountMinor,
  refundedMinor,
}: {
  readonly amountMinor: number;
  readonly refundedMinor: number;
}): ShownState => (refundedMinor === 0 ? 'paid' : refundedMinor < amountMinor ? 'partly_refunded' : 'refunded');
