import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../../src/domain/local-date.ts';
import { sendClaimed } from '../../../src/notifications/send.ts';
import { actor, eventually, practice, patient as visitor } from '../../support/clinic.ts';
import { inWords, ledgerOf, toldOf } from '../../support/ledger.ts';
import { mailTo } from '../../support/mailbox.ts';
import { patient } from '../../support/people.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
beforeAll(async () => {
  clinic = await practice();
});

const newsIn = (rows: Parameters<typeof inWords>[0][]): string[] =>
  rows.filter(({ kind }) => kind !== 'reminder').map(inWords);

describe('what happens to an appointment', () => {
  test('[NT1] [NT2] [NT6] is told to both sides once, by mail and in the app', async () => {
    const person = await patient();
    const self = actor(person);
    const { body } = await self.holds(await clinic.slot('09:00'));
    await self.confirms(body.id);
    const rows = await ledgerOf(body.id, (found) => found.filter(({ state }) => state === 'sent').length >= 2);
    expect(newsIn(rows)).toEqual([
      'v2 confirmed to patient by email: sent',
      'v2 confirmed to patient by in_app: delivered',
      'v2 confirmed to doctor by email: sent',
      'v2 confirmed to doctor by in_app: delivered',
    ]);
    const mail = await eventually(
      () => mailTo(person.email),
      (found) => found.length > 0 && found.every(({ state }) => state === 'sent'),
    );
    expect(mail).toHaveLength(1);
    expect(mail[0]).toMatchObject({
      kind: 'confirmed',
      channel: 'email',
      state: 'sent',
      calendar: { method: 'REQUEST' },
    });
    const left = env.DB.prepare('select count(*) as n from notification_intents where stream like ?');
    expect(await left.bind(`day:${clinic.doctor.id}/%`).first('n')).toBe(0);
  });

  test('[NT21] of an offer that its day knows to have ended nobody is told, whatever D1 still shows', async () => {
    const date = addDays(clinic.date, 1);
    const [waiter, owner] = [actor(await patient()), await visitor()];
    const wish = { doctorId: clinic.doctor.id, from: date, to: date };
    expect((await waiter.act('POST', '/waitlist', wish)).status).toBe(201);
    const { id: booked } = (await owner.holds(await clinic.slot('09:00', date))).body;
    await owner.confirms(booked);
    await owner.cancels(booked);
    const [{ id }] = await eventually(
      async () => (await waiter.lists('?status=pending')).body.items,
      (items) => items.length === 1,
    );
    const rows = await ledgerOf(id, (found) => found.some(({ state }) => state === 'sent'));
    expect(rows.map(inWords)).toEqual([
      'v1 waitlist_offer 15 to patient by email: sent',
      'v1 waitlist_offer 15 to patient by in_app: delivered',
    ]);

    // Declined before it could be told: the day has it, and D1 has not heard.
    await waiter.cancels(id);
    const status = () => env.DB.prepare('select status from appointments where id = ?').bind(id).first('status');
    await eventually(status, (shown) => shown === 'cancelled');
    await env.DB.batch(
      [
        "update appointments set status = 'pending' where id = ?",
        "update notifications set state = 'claimed', sent_at_ms = null, settled_at_ms = null where subject_id = ?",
      ].map((sql) => env.DB.prepare(sql).bind(id)),
    );
    const ids = rows.map((row) => row.id);
    expect(await sendClaimed(env, ids, Date.now())).toEqual([]);
    expect(await status()).toBe('pending');
    expect((await toldOf(id)).map(inWords)).toEqual([
      'v1 waitlist_offer 15 to patient by email: suppressed (superseded)',
      'v1 waitlist_offer 15 to patient by in_app: suppressed (superseded)',
    ]);
  });
});
