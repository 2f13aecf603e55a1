import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import worker from '../../src/worker.ts';

/** What Cloudflare puts on top of a mail that it takes in for an Email Worker. */
export const stamped = (domain: string, dmarc = 'pass'): string =>
  [
    'Authentication-Results: mx.cloudflare.net;',
    `\tdkim=pass header.d=${domain} header.s=20251104 header.b=L6CZ3OJ0;`,
    `\tdmarc=${dmarc} header.from=${domain} policy.dmarc=none;`,
    `\tspf=none (mx.cloudflare.net: no SPF records found for postmaster@mail.${domain}) smtp.helo=mail.${domain};`,
    `\tspf=pass (mx.cloudflare.net: domain of x@${domain} designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@${domain}`,
  ].join('\r\n');

/** An answer as programs write it, from the invitation that it is to. */
export interface Answering {
  readonly from: string;
  /** The whole From, where it is not a name and the address. */
  readonly fromHeader?: string;
  readonly to: string;
  readonly ics: string;
  /** The headers on top. */
  readonly top?: string;
  /** As a part of the mail, as Google and Apple do; or as a mail of nothing else, as Outlook does. */
  readonly alone?: boolean;
}

/** The mail of an answer. */
export const mailOf = ({ from, fromHeader, to, ics, top, alone = false }: Answering): string => {
  const head = [
    ...(top === '' ? [] : [top ?? stamped(from.slice(from.lastIndexOf('@') + 1))]),
    `From: ${fromHeader ?? `"Nadia Islam" <${from}>`}`,
    `To: Daybook <${to}>`,
    'Subject: =?utf-8?q?Declined=3A_Appointment?=',
    'Date: Sat, 21 Nov 2026 10:00:00 +0000',
    `Message-ID: <${crypto.randomUUID()}@mail.example.com>`,
    'MIME-Version: 1.0',
  ];
  const part = ['Content-Type: text/calendar; charset="utf-8"; method=REPLY', 'Content-Transfer-Encoding: base64', ''];
  const bytes = [...new TextEncoder().encode(ics)].map((byte) => String.fromCharCode(byte));
  const encoded = btoa(bytes.join('')).replaceAll(/.{76}/g, '$&\r\n');
  if (alone) return [...head, ...part, encoded].join('\r\n');
  return [
    ...head,
    'Content-Type: multipart/alternative; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain; charset="utf-8"',
    '',
    'Nadia Islam has declined this invitation.',
    '--b1',
    ...part,
    encoded,
    '--b1--',
    '',
  ].join('\r\n');
};

/** What became of a mail: what its sender was told, and what was logged. */
export interface Received {
  readonly rejected: string | null;
  readonly logged: string;
}

/** Hands a mail to the Worker, as Email Routing does. */
export const receives = async (to: string, raw: string, settings: object = {}): Promise<Received> => {
  const bytes = new TextEncoder().encode(raw);
  const lines: string[] = [];
  const log = vi.spyOn(console, 'error').mockImplementation((...parts) => void lines.push(parts.join(' ')));
  let rejected: string | null = null;
  const message = {
    from: 'envelope@mail.example.com',
    to,
    raw: new Response(bytes).body,
    rawSize: bytes.length,
    headers: new Headers(),
    setReject: (reason: string) => {
      rejected = reason;
    },
  } as unknown as ForwardableEmailMessage;
  await worker.email(message, { ...env, ...settings } as Env);
  log.mockRestore();
  return { rejected, logged: lines.join('\n') };
};
