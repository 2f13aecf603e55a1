import { noticeDelaySeconds } from '../domain/back-off.ts';
import { describeError, report } from '../http/log.ts';
import { consumeIntents } from './intents.ts';
import { claimDue } from './ledger.ts';
import { sweepOtherWays } from './other-way.ts';
import { enqueueClaimed, type NotificationNotice } from './queue.ts';
import { sendClaimed } from './send.ts';

/** Rows that one statement claims, and statements of one sweep: what is due beyond that is the next sweep's. */
const claimedAtOnce = 100;
const maxClaims = 50;
/** How long the ledger may take to hear what a doctor-day knows already. */
const askAgainSeconds = 30;

/**
 * Consumes a batch of the notifications queue. Its notices say only where to look, so that one that comes twice, late or
 * in another order finds done what is done.
 */
export const consumeNotifications = async (
  batch: Pick<MessageBatch<NotificationNotice>, 'messages'>,
  env: Env,
  nowMs = Date.now(),
): Promise<void> => {
  const intents = batch.messages.filter(({ body }) => body.kind === 'intents');
  const sends = batch.messages.flatMap((message) =>
    message.body.kind === 'send' ? [{ message, id: message.body.id }] : [],
  );
  if (intents.length > 0) {
    await together(intents, async () => {
      await consumeIntents(env, nowMs);
    });
  }
  if (sends.length === 0) return;
  await together(
    sends.map(({ message }) => message),
    async () => {
      const again = new Set(
        await sendClaimed(
          env,
          sends.map(({ id }) => id),
          nowMs,
        ),
      );
      for (const { message, id } of sends) if (again.has(id)) message.retry({ delaySeconds: askAgainSeconds });
    },
  );
};

/** Does the work of several notices at once: all are done, or all come again. */
const together = async (messages: readonly Message<NotificationNotice>[], work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    const attempts = Math.max(...messages.map((message) => message.attempts));
    report('notification_notices_failed', { attempts, ...describeError(error) });
    for (const message of messages) message.retry({ delaySeconds: noticeDelaySeconds(attempts) });
  }
};

/** Takes up intents whose wake-up was lost, and other ways that were not looked for. Every minute. */
export const sweepIntents = async (env: Env, nowMs: number): Promise<{ intents: number; otherWays: number }> => ({
  intents: await consumeIntents(env, nowMs),
  otherWays: await sweepOtherWays(env, nowMs),
});

/**
 * Claims what is due and has the queue send it, in batches. Every five minutes. What an outage kept is claimed as well:
 * whether it is still of use is decided when it would be sent.
 */
export const sweepDue = async (env: Env, nowMs: number): Promise<{ claimed: number }> => {
  let claimed = 0;
  for (let claims = 0; claims < maxClaims; claims += 1) {
    const ids = await claimDue(env.DB, claimedAtOnce, nowMs);
    await enqueueClaimed(env, ids);
    claimed += ids.length;
    if (ids.length < claimedAtOnce) break;
  }
  return { claimed };
};
