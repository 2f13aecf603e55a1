import { describeError, report } from '../http/log.ts';

/** What travels on the webhooks queue: the id of a row in `webhook_deliveries` and nothing else. */
export interface WebhookNotice {
  readonly id: string;
}

/** Messages that the queue takes at once. */
const maxBatch = 100;

/** Tells the queue of deliveries. Never throws: what the queue does not take, the next minute's sweep finds. */
export const dispatchDeliveries = async (env: Env, ids: readonly string[]): Promise<void> => {
  try {
    for (let i = 0; i < ids.length; i += maxBatch) {
      const batch = ids.slice(i, i + maxBatch).map((id) => ({ body: { id } satisfies WebhookNotice }));
      await env.WEBHOOK_QUEUE.sendBatch(batch);
    }
  } catch (error) {
    report('webhook_queue_failed', describeError(error));
  }
};
