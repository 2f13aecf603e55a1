import { env } from 'cloudflare:workers';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { consumeMessage } from '../../../src/messages/consume.ts';
import type { Delivered } from '../../support/mail-servers.ts';
import { messageRow, said } from '../../support/mailbox.ts';
import { leavingBehind } from '../../support/rejections.ts';

const servers = inject('mailServers');
const submitter = { SMTP_USER: 'daybook', SMTP_PASSWORD: 'sesame öffne dich' };

const someone = (box = 'somebody') => `${box}.${crypto.randomUUID().slice(0, 8)}@example.org`;

/** The deployment's settings, with mail submitted to a server. */
const submitting = (port: number, settings: object = {}): Env => ({
  ...env,
  MAIL_TRANSPORT: 'smtp',
  SMTP_HOST: 'localhost',
  SMTP_PORT: String(port),
  ...submitter,
  ...settings,
});

const delivered = async (to: string): Promise<Delivered[]> =>
  (await fetch(`${servers.box}/${encodeURIComponent(to)}`)).json();

/** Sends a mail and gives what its server received, and what its row says. */
const sent = async (to: string, message: object = {}, deployment = submitting(servers.proper)) => {
  const { id } = await said({ to, ...message });
  const again = await consumeMessage(deployment, { id }, Date.now());
  return { id, again, row: await messageRow(id), received: await delivered(to) };
};

const lines = (text: unknown): string => String(text).replaceAll('\r\n', '\n');

