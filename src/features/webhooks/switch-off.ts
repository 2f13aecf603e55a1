import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { accounts, clinics, clinicWebhooks, webhookDeliveries } from '../../db/schema.ts';
import { settingsOf } from '../../env.ts';
import { report } from '../../http/log.ts';
import { tell } from '../../messages/message.ts';
import { auditStatement } from '../audit/record.ts';
import type { Webhook } from './secrets.ts';

/** The statement that gives up what a webhook has not taken yet. It can be replayed. */
export const giveUpWaiting = (db: Database, webhookId: string) =>
  db
    .update(webhookDeliveries)
    .set({ state: 'failed', answer: 'switched_off', dueAtMs: null })
    .where(and(eq(webhookDeliveries.webhookId, webhookId), isNotNull(webhookDeliveries.dueAtMs)));

/** Switches a webhook off that has failed for days or is gone, gives up what waits for it, and tells its admin. Once. */
export const switchOff = async (
  env: Env,
  { id, clinicId, url, createdBy }: Webhook,
  reason: 'gone' | 'failing',
  nowMs: number,
): Promise<void> => {
  const db = database(env.DB);
  const switched = await db
    .update(clinicWebhooks)
    .set({ offReason: reason, offAtMs: nowMs })
    .where(and(eq(clinicWebhooks.id, id), isNull(clinicWebhooks.offAtMs)))
    .returning({ id: clinicWebhooks.id });
  if (switched.length === 0) return;
  report('webhook_switched_off', { webhook: id, reason });
  await db.batch([
    giveUpWaiting(db, id),
    auditStatement(db, {
      stream: `clinic:${clinicId}`,
      actor: null,
      action: 'webhook.switched_off',
      subjectId: id,
      data: { reason },
      atMs: nowMs,
    }),
  ]);
  const [admin] = await db
    .select({ id: accounts.id, email: accounts.email, clinic: clinics.name })
    .from(accounts)
    .innerJoin(clinics, eq(clinics.id, clinicId))
    .where(and(eq(accounts.id, createdBy), isNull(accounts.deactivatedAtMs)));
  if (admin === undefined) return;
  const why = reason === 'gone' ? 'It answered that it is gone (410).' : 'It has taken nothing for three days.';
  await tell(env, db, settingsOf(env).dataKey, nowMs, {
    accountId: admin.id,
    kind: 'webhook_switched_off',
    channel: 'email',
    to: admin.email,
    subject: `A webhook of ${admin.clinic} was switched off`,
    text:
      `The webhook ${id} of ${admin.clinic}, at ${new URL(url).host}, was switched off. ${why}\n\n` +
      'What it has not taken is kept for 90 days. When it works again, switch it on and replay what failed.\n',
  });
};
