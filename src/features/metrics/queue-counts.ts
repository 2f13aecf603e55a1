import { series } from './series.ts';

/**
 * A batch whose messages can be counted once it is done with: what was acknowledged and what is to be tried again. A
 * message that is neither counts as done, as the platform takes it to be.
 */
export const watched = <Body>(batch: MessageBatch<Body>) => {
  const retried = new Set<string>();
  let all = false;
  const messages = batch.messages.map(
    (message): Message<Body> => ({
      id: message.id,
      timestamp: message.timestamp,
      body: message.body,
      attempts: message.attempts,
      ack: () => message.ack(),
      retry: (options) => {
        retried.add(message.id);
        message.retry(options);
      },
      ...('metadata' in message ? { metadata: message.metadata } : {}),
    }),
  );
  const shown: MessageBatch<Body> = {
    queue: batch.queue,
    messages,
    metadata: batch.metadata,
    ackAll: () => batch.ackAll(),
    retryAll: (options) => {
      all = true;
      batch.retryAll(options);
    },
  };
  const counts = (): Record<string, number> => {
    const again = all ? messages.length : retried.size;
    const of = (outcome: string) => series('daybook_queue_messages_total', { queue: batch.queue, outcome });
    return { [of('done')]: messages.length - again, [of('retried')]: again };
  };
  return { batch: shown, counts };
};
