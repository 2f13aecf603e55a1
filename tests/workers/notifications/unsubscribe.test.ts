import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { toBase64Url } from '../../../src/domain/base64url.ts';
import { settingsOf } from '../../../src/env.ts';
import { unsubscribeHeaders, unsubscribeUrl } from '../../../src/notifications/unsubscribe.ts';
import { call } from '../../support/api.ts';
import { type Actor, actor } from '../../support/clinic.ts';
import { type Person, patient } from '../../support/people.ts';
import { erases } from '../../support/whole-person.ts';

let person: Person;
let karim: Actor;
let link: string;

/** The path of a link, as the tests' Worker is asked for it. */
const pathOf = (url: string): string => `/${new URL(url).pathname}`;
const linkFor = async (id: string, kind: 'reminder' | 'cancelled'): Promise<string> => {
  const url = await unsubscribeUrl(settingsOf(env), { accountId: id, kind });
  if (url === null) throw new Error('mails of this kind can be ended');
  return url;
};
const choices = async () => (await karim.act('GET', '/users/me/notification-preferences')).body;
const clicked = (url: string, init: RequestInit = {}) => call(pathOf(url), { method: 'POST', ...init });

/** What Gmail and others send (RFC 8058 section 3.1 and 3.2). */
const forms: readonly (readonly [string, string])[] = [
  ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
  [
    'multipart/form-data; boundary=x',
    '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--',
  ],
];

beforeEach(async () => {
  person = await patient();
  karim = actor(person);
  link = await linkFor(person.id, 'reminder');
});

describe('the link that ends mails', () => {
  test.each(forms)('[NP5] one click as %s ends mails of its kind, and nothing else', async (type, body) => {
    const answer = await clicked(link, { headers: { 'content-type': type }, body });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('These mails have stopped');
    const { kinds } = await choices();
    expect(kinds.reminder).toEqual({ email: false, push: true, sms: true, in_app: true });
    expect(kinds.cancelled.email).toBe(true);
  });

  test('[NP5] needs no body, no cookie and no token, and may be clicked again', async () => {
    for (let i = 0; i < 3; i += 1) expect((await clicked(link)).status).toBe(200);
    expect((await choices()).kinds.reminder.email).toBe(false);
    const rows = await env.DB.prepare(
      `select actor_id, data from audit_events where stream = ? and action = 'notification_preferences.changed'`,
    )
      .bind(`account:${person.id}`)
      .all<{ actor_id: string; data: string }>();
    expect(rows.results.map(({ actor_id, data }) => [actor_id, JSON.parse(data)])).toEqual([
      [person.id, { fields: ['switches'], by: 'link', kind: 'reminder', from: expect.anything() }],
    ]);
  });

  test('[NP5] opened, ends nothing: it shows what its button would end, in the reader’s language, and names nobody', async () => {
    const page = await call(pathOf(link));
    const text = await page.text();
    expect(text).toContain('<form method="post">');
    expect(text).toContain('Your appointment is coming up');
    expect(text).not.toMatch(/Nadia|@example|u_[\w-]{8}/);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self'");
    expect((await choices()).kinds.reminder.email).toBe(true);
    await karim.act('PUT', '/users/me/notification-preferences', { locale: 'bn' });
    expect(await (await call(pathOf(link))).text()).toContain('<html lang="bn"');
  });

  test('[NP5] says in no readable way whose it is or what it ends, and is another each time', async () => {
    const again = await linkFor(person.id, 'reminder');
    expect(again).not.toBe(link);
    const token = link.slice(link.lastIndexOf('/') + 1);
    const decoded = token.split('.').map((part) =>
      atob(
        part
          .replaceAll('-', '+')
          .replaceAll('_', '/')
          .padEnd(Math.ceil(part.length / 4) * 4, '='),
      ),
    );
    for (const text of [link, ...decoded]) expect(text).not.toMatch(new RegExp(`${person.id}|reminder|email`));
  });

  test('[NP5] changed in any character, made up, or made of something else of ours, is the link of nothing', async () => {
    const token = link.slice(link.lastIndexOf('/') + 1);
    const tokens = [
      ...[4, 12, 25, token.length - 2].map(
        (at) => `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`,
      ),
      ...['x', 'v1.', 'v1.AAAA.BBBB', `${token}.x`, 'A'.repeat(400), encodeURIComponent('../../admin')],
      `v1.${toBase64Url(new TextEncoder().encode(person.id))}.${toBase64Url(new Uint8Array(48))}`,
    ];
    for (const each of tokens) {
      for (const method of ['GET', 'POST']) {
        const answer = await call(`//unsubscribe/${each}`, { method });
        expect([each, method, answer.status]).toEqual([each, method, 404]);
        await answer.body?.cancel();
      }
    }
    expect((await choices()).kinds.reminder.email).toBe(true);
  });

  test('[NP5] of one person or kind ends nothing of another', async () => {
    await clicked(await linkFor((await patient()).id, 'reminder'));
    await clicked(await linkFor(person.id, 'cancelled'));
    expect((await choices()).kinds).toMatchObject({ reminder: { email: true }, cancelled: { email: false } });
  });

  test('[NP5] of somebody who was erased is the link of nothing, and stores nothing', async () => {
    expect((await erases(karim, person.id, person.password)).status).toBe(202);
    expect((await clicked(link)).status).toBe(404);
    const stored = await env.DB.prepare('select 1 from notification_preferences where account_id = ?')
      .bind(person.id)
      .first();
    expect(stored).toBeNull();
  });

  test('[NI6] stands in the headers that mail programs look for, and is not made for notices of safety', async () => {
    expect(unsubscribeHeaders(link)).toEqual({
      'List-Unsubscribe': `<${link}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(await unsubscribeUrl(settingsOf(env), { accountId: person.id, kind: 'security' })).toBeNull();
  });
});
