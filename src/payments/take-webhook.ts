import { describeError } from '../http/log.ts';
import { applyEvent, storeEvent } from './events.ts';
import type { Gateway } from './gateway.ts';
import type { Till } from './till.ts';

/** Of bodies that gateways post; theirs are a few KB. */
const maxWebhookBytes = 32_768;

/**
 * Takes what a gateway posts: looks at the signature before anything else, and keeps what it says before it answers. Gives
 * what is left to be done, which may go on after the answer; `null` when it is not signed, or too large.
 */
export const takeWebhook = async (
  till: Till,
  gateway: Gateway,
  headers: Headers,
  body: Uint8Array,
  nowMs: number,
): Promise<(() => Promise<void>) | null> => {
  if (body.byteLength > maxWebhookBytes) return null;
  const webhook = await gateway.readWebhook(headers, body);
  if (webhook === null) return null;
  const id = await storeEvent(till, gateway.name, webhook, nowMs);
  return async () => {
    const row = await till.d1
      .prepare('SELECT id, gateway, facts, attempts FROM payment_events WHERE id = ? AND applied_at_ms IS NULL')
      .bind(id)
      .first<Parameters<typeof applyEvent>[1]>();
    if (row === null) return;
    try {
      await applyEvent(till, row, nowMs);
    } catch (error) {
      // It is kept: the next sweep goes on with it.
      till.report('payment_event_failed', { event: id, ...describeError(error) });
    }
  };
};
