import { env } from 'cloudflare:workers';
import type { notifications } from '../../src/db/schema.ts';

type Row = typeof notifications.$inferInsert;

let serial = 0;

/** Puts a row into the ledger: a confirmation in the app, of an appointment that nobody knows, unless told otherwise. */
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
