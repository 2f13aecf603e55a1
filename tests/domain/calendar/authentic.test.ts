import { describe, expect, test } from 'vitest';
import { isAuthentic } from '../../../src/features/calendar-replies/sender.ts';

const from = 'nadia@example.com';
const by = (...values: string[]) =>
  isAuthentic(
    values.map((value) => ({ key: 'authentication-results', value })),
    from,
  );
const pass = 'mx.cloudflare.net; dkim=pass header.d=example.com; dmarc=pass header.from=example.com policy.dmarc=none';

describe('where a mail comes from', () => {
  test('[CA15] is believed when Cloudflare says so on top, for the very domain', () => {
    expect(by(pass)).toBe(true);
    expect(by(pass, 'mx.evil.example; dmarc=fail header.from=example.com')).toBe(true);
    expect(by('mx.cloudflare.net; dmarc=pass (p=none dis=none) header.from=example.com; spf=none')).toBe(true);
    expect(isAuthentic([{ key: 'authentication-results', value: pass }], 'nadia@EXAMPLE.com')).toBe(true);
  });

  test.each([
    ['without any result', []],
    ['by another server', [pass.replace('mx.cloudflare.net', 'mx.evil.example')]],
    ['by a server of a similar name', [pass.replace('mx.cloudflare.net', 'mx.cloudflare.net.evil.example')]],
    ['below the real result', ['mx.cloudflare.net; dmarc=fail header.from=example.com', pass]],
    ['below another server’s', ['mx.evil.example; dmarc=none', pass]],
    ['for another domain', [pass.replace('header.from=example.com', 'header.from=evil.example')]],
    ['for a domain above', [pass.replace('header.from=example.com', 'header.from=mail.example.com')]],
    [
      'by DKIM and SPF alone',
      ['mx.cloudflare.net; dkim=pass header.d=example.com; spf=pass smtp.mailfrom=example.com'],
    ],
    ['twice, once failed', [`${pass}; dmarc=fail header.from=example.com`]],
    ['in a quoted text', ['mx.cloudflare.net; spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.com"']],
    ['in a comment', ['mx.cloudflare.net; spf=none (x; dmarc=pass header.from=example.com); dkim=none']],
    ['in a comment within a comment', ['mx.cloudflare.net; a=b ((x); dmarc=pass header.from=example.com )']],
    [
      'behind an escaped quote',
      ['mx.cloudflare.net; spf=pass smtp.mailfrom="x\\"; dmarc=pass header.from=example.com"'],
    ],
    ['as a word that only begins so', ['mx.cloudflare.net; dmarc=passed header.from=example.com']],
    ['without a domain', ['mx.cloudflare.net; dmarc=pass']],
  ])('[CA15] is not believed %s', (_, values) => {
    expect(by(...values)).toBe(false);
  });
});
