import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { type Settlement, settled, settlingStatements } from '../../../src/messages/settling.ts';
import { enter, numbered } from '../../../src/notifications/ledger.ts';
import { actor, practice } from '../../support/clinic.ts';
import { inWords, ledgerOf, sendDueAt, type Told, toldOf } from '../../support/ledger.ts';
import { patient } from '../../support/people.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
beforeAll(async () => {
  clinic = await practice();
});

/** A patient with a verified phone, who books. */
const books = async (time: string): Promise<{ id: string; patientId: string }> => {
  const person = await patient();
  await env.DB.prepare('update accounts set phone = ?2, phone_verified_at_ms = 1 where id = ?1')
    .bind(person.id, `+88018${String(Date.now()).slice(-8)}`)
    .run();
  const self = actor(person);
  const { body } = await self.holds(await clinic.slot(time));
  await self.confirms(body.id);
  await ledgerOf(body.id, (rows) => news(rows).some(({ state }) => state === 'sent'));
  return { id: body.id, patientId: person.id };
};

const news = (rows: readonly Told[]): Told[] =>
  rows.filter(({ kind, audience, channel }) => kind === 'confirmed' && audience === 'patient' && channel !== 'in_app');

const becomes = async (row: Told | undefined, outcome: Settlement['outcome'], reason: string | null = null) => {
  const settlement = { messageId: `m_${row?.id}`, channel: 'email', outcome, reason, atMs: Date.now() } as const;
  const [first, ...rest] = settlingStatements(database(env.DB), settlement);
  if (first !== undefined) await database(env.DB).batch([first, ...rest]);
  await settled(env, settlement);
};

test('[NT7] mail that nobody takes is followed by an SMS, once, and the ledger says in whose stead', async () => {
  const { id } = await books('09:00');
  const [mail] = news(await toldOf(id));
  await becomes(mail, 'given_up', 'recipient_refused');
  await becomes(mail, 'given_up', 'recipient_refused');
  const rows = news(await toldOf(id));
  expect(rows.map(inWords)).toEqual([
    'v2 confirmed to patient by email: failed (given_up)',
    'v2 confirmed to patient by sms: sent',
  ]);
  expect(rows[1]?.instead_of).toBe(mail?.id);
  await becomes(rows[1], 'given_up', 'no_transport');
  expect(news(await toldOf(id)).map(({ state }) => state)).toEqual(['failed', 'failed']);
});

test('[NT4] [NT7] what is delivered, and what is not true any more when it would go, end there', async () => {
  const { id } = await books('09:30');
  await becomes(news(await toldOf(id))[0], 'delivered');
  const off = await books('10:00');
  await becomes(news(await toldOf(off.id))[0], 'given_up', 'cancelled');
  expect([...news(await toldOf(id)), ...news(await toldOf(off.id))].map(inWords)).toEqual([
    'v2 confirmed to patient by email: delivered',
    'v2 confirmed to patient by email: suppressed (cancelled)',
  ]);
});

test('[NT16] a row that cannot be sent keeps no other from going, and is given up in the end', async () => {
  const { id, patientId } = await books('10:30');
  // At noon UTC, 18:00 in Dhaka: at night quiet hours would keep both.
  const nowMs = Math.ceil(Date.now() / 86_400_000) * 86_400_000 + 12 * 3_600_000;
  const planned = (version: number, subjectId: string) => ({
    ...({ subjectId, version, kind: 'digest', offsetMinutes: 0, channel: 'email', recipientId: patientId } as const),
    ...({ audience: 'doctor', startsAtMs: nowMs + 86_400_000, previousStartsAtMs: null, causedAtMs: nowMs } as const),
    ...{ causedBy: null, dueAtMs: nowMs, reason: null },
  });
  // There is no such day number: what is to be read of it cannot be.
  await enter(env.DB, numbered([planned(9e15, id), planned(1, id)]), nowMs).run();
  const digests = async () => (await toldOf(id)).filter(({ kind }) => kind === 'digest');
  await sendDueAt(id, nowMs);
  expect((await digests()).map(({ state, reason }) => [state, reason])).toEqual([
    ['suppressed', 'nothing_to_tell'],
    ['claimed', null],
  ]);
  await env.DB.prepare("update notifications set state = 'scheduled', next_at_ms = due_at_ms, claims = 11 where id = ?")
    .bind((await digests())[1]?.id)
    .run();
  await sendDueAt(id, nowMs);
  expect((await digests()).map(({ state, reason }) => [state, reason])[1]).toEqual(['failed', 'given_up']);
});
