import { consumeMessage, sweepMessages } from '../../../src/messages/consume.ts';
import { onSettled } from '../../../src/messages/settling.ts';
import { consumeNotifications, sweepDue, sweepIntents } from '../../../src/notifications/consume.ts';
import { ledgerListener } from '../../../src/notifications/settled.ts';
import type { Random } from '../random.ts';
import type { MonthWorld } from './world.ts';

const minuteMs = 60_000;

onSettled(ledgerListener);

/** What a minute brings: every fifth the sweeps, that of what is due perhaps not, or twice; and what the queues have. */
export const ring = async (world: MonthWorld, random: Random, nowMs: number): Promise<void> => {
  const { env } = world;
  const isFifth = (nowMs / minuteMs) % 5 === 0;
  if (isFifth && !random.chance(0.1)) await unless(() => sweepIntents(env, nowMs));
  if (isFifth) {
    const times = random.weighted({ once: 80, never: 10, twice: 10 });
    if (times === 'never') world.counts.sweepsSkipped += 1;
    if (times === 'twice') world.counts.sweepsDoubled += 1;
    if (times === 'once') await unless(() => sweepDue(env, nowMs));
    if (times === 'twice') await Promise.all([unless(() => sweepDue(env, nowMs)), unless(() => sweepDue(env, nowMs))]);
  }
  await world.notices.deliver((messages) => consumeNotifications({ messages }, env, nowMs));
  await world.sturdy(async () => {
    if (isFifth) await unless(() => sweepMessages(env, nowMs));
    await world.messages.deliver(async (messages) => {
      for (const message of messages) {
        const delaySeconds = await consumeMessage(env, message.body, nowMs);
        if (delaySeconds !== null) message.retry({ delaySeconds });
      }
    });
  });
};

/** A cron whose work fails is run again by the next. */
const unless = async (work: () => Promise<unknown>): Promise<void> => {
  await work().catch(() => undefined);
};
