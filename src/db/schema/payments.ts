import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import {
  type GatewayFact,
  gatewayNames,
  ledgerAccounts,
  type PostingLine,
  paymentStates,
  refundReasons,
  refundStates,
} from '../../domain/payments/facts.ts';
import type { RefundStep } from '../../domain/payments/refund-policy.ts';

/** What patients were asked to pay. One order of an appointment is open at a time; money that comes for an older one counts. */
export const paymentOrders = sqliteTable(
  'payment_orders',
  {
    id: text('id').primaryKey(),
    appointmentId: text('appointment_id').notNull(),
    patientId: text('patient_id').notNull(),
    doctorId: text('doctor_id').notNull(),
    clinicId: text('clinic_id'),
    gateway: text('gateway', { enum: gatewayNames }).notNull(),
    /** `null` until the gateway has made its own. Nobody can pay before. */
    gatewayOrderId: text('gateway_order_id'),
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When the hold that it pays for runs out, as far as was known. */
    expiresAtMs: integer('expires_at_ms').notNull(),
    failedAttempts: integer('failed_attempts').notNull().default(0),
    /** Since when it is paid, or another order stands in its place. */
    closedAtMs: integer('closed_at_ms'),
    /** When the gateway is asked next what was paid on it; `null` once nothing can come of it any more. */
    askAtMs: integer('ask_at_ms'),
  },
  (t) => [
    uniqueIndex('payment_orders_open').on(t.appointmentId).where(sql`${t.closedAtMs} is null`),
    uniqueIndex('payment_orders_at_gateway')
      .on(t.gatewayOrderId, t.gateway)
      .where(sql`${t.gatewayOrderId} is not null`),
    index('payment_orders_by_appointment').on(t.appointmentId, t.createdAtMs, t.id),
    index('payment_orders_by_patient').on(t.patientId, t.createdAtMs, t.id),
    index('payment_orders_to_ask').on(t.askAtMs).where(sql`${t.askAtMs} is not null`),
    check('payment_orders_amount', sql`${t.amountMinor} > 0`),
  ],
);

/** Money that a gateway took, and what became of it. The state only moves forward. */
export const payments = sqliteTable(
  'payments',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => paymentOrders.id),
    gateway: text('gateway', { enum: gatewayNames }).notNull(),
    gatewayPaymentId: text('gateway_payment_id').notNull(),
    appointmentId: text('appointment_id').notNull(),
    patientId: text('patient_id').notNull(),
    doctorId: text('doctor_id').notNull(),
    clinicId: text('clinic_id'),
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    state: text('state', { enum: paymentStates }).notNull(),
    /** Why it was not kept: the code of a refusal. */
    refusal: text('refusal'),
    /** What is given back, or is to be, of all refunds. */
    refundedMinor: integer('refunded_minor').notNull().default(0),
    capturedAtMs: integer('captured_at_ms').notNull(),
    settledAtMs: integer('settled_at_ms'),
    concludedAtMs: integer('concluded_at_ms'),
    attempts: integer('attempts').notNull().default(0),
    /** When there is something to do about it. A trigger sets it when the appointment ends. */
    dueAtMs: integer('due_at_ms'),
  },
  (t) => [
    uniqueIndex('payments_at_gateway').on(t.gatewayPaymentId, t.gateway),
    // The paired assertion: the doctor-day decides which payment an appointment has; D1 would still refuse a second.
    uniqueIndex('payments_kept').on(t.appointmentId).where(sql`${t.state} in ('kept', 'concluded')`),
    index('payments_by_appointment').on(t.appointmentId, t.capturedAtMs, t.id),
    index('payments_by_patient').on(t.patientId, t.capturedAtMs, t.id),
    index('payments_by_time').on(t.capturedAtMs, t.id),
    index('payments_by_state').on(t.state, t.capturedAtMs, t.id),
    index('payments_by_doctor').on(t.doctorId, t.capturedAtMs, t.id),
    index('payments_by_clinic').on(t.clinicId, t.capturedAtMs, t.id).where(sql`${t.clinicId} is not null`),
    index('payments_due').on(t.dueAtMs).where(sql`${t.dueAtMs} is not null`),
    check('payments_amount', sql`${t.amountMinor} > 0`),
    check('payments_refunded', sql`${t.refundedMinor} between 0 and ${t.amountMinor}`),
  ],
);

