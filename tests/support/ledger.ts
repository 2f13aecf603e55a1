import { env } from 'cloudflare:workers';
import type { notifications } from '../../src/db/schema.ts';
import { claimDue, claimThese } from '../../src/notifications/ledger.ts';
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

/** Sends what is due of a subject at an instant, without the queue between. Gives what must be looked at again. */
export const sendDueAt = async (subjectId: string, nowMs: number): Promise<string[]> => {
  const ids = (await toldOf(subjectId)).map(({ id }) => id);
  return sendClaimed(env, await claimThese(env.DB, ids, nowMs), nowMs);
};

/** Sweeps and sends all that is due at an instant, of everybody. */
export const sweepAt = async (nowMs: number): Promise<void> => {
  for (;;) {
    const ids = await claimDue(env.DB, 100, nowMs);
    if (ids.length === 0) return;
    await sendClaimed(env, ids, nowMs);
  }
};

type Row = typeof notifications.$inferInsert;

let serial = 0;

/** Puts a row into the ledger by hand: a confirmation in the app of an appointment that nobody knows, unless told otherwise. */
export const entered = async (row: Partial<Row> & { readonly recipientId: string }): Promise<string> => {
  serial += 1;
  const now = Date.now();
  const whole = {
    ...{ id: `n_${crypto.randomUUID()}`, subjectId: `a_unknown_${serial}`, version: 1, kind: 'confirmed' },
    ...{ offsetMinutes: 0, channel: 'in_app', audience: 'patient', startsAtMs: now + 86_400_000 },
    ...{ causedAtMs: now, dueAtMs: now, state: 'delivered', createdAtMs: now, sentAtMs: now, settledAtMs: now },
    ...row,
  };
  const columns = Object.keys(whole).map((name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  await env.DB.prepare(
    `insert into notifications (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  )
    .bind(...Object.values(whole))
    .run();
  return whole.id;
};
