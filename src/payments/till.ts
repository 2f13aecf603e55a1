import type { Payment } from '../domain/doctor-day/appointment.ts';
import type { GatewayName, PaymentState, RefundReason } from '../domain/payments/facts.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { Gateway } from './gateway.ts';

/** An order as D1 holds it. */
export interface OrderRow {
  readonly id: string;
  readonly appointmentId: string;
  readonly patientId: string;
  readonly doctorId: string;
  readonly clinicId: string | null;
  readonly gateway: GatewayName;
  readonly gatewayOrderId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly failedAttempts: number;
  readonly closedAtMs: number | null;
}

/** A payment as D1 holds it. */
export interface PaymentRow {
  readonly id: string;
  readonly orderId: string;
  readonly gateway: GatewayName;
  readonly gatewayPaymentId: string;
  readonly appointmentId: string;
  readonly patientId: string;
  readonly doctorId: string;
  readonly clinicId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: PaymentState;
  readonly refusal: string | null;
  readonly refundedMinor: number;
  readonly capturedAtMs: number;
  readonly attempts: number;
}

export const orderColumns = `id, appointment_id AS appointmentId, patient_id AS patientId, doctor_id AS doctorId,
  clinic_id AS clinicId, gateway, gateway_order_id AS gatewayOrderId, amount_minor AS amountMinor, currency,
  created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs, failed_attempts AS failedAttempts,
  closed_at_ms AS closedAtMs`;

export const paymentColumns = `id, order_id AS orderId, gateway, gateway_payment_id AS gatewayPaymentId,
  appointment_id AS appointmentId, patient_id AS patientId, doctor_id AS doctorId, clinic_id AS clinicId,
  amount_minor AS amountMinor, currency, state, refusal, refunded_minor AS refundedMinor,
  captured_at_ms AS capturedAtMs, attempts`;

/** News on its way to a patient. */
export interface Told {
  /** To go with those of what is told. */
  readonly statements: readonly D1PreparedStatement[];
  /** Once they stand: has the news go out at once. Never throws; without it, the next sweep sends the news. */
  readonly send: () => Promise<void>;
}

/** What handling money needs: where it is written down, who takes it, who decides what it is for, and who is told. */
export interface Till {
  readonly d1: D1Database;
  /** `null`: no money is taken here now. */
  readonly gateway: Gateway | null;
  readonly days: {
    recordPayment(appointmentId: string, payment: Omit<Payment, 'atMs'>): Promise<Result<unknown, Refusal>>;
  };
  /** Tells a patient. */
  tell(
    payment: PaymentRow,
    told: { readonly refundId: string; readonly amountMinor: number; readonly reason: RefundReason },
    nowMs: number,
  ): Promise<Told>;
  /** Tells an operator, by ids and codes only. */
  report(what: string, detail: Readonly<Record<string, unknown>>): void;
  /** A new id that cannot be guessed. */
  newId(prefix: string): string;
  /** From 0 up to 1. */
  random(): number;
}