/** Money that is given back. */
export const paymentRefunds = sqliteTable(
  'payment_refunds',
  {
    id: text('id').primaryKey(),
    paymentId: text('payment_id')
      .notNull()
      .references(() => payments.id),
    /** What it is for, once for each payment: `returned`, `concluded`, `manual:<id>`, `gateway:<id>`. */
    cause: text('cause').notNull(),
    reason: text('reason', { enum: refundReasons }).notNull(),
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    state: text('state', { enum: refundStates }).notNull(),
    gatewayRefundId: text('gateway_refund_id'),
    /** Rises when the gateway says that a refund has failed: the next is another one to it. */
    attempt: integer('attempt').notNull().default(1),
    /** Times in a row that the gateway did not take it. */
    failures: integer('failures').notNull().default(0),
    dueAtMs: integer('due_at_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
    processedAtMs: integer('processed_at_ms'),
  },
  (t) => [
    uniqueIndex('payment_refunds_once').on(t.paymentId, t.cause),
    uniqueIndex('payment_refunds_at_gateway').on(t.gatewayRefundId).where(sql`${t.gatewayRefundId} is not null`),
    index('payment_refunds_due').on(t.dueAtMs).where(sql`${t.dueAtMs} is not null`),
    check('payment_refunds_amount', sql`${t.amountMinor} > 0`),
  ],
);

/** What gateways told us, by their own ids of it: each counts once, in whatever order it comes. Ids and amounts only. */
export const paymentEvents = sqliteTable(
  'payment_events',
  {
    /** `<gateway>:<its id of the event>`. */
    id: text('id').primaryKey(),
    gateway: text('gateway', { enum: gatewayNames }).notNull(),
    type: text('type').notNull(),
    facts: text('facts', { mode: 'json' }).$type<readonly GatewayFact[]>().notNull(),
    receivedAtMs: integer('received_at_ms').notNull(),
    appliedAtMs: integer('applied_at_ms'),
    attempts: integer('attempts').notNull().default(0),
    dueAtMs: integer('due_at_ms'),
  },
  (t) => [
    index('payment_events_due').on(t.dueAtMs).where(sql`${t.dueAtMs} is not null`),
    index('payment_events_by_age').on(t.receivedAtMs),
  ],
);

/**
 * The double-entry ledger: every entry's postings come to zero in each currency. A trigger refuses what does not, and
 * writes the postings out for sums; others refuse UPDATE and DELETE. A cause is entered once.
 */
export const ledgerEntries = sqliteTable(
  'ledger_entries',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** `captured:…`, `earned:…`, `refund:…`, `refunded:…`. */
    cause: text('cause').notNull(),
    paymentId: text('payment_id').notNull(),
    atMs: integer('at_ms').notNull(),
    doctorId: text('doctor_id').notNull(),
    clinicId: text('clinic_id'),
    postings: text('postings', { mode: 'json' }).$type<readonly PostingLine[]>().notNull(),
  },
  (t) => [uniqueIndex('ledger_entries_once').on(t.cause), index('ledger_entries_by_payment').on(t.paymentId, t.id)],
);

/** The postings of the ledger's entries, written by a trigger. Debits are positive. */
export const ledgerPostings = sqliteTable(
  'ledger_postings',
  {
    entryId: integer('entry_id').notNull(),
    line: integer('line').notNull(),
    account: text('account', { enum: ledgerAccounts }).notNull(),
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    atMs: integer('at_ms').notNull(),
    doctorId: text('doctor_id').notNull(),
    clinicId: text('clinic_id'),
  },
  (t) => [
    primaryKey({ columns: [t.entryId, t.line] }),
    index('ledger_postings_by_account').on(t.account, t.atMs),
    index('ledger_postings_by_doctor').on(t.doctorId, t.account, t.atMs),
    index('ledger_postings_by_clinic').on(t.clinicId, t.account, t.atMs).where(sql`${t.clinicId} is not null`),
  ],
);

export const paymentDocumentKinds = ['receipt', 'invoice', 'credit_note'] as const;

/** Receipts, invoices and credit notes, numbered without gaps for each issuer and kind. Never changed or deleted. */
export const paymentDocuments = sqliteTable(
  'payment_documents',
  {
    id: text('id').primaryKey(),
    /** Who issues it: a clinic, or a doctor without one. */
    issuerId: text('issuer_id').notNull(),
    kind: text('kind', { enum: paymentDocumentKinds }).notNull(),
    number: integer('number').notNull(),
    paymentId: text('payment_id')
      .notNull()
      .references(() => payments.id),
    /** What a credit note is for; empty for the others. */
    refundId: text('refund_id').notNull().default(''),
    issuedAtMs: integer('issued_at_ms').notNull(),
    /** What it is for, in the currency of the payment. */
    amountMinor: integer('amount_minor').notNull().default(0),
  },
  (t) => [
    uniqueIndex('payment_documents_number').on(t.issuerId, t.kind, t.number),
    uniqueIndex('payment_documents_once').on(t.paymentId, t.kind, t.refundId),
  ],
);

/**
 * What a patient who cancels gets back, by clinic, and from when; rows of no clinic are for all others. What was set before
 * stays: whoever cancelled under it is given back what it promised.
 */
export const refundPolicies = sqliteTable(
  'refund_policies',
  {
    /** Empty: wherever there is no other. */
    clinicId: text('clinic_id').notNull(),
    /** It counts for what is cancelled from this instant on, until the next; 0 is the beginning of time. */
    holdsFromMs: integer('holds_from_ms').notNull(),
    steps: text('steps', { mode: 'json' }).$type<readonly RefundStep[]>().notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clinicId, t.holdsFromMs] })],
);
