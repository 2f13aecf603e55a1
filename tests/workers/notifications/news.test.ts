import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { actor, eventually, practice } from '../../support/clinic.ts';
import { inWords, ledgerOf } from '../../support/ledger.ts';
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
});
