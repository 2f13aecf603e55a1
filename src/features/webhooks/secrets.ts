import type { clinicWebhooks } from '../../db/schema.ts';
import { sealedColumn } from '../../db/sealed-column.ts';

/** A row of `clinic_webhooks`. */
export type Webhook = typeof clinicWebhooks.$inferSelect;

/** The column that holds the secret; a secret that was exchanged moves to the next column as it is. */
export const secretColumn = (dataKey: string) => sealedColumn(dataKey, 'clinic_webhooks.secret');

/** The secrets that sign a webhook's posts, the newest first: the one before counts until its time is over. */
export const signingSecrets = async (dataKey: string, webhook: Webhook, nowMs: number): Promise<string[]> => {
  const { id, secret, previousSecret, previousUntilMs } = webhook;
  const both = previousSecret !== null && (previousUntilMs ?? 0) > nowMs;
  return Promise.all(
    [secret, ...(both ? [previousSecret] : [])].map((sealed) => secretColumn(dataKey).open(id, sealed)),
  );
};