beforeEach(() => {
  vi.spyOn(env.MESSAGE_QUEUE, 'sendBatch').mockResolvedValue({} as never);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

const ics = [
  ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Daybook//EN', 'METHOD:REQUEST', 'BEGIN:VEVENT', 'UID:a_1'],
  ...['DTSTAMP:20261201T000000Z', 'DTSTART:20261202T030000Z', 'SUMMARY:Ärztin ✓', 'END:VEVENT', 'END:VCALENDAR', ''],
].join('\r\n');

describe('mail by SMTP', () => {
  it('[MS11] [MS12] reaches a server by STARTTLS and AUTH, as MIME that another parser reads', async () => {
    const to = someone();
    const { id, again, row, received } = await sent(to, {
      subject: 'Ihr Termin · আপনার অ্যাপয়েন্টমেন্ট, '.repeat(4).trim(),
      text: 'Guten Tag\n.\n.. and dots; 09:00 (Asia/Dhaka)',
      html: '<p>Guten Tag, <b>আপনি</b></p>',
      headers: {
        'Reply-To': 'Praxis Müller <praxis@example.net>',
        'List-Unsubscribe': '<https://daybook.test/unsubscribe/abc>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
      calendar: { method: 'REQUEST', ics },
    });
    expect([again, received.length]).toEqual([null, 1]);
    expect(received[0]).toMatchObject({ from: 'no-reply@daybook.test', user: 'daybook', encrypted: true });
    const mail = await PostalMime.parse(received[0]?.raw ?? '', { attachmentEncoding: 'utf8' });
    const header = (key: string) => mail.headers.find((each) => each.key === key)?.value;
    expect(mail).toMatchObject({
      messageId: `<${id}@daybook.test>`,
      from: { address: 'no-reply@daybook.test' },
      to: [{ address: to }],
      replyTo: [{ name: 'Praxis Müller', address: 'praxis@example.net' }],
      subject: 'Ihr Termin · আপনার অ্যাপয়েন্টমেন্ট, '.repeat(4).trim(),
    });
    expect(lines(mail.text ?? '').trimEnd()).toBe('Guten Tag\n.\n.. and dots; 09:00 (Asia/Dhaka)');
    expect(mail.html?.trim()).toBe('<p>Guten Tag, <b>আপনি</b></p>');
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(header('list-unsubscribe')).toBe('<https://daybook.test/unsubscribe/abc>');
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    // RFC 6047, 2.4: the method stands in the Content-Type, too.
    const parts = mail.attachments.map(({ mimeType, method, content }) => ({
      mimeType,
      method,
      content: lines(content),
    }));
    expect(parts).toContainEqual({ mimeType: 'text/calendar', method: 'REQUEST', content: lines(ics) });
    expect(received[0]?.raw).toMatch(/content-type: multipart\/alternative/i);
    expect(row).toMatchObject({ content: null, receipt: `<${id}@daybook.test>`, failure: null });
  });

  it('[MS12] goes by TLS from the first byte where the server has it so', async () => {
    const { again, received } = await sent(someone(), {}, submitting(servers.implicit, { SMTP_TLS: 'implicit' }));
    expect(again).toBeNull();
    expect(received).toMatchObject([{ user: 'daybook', encrypted: true }]);
  });

  it('[MS11] keeps what a person wrote inside the header that it belongs to', async () => {
    const to = someone();
    const { received } = await sent(to, {
      subject: 'Hello\r\nBcc: victim@example.org\r\n\r\nspam',
      headers: { 'Reply-To': 'a@example.org\r\nX-Evil: yes' },
    });
    const mail = await PostalMime.parse(received[0]?.raw ?? '');
    const names = mail.headers.map(({ key }) => key);
    expect(names).toContain('reply-to');
    expect(names.filter((name) => ['bcc', 'x-evil'].includes(name))).toEqual([]);
    expect(mail.text?.trim()).toBe('Hello');
  });

  it('[MS2] sent again after a crash, shows by its Message-ID that it is the same', async () => {
    const to = someone();
    const { id, content } = await said({ to });
    await consumeMessage(submitting(servers.proper), { id }, Date.now());
    // The server took it, but nobody lived to record that.
    const before = 'update messages set due_at_ms = 0, sent_at_ms = null, content = ? where id = ?';
    await env.DB.prepare(before).bind(content, id).run();
    await consumeMessage(submitting(servers.proper), { id }, Date.now());
    const ids = (await delivered(to)).map(({ raw }) => /^Message-ID: (.*)$/m.exec(raw)?.[1]?.trim());
    expect(ids).toEqual([`<${id}@daybook.test>`, `<${id}@daybook.test>`]);
  });
});

describe('an SMTP server that will not', () => {
  it('[MS9] refuses a recipient or a message for good: it is not asked again', async () => {
    const nobody = await sent(someone('550'));
    expect([nobody.again, nobody.row?.failure, nobody.row?.attempts]).toEqual([null, 'recipient_refused', 1]);
    const spam = await sent(someone('554data'));
    expect([spam.again, spam.row?.failure, spam.row?.attempts]).toEqual([null, 'message_refused', 1]);
    expect(spam.row).toMatchObject({ due_at_ms: null, failed_at_ms: expect.any(Number) });
  });

  it('[MS4] [MS9] refuses for now: it gets the same mail later, once', async () => {
    const to = someone('451x2');
    const { id, again, received } = await sent(to);
    expect([again, received]).toEqual([expect.any(Number), []]);
    const nowMs = Date.now();
    expect(await consumeMessage(submitting(servers.proper), { id }, nowMs + 60_000)).toBeGreaterThanOrEqual(20);
    expect(await consumeMessage(submitting(servers.proper), { id }, nowMs + 120_000)).toBeNull();
    expect(await delivered(to)).toHaveLength(1);
  });

  it('[MS9] [MS12] lets in nobody with a wrong password: the mail waits for the operator', async () => {
    const { again, row, received } = await sent(
      someone(),
      {},
      submitting(servers.proper, { SMTP_PASSWORD: 'sesame close' }),
    );
    expect([again, row?.failure, received]).toEqual([expect.any(Number), 'credentials_refused', []]);
  });

  it.each([
    ['offers no TLS', { port: servers.plain }],
    ['shows a certificate of an authority that nobody knows', { port: servers.stranger }],
    ['shows a certificate for another name', { port: servers.proper, SMTP_HOST: '127.0.0.1' }],
    ['has no TLS where it should begin with it', { port: servers.plain, SMTP_TLS: 'implicit' }],
  ])('[MS12] %s: it gets neither password nor mail', async (_, { port, ...settings }) => {
    const passwords = async () => (await fetch(`${servers.box}/passwords/${port}`)).json();
    const before = await passwords();
    await leavingBehind(/^internal error/, async () => {
      const { again, row, received } = await sent(someone(), {}, submitting(port, settings));
      expect([again, received]).toEqual([expect.any(Number), []]);
      expect(['no_tls', 'provider_unreachable']).toContain(row?.failure);
    });
    expect(await passwords()).toEqual(before);
  });

  it('[MS9] is not there at all', async () => {
    const { again, row } = await sent(someone(), {}, submitting(1));
    expect([again, row?.failure]).toEqual([expect.any(Number), 'provider_unreachable']);
  });
});
