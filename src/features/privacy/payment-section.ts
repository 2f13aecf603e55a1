import { and, asc, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { paymentRefunds, payments } from '../../db/schema.ts';
import { shownState } from '../../domain/payments/facts.ts';
import { after, iso, type Pages, pageRows, pages } from './pages.ts';

/** What people paid, and what they got back. */
export const paymentSection = (db: Database, subjectIds: readonly string[]): Pages =>
  pages(
    (last: typeof payments.$inferSelect | null) =>
      db
        .select()
        .from(payments)
        .where(
          and(
            inArray(payments.patientId, listOf(subjectIds)),
            after(
              last,
              (row) =>
                sql`(${payments.patientId}, ${payments.capturedAtMs}, ${payments.id}) > (${row.patientId}, ${row.capturedAtMs}, ${row.id})`,
            ),
          ),
        )
        .orderBy(asc(payments.patientId), asc(payments.capturedAtMs), asc(payments.id))
        .limit(pageRows),
    async (row) => {
      const { id, appointmentId, patientId, gateway, gatewayPaymentId, amountMinor, refundedMinor, currency } = row;
      const refunds = await db
        .select()
        .from(paymentRefunds)
        .where(inArray(paymentRefunds.paymentId, [id]));
      return {
        ...{ id, appointmentId, patientId, gateway, gatewayPaymentId, state: shownState(row) },
        amount: { amount: amountMinor, currency },
        refunded: { amount: refundedMinor, currency },
        paidAt: iso(row.capturedAtMs),
        refunds: refunds.map((refund) => ({
          ...{ id: refund.id, reason: refund.reason, state: refund.state },
          amount: { amount: refund.amountMinor, currency },
          createdAt: iso(refund.createdAtMs),
          processedAt: iso(refund.processedAtMs),
        })),
      };
    },
  );
