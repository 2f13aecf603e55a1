import type { z } from '@hono/zod-openapi';
import { desc, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { clinics, refundPolicies } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { hasEnded } from '../../domain/doctor-day/status.ts';
import { conclude, defaultRefundSteps, percentFor, type RefundStep } from '../../domain/payments/refund-policy.ts';
import type { Moved } from '../../payments/notice.ts';
import { auditStatement } from '../audit/record.ts';
import type { Billed } from './appointment.ts';
import type { refundPolicySchema, refundPreviewSchema } from './schema.ts';

const everywhere = '';
const hourMs = 3_600_000;

/** The steps that hold now for a clinic, or for what has none: the newest of its own, else of all, else what we say. */
export const policyOf = async (db: Database, clinicId: string | null): Promise<z.input<typeof refundPolicySchema>> => {
  const [newest] = await db
    .select({ clinicId: refundPolicies.clinicId, steps: refundPolicies.steps })
    .from(refundPolicies)
    .where(inArray(refundPolicies.clinicId, [clinicId ?? everywhere, everywhere]))
    .orderBy(desc(refundPolicies.clinicId), desc(refundPolicies.holdsFromMs))
    .limit(1);
  return { steps: [...(newest?.steps ?? defaultRefundSteps)], isDefault: newest?.clinicId !== clinicId };
};

/** Whether there is such a clinic. */
export const isClinic = async (db: Database, id: string): Promise<boolean> =>
  (await db.select({ id: clinics.id }).from(clinics).where(eq(clinics.id, id))).length > 0;

/**
 * Sets what a clinic gives back; `null` sets it for all that say nothing themselves. It counts for cancellations from now
 * on: for those before stays what was set before. Of what is set within one millisecond the last counts.
 */
export const setPolicy = async (
  db: Database,
  clinicId: string | null,
  steps: readonly RefundStep[],
  actor: Principal,
  nowMs: number,
): Promise<z.input<typeof refundPolicySchema>> => {
  const whose = clinicId ?? everywhere;
  // Never before what is there: else what was set last by a clock that is slow would hold never.
  const holdsFromMs = sql`max(${nowMs}, coalesce(
    (select max(holds_from_ms) from refund_policies where clinic_id = ${whose}), 0))`;
  await db.batch([
    db
      .insert(refundPolicies)
      .values({ clinicId: whose, holdsFromMs, steps, updatedAtMs: nowMs })
      .onConflictDoUpdate({
        target: [refundPolicies.clinicId, refundPolicies.holdsFromMs],
        set: { steps, updatedAtMs: nowMs },
      }),
    auditStatement(db, {
      stream: clinicId === null ? `account:${actor.id}` : `clinic:${clinicId}`,
      actor,
      action: 'refund_policy.set',
      subjectId: clinicId,
      data: { steps },
      atMs: nowMs,
    }),
  ]);
  return { steps: [...steps], isDefault: false };
};

/** What cancelling an appointment at an instant would give back of what was paid for it. */
export const previewOf = (
  { status, startsAtMs, fee }: Billed,
  paid: { readonly amountMinor: number; readonly refundedMinor: number; readonly currency: string } | null,
  steps: readonly RefundStep[],
  moved: Moved | null,
  nowMs: number,
): z.input<typeof refundPreviewSchema> => {
  const currency = paid?.currency ?? fee.currency;
  const { leastNoticeMs = null, isDisplaced = false } = moved ?? {};
  const percentAt = (atMs: number): number => (isDisplaced ? 100 : percentFor(steps, startsAtMs, atMs, leastNoticeMs));
  const percent = percentAt(nowMs);
  const ending = { status: 'cancelled', byPatient: !isDisplaced, atMs: nowMs, startsAtMs, leastNoticeMs } as const;
  const amount = paid === null || hasEnded(status) ? 0 : conclude(ending, paid, steps).refundMinor;
  const falls = steps
    .filter((step) => step.percent > 0)
    .map(({ hoursBefore }) => startsAtMs - hoursBefore * hourMs + 1)
    .filter((atMs) => atMs > nowMs && percentAt(atMs) < percent);
  return {
    paid: { amount: paid?.amountMinor ?? 0, currency },
    refund: { amount, currency },
    percent,
    nextChangeAt: falls.length === 0 ? null : new Date(Math.min(...falls)).toISOString(),
  };
};
