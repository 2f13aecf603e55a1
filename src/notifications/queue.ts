import { describeError, report } from '../http/log.ts';

/** What travels on the notifications queue: at least once, in any order, ids only. */
export type NotificationNotice =
  /** There are intents to make rows of the ledger from. */
  | { readonly kind: 'intents' }
  /** A row of the ledger was claimed and is to be sent. */
  | { readonly kind: 'send'; readonly id: string };

/** Messages that the queue takes at once. */
const maxBatch = 100;

/** Says that there are intents. Never throws: what the queue does not take, the next minute's sweep finds. */
export const wakeForIntents = (env: Env): Promise<void> => sent(env, [{ kind: 'intents' }]);

/** Has claimed rows sent. Never throws: what the queue does not take is claimed again when its claim has lapsed. */
export const enqueueClaimed = (env: Env, ids: readonly string[]): Promise<void> =>
  sent(
    env,
    ids.map((id) => ({ kind: 'send', id })),
  );

const sent = async (env: Env, notices: readonly NotificationNotice[]): Promise<void> => {
  try {
    for (let i = 0; i < notices.length; i += maxBatch) {
      await env.NOTIFICATION_QUEUE.sendBatch(notices.slice(i, i + maxBatch).map((body) => ({ body })));
    }
  } catch (error) {
    report('notification_queue_failed', describeError(error));
  }
};
