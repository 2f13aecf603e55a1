import type { z } from '@hono/zod-openapi';
import { database } from '../../db/client.ts';
import { addDays, type LocalDate } from '../../domain/local-date.ts';
import { startOfDayMs } from '../../domain/zoned-time.ts';
import { page, readCursor } from '../../http/pagination.ts';
import { namesOf } from '../../patients/names.ts';
import { type PaymentRow, paymentColumns } from '../../payments/till.ts';
import { type listedPaymentSchema, type PaymentsQuery, paymentPositionSchema, type totalsSchema } from './schema.ts';
import { paidView, refundsOf } from './view.ts';

type Range = { readonly from?: LocalDate | undefined; readonly to?: LocalDate | undefined };

/** The instants between two dates in UTC, the second included. */
const instants = ({ from, to }: Range): readonly [fromMs: number, toMs: number] => [
  from === undefined ? 0 : startOfDayMs(from, 'UTC'),
  to === undefined ? Number.MAX_SAFE_INTEGER : startOfDayMs(addDays(to, 1), 'UTC'),
];

/** Payments, newest first, with the names of whom they concern. */
export const paymentPage = async (d1: D1Database, query: PaymentsQuery) => {
  const { limit, cursor, state, patientId, doctorId, clinicId } = query;
  const after = readCursor(cursor, paymentPositionSchema);
  const [fromMs, toMs] = instants(query);
  const filters = (
    [
      ['state', state],
      ['patient_id', patientId],
      ['doctor_id', doctorId],
      ['clinic_id', clinicId],
    ] as const
  ).filter(([, value]) => value !== undefined);
  const conditions = [
    'captured_at_ms >= ?1',
    'captured_at_ms < ?2',
    '(captured_at_ms, id) < (?3, ?4)',
    ...filters.map(([column], i) => `${column} = ?${i + 6}`),
  ];
  const { results } = await d1
    .prepare(
      `SELECT ${paymentColumns} FROM payments WHERE ${conditions.join(' AND ')}
       ORDER BY captured_at_ms DESC, id DESC LIMIT ?5`,
    )
    .bind(
      ...[fromMs, toMs, after?.capturedAtMs ?? Number.MAX_SAFE_INTEGER, after?.id ?? '', limit + 1],
      ...filters.map(([, value]) => value),
    )
    .all<PaymentRow>();
  const [refunds, names] = await Promise.all([
    refundsOf(
      d1,
      results.map(({ id }) => id),
    ),
    namesOf(
      database(d1),
      results.flatMap((payment) => [payment.patientId, payment.doctorId, payment.clinicId]),
    ),
  ]);
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null));
  const item = (payment: PaymentRow): z.input<typeof listedPaymentSchema> => ({
    ...paidView(payment, refunds),
    appointmentId: payment.appointmentId,
    patientId: payment.patientId,
    patientName: nameOf(payment.patientId),
    doctorId: payment.doctorId,
    doctorName: nameOf(payment.doctorId),
    clinicId: payment.clinicId,
    clinicName: nameOf(payment.clinicId),
    gateway: payment.gateway,
    gatewayPaymentId: payment.gatewayPaymentId,
    progress: payment.state,
  });
  return page(results, limit, item, ({ capturedAtMs, id }) => ({ capturedAtMs, id }));
};

const totalsSql = (column: 'doctor_id' | 'clinic_id' | null): string => `
  SELECT currency,
    sum(CASE WHEN account = 'gateway_clearing' AND amount_minor > 0 THEN amount_minor ELSE 0 END) AS paidMinor,
    sum(CASE WHEN account = 'refunds_payable' AND amount_minor < 0 THEN -amount_minor ELSE 0 END) AS refundedMinor,
    sum(CASE WHEN account = 'clinic_revenue' THEN -amount_minor ELSE 0 END) AS earnedMinor
  FROM ledger_postings
  WHERE account IN ('gateway_clearing', 'refunds_payable', 'clinic_revenue') AND at_ms >= ?1 AND at_ms < ?2
    ${column === null ? '' : `AND ${column} = ?3`}
  GROUP BY currency ORDER BY currency`;

/** What the ledger says of a range of dates in UTC, by currency; of a doctor, or of a clinic. */
export const totalsOf = async (
  d1: D1Database,
  query: Range & { readonly doctorId?: string | undefined; readonly clinicId?: string | undefined },
): Promise<z.input<typeof totalsSchema>[]> => {
  const [fromMs, toMs] = instants(query);
  const whose = query.doctorId ?? query.clinicId;
  const column = query.doctorId !== undefined ? 'doctor_id' : query.clinicId !== undefined ? 'clinic_id' : null;
  const values = whose === undefined ? [fromMs, toMs] : [fromMs, toMs, whose];
  const { results } = await d1
    .prepare(totalsSql(column))
    .bind(...values)
    .all<z.input<typeof totalsSchema>>();
  return results;
};

/** The payment that an appointment is paid with; `null` when none is. */
export const keptPaymentOf = (d1: D1Database, appointmentId: string): Promise<PaymentRow | null> =>
  d1
    .prepare(`SELECT ${paymentColumns} FROM payments WHERE appointment_id = ? AND state IN ('kept', 'concluded')`)
    .bind(appointmentId)
    .first<PaymentRow>();
