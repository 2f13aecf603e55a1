import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../src/domain/public-address.ts';
import { retryAfterMs } from '../../src/domain/retry-after.ts';

describe('addresses that somebody gave us', () => {
  test.each([
    'https://hooks.example.org/daybook?clinic=7',
    'https://calendar.google.com/calendar/ical/x/basic.ics',
    'https://hooks.example.org:443/',
    'https://bücher.example/',
    'https://localhost.example.org/',
    'https://svc.example.org/',
    'https://mynip.io/',
    'https://feeds-2026-11-21.example.org/',
    'https://v1.2.3.example.org/',
  ])('[WH3] %s may be asked', (address) => expect(isPublicAddress(address)).toBe(true));

  test.each([
    'http://hooks.example.org/',
    'ftp://hooks.example.org/',
    'file:///etc/passwd',
    'https://hooks.example.org:8443/',
    'https://user:secret@hooks.example.org/',
    'https://user@hooks.example.org/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://api.localhost/',
    'https://router.local/',
    'https://metadata.google.internal/',
    'https://printer.home.arpa/',
    'https://localhost.localdomain/',
    'https://api.default.svc/',
    'https://api.default.svc.cluster.local/',
    'https://router.lan/',
    'https://127.0.0.1.nip.io/',
    'https://7f000001.nip.io/',
    'https://--1.sslip.io/',
    'https://app.10-0-0-8.example.org/',
    'https://app-192-168-1-1.example.org/',
    'https://169.254.169.254.example.org/',
    'https://lvh.me/',
    'https://intranet/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://①②⑦.0.0.1/',
    'https://10.0.0.8/',
    'https://169.254.169.254/latest/meta-data/',
    'https://192.168.1.1/',
    'https://93.184.215.14/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fd00::1]/',
    'https://[2606:4700::1111]/',
    'https://.',
    'https://',
    'hooks.example.org',
    '//hooks.example.org/',
    '',
  ])('[WH3] %s is never asked by a deployment', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 10, 21, 9, 0, 0);
  test.each([
    ['120', 120_000],
    [' 7 ', 7_000],
    ['0', 0],
    ['Sat, 21 Nov 2026 09:01:30 GMT', 90_000],
    ['Saturday, 21-Nov-26 09:00:10 GMT', 10_000],
    ['Sat, 21 Nov 2026 08:00:00 GMT', 0],
    ['-5', 0],
    ['2026', 2_026_000],
    ['soon', 0],
    ['', 0],
    [null, 0],
  ])('[WH8] %j asks for %d ms', (value, ms) => expect(retryAfterMs(value, nowMs)).toBe(ms));
});
