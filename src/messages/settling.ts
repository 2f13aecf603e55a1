import type { BatchItem } from 'drizzle-orm/batch';
import type { Database } from '../db/client.ts';

/** What became of a message. `sent` may still become `delivered` or `given_up`, where the provider says so later. */
export interface Settlement {
  readonly messageId: string;
  readonly channel: 'email' | 'sms' | 'push';
  readonly outcome: 'sent' | 'delivered' | 'given_up';
  /** Why it was given up, as a fact: `recipient_refused`, `no_device`, `too_late`. `null` for the others. */
  readonly reason: string | null;
  readonly atMs: number;
}

/** Somebody who has to know what becomes of messages. */
export interface SettlementListener {
  /**
   * What belongs into the transaction in which a message settles. It is asked for messages of every kind, and more than
   * once for one outcome if an attempt to record it failed: its statements touch what waits for that message, or nothing.
   */
  statements(db: Database, settlement: Settlement): readonly BatchItem<'sqlite'>[];
  /** What follows once that is recorded. If it throws or is never reached, a sweep of the listener's own must find it. */
  afterwards?(env: Env, settlement: Settlement): Promise<void>;
  /**
   * Whether a message is still worth sending, asked before every attempt; `null` when it is, otherwise why not. The
   * message is then given up with that reason.
   */
  objection?(env: Env, messageId: string, nowMs: number): Promise<string | null>;
}

const listeners: SettlementListener[] = [];

/** Lets somebody know of every message that settles. For the composition root, once. */
export const onSettled = (listener: SettlementListener): void => {
  if (!listeners.includes(listener)) listeners.push(listener);
};

/** The statements that all listeners want in the transaction of a settlement. */
export const settlingStatements = (db: Database, settlement: Settlement): BatchItem<'sqlite'>[] =>
  listeners.flatMap((listener) => listener.statements(db, settlement));

/** Tells all listeners that a settlement is recorded. */
export const settled = async (env: Env, settlement: Settlement): Promise<void> => {
  for (const listener of listeners) await listener.afterwards?.(env, settlement);
};

/** The first objection that a listener has to sending a message; `null` when there is none. */
export const objectionTo = async (env: Env, messageId: string, nowMs: number): Promise<string | null> => {
  for (const listener of listeners) {
    const objection = (await listener.objection?.(env, messageId, nowMs)) ?? null;
    if (objection !== null) return objection;
  }
  return null;
};
