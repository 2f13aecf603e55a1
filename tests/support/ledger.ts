import { env } from 'cloudflare:workers';
import { sweepDue } from '../../src/notifications/consume.ts';
import { claimDue } from '../../src/notifications/ledger.ts';
import { sendClaimed } from '../../src/notifications/send.ts';
import { eventually } from './clinic.ts';

/** A row of the ledger as D1 holds it. */
export interface Told {
  readonly id: string;
  readonly version: number;
  readonly kind: string;
  readonly offset_minutes: number;
  readonly channel: string;
  readonly recipient_id: string;
  readonly audience: string;
  readonly due_at_ms: number;
  readonly state: string;
  readonly reason: string | null;
  readonly next_at_ms: number | null;
  readonly instead_of: string | null;
}

/** What the ledger says of an appointment, in the order in which it was entered. */
export const toldOf = async (subjectId: string): Promise<Told[]> =>
  (
    await env.DB.prepare('select * from notifications where subject_id = ? order by version, rowid')
      .bind(subjectId)
      .all<Told>()
  ).results;

/** Waits until the ledger of an appointment is as asked. */
export const ledgerOf = (subjectId: string, holds: (rows: Told[]) => boolean): Promise<Told[]> =>
  eventually(() => toldOf(subjectId), holds);

/** One row in words: `v2 reminder 120 to patient by email: scheduled`. */
export const inWords = ({ version, kind, offset_minutes, audience, channel, state, reason }: Told): string =>
  `v${version} ${kind}${offset_minutes === 0 ? '' : ` ${offset_minutes}`} to ${audience} by ${channel}: ` +
  (reason === null ? state : `${state} (${reason})`);

/** Claims what is due at an instant and sends it, without the queue between. */
export const sendDueAt = async (nowMs: number): Promise<string[]> =>
  sendClaimed(env, await claimDue(env.DB, 100, nowMs), nowMs);

export { sweepDue };
