import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import type { paymentDocumentKinds } from '../../db/schema.ts';
import { may } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { namesOf } from '../../patients/names.ts';
import { paymentById } from '../../payments/manual-refund.ts';
import { auditRead, reasonOf } from '../audit/read.ts';
import { numberOf } from './paper.ts';

type Kind = (typeof paymentDocumentKinds)[number];

/** A numbered document with all that it says. */
export interface Issued {
  readonly kind: Kind;
  readonly number: number;
  readonly issuedAtMs: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentId: string;
  readonly gateway: string;
  readonly gatewayPaymentId: string;
  readonly capturedAtMs: number;
  readonly startsAtMs: number | null;
  readonly timeZone: string;
  readonly mode: string;
  /** Why money goes back. */
  readonly reason: string | null;
  /** The invoice that a credit note takes from. */
  readonly invoiceNumber: string | null;
  readonly issuer: { readonly name: string; readonly lines: readonly string[] };
  readonly patientName: string;
  readonly doctorName: string;
}

type Row = Pick<Issued, 'number' | 'issuedAtMs' | 'amountMinor' | 'startsAtMs' | 'reason'> & {
  readonly timeZone: string | null;
  readonly mode: string | null;
  readonly invoice: number | null;
  readonly address: string | null;
  readonly city: string | null;
  readonly country: string | null;
};

const documentSql = `
  SELECT d.number, d.issued_at_ms AS issuedAtMs, d.amount_minor AS amountMinor, a.starts_at_ms AS startsAtMs,
    a.time_zone AS timeZone, a.mode, r.reason, i.number AS invoice, c.address, c.city, c.country
  FROM payment_documents d JOIN payments p ON p.id = d.payment_id
    LEFT JOIN appointments a ON a.id = p.appointment_id LEFT JOIN clinics c ON c.id = d.issuer_id
    LEFT JOIN payment_refunds r ON r.id = d.refund_id
    LEFT JOIN payment_documents i ON i.payment_id = d.payment_id AND i.kind = 'invoice' AND i.refund_id = ''
      AND d.kind = 'credit_note'
  WHERE d.payment_id = ?1 AND d.kind = ?2 AND d.refund_id = ?3`;

/** Names of people who were erased. */
const nobody = '—';

/** A document of a payment, for who may have it; that others have it is in the audit. Refuses with `not_found`. */
export const issuedOf = async (
  c: Context<AppEnv>,
  paymentId: string,
  kind: Kind,
  refundId = '',
): Promise<Result<Issued, Refusal>> => {
  const principal = c.get('principal');
  const payment = await paymentById(c.env.DB, paymentId);
  if (payment === null || !may(principal, 'payment.read_documents', payment)) return refused(refusal('not_found'));
  const row = await c.env.DB.prepare(documentSql).bind(paymentId, kind, refundId).first<Row>();
  if (row === null) return refused(refusal('not_found'));
  const { patientId, doctorId, clinicId } = payment;
  await auditRead(c, {
    ...{ action: 'payment.document_read', patientIds: [patientId], subjectId: payment.appointmentId },
    ...{ why: reasonOf(principal.role), clinicId: principal.role === 'staff' ? clinicId : null, data: { kind } },
  });
  const names = await namesOf(database(c.env.DB), [patientId, doctorId, clinicId]);
  const { number, issuedAtMs, amountMinor, startsAtMs, reason, invoice } = row;
  const lines = [row.address, [row.city, row.country].filter((part) => part !== null).join(', ')];
  return ok({
    ...{ kind, number, issuedAtMs, amountMinor, startsAtMs, reason, paymentId },
    currency: payment.currency,
    gateway: payment.gateway,
    gatewayPaymentId: payment.gatewayPaymentId,
    capturedAtMs: payment.capturedAtMs,
    timeZone: row.timeZone ?? 'UTC',
    mode: row.mode ?? 'in_person',
    invoiceNumber: invoice === null ? null : numberOf({ kind: 'invoice', number: invoice }),
    issuer: {
      name: names.get(clinicId ?? doctorId) ?? nobody,
      lines: lines.filter((line): line is string => line !== null && line !== ''),
    },
    patientName: names.get(patientId) ?? nobody,
    doctorName: names.get(doctorId) ?? nobody,
  });
};
