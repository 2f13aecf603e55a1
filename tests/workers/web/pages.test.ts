import { env } from 'cloudflare:workers';
import { expect, it, vi } from 'vitest';
import { edge, production } from '../../support/edge.ts';
import { patient } from '../../support/people.ts';
import { textOf, web } from '../../support/web.ts';

const linksOf = (page: string): string[] => [...page.matchAll(/ href="(\/[^"#]*)/g)].map(([, path = '']) => path);

it('[OA12] the address itself is the page to find a doctor, and leads on; each of its links leads somewhere', async () => {
  const browser = web();
  const home = await browser.opens('/');
  const page = await home.text();
  expect([home.status, home.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  const links = linksOf(page);
  expect(links).toEqual(expect.arrayContaining(['/api/v1/docs', '/dev/mailbox', '/login?to=%2F']));
  for (const path of new Set(links)) expect([path, (await browser.ask(path)).status < 400]).toEqual([path, true]);
});

it('[OA12] in production it names no mailbox, and shows no components', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const { ask } = edge(production);
  expect(await (await ask('/')).text()).not.toContain('mailbox');
  expect((await ask('/dev/components')).status).toBe(404);
});

it('[WB5] every page has a policy with a nonce of its own, which its scripts and styles carry, and no inline handler', async () => {
  const browser = web();
  const nonces = new Set<string>();
  for (const path of ['/', '/login', '/dev/components', '/no-such-page']) {
    const answer = await browser.opens(path);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([^']+)';/.exec(policy)?.[1] ?? '';
    expect([path, nonce.length > 20, nonces.has(nonce), policy.includes('unsafe')]).toEqual([path, true, false, false]);
    nonces.add(nonce);
    const page = await answer.text();
    const loaded = [...page.matchAll(/<(?:script|link rel="stylesheet")[^>]*>/g)].map(([tag]) => tag);
    expect(loaded.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
    expect(page).not.toMatch(/<[^>]+\s(?:on\w+|style)=/);
    expect(page.replaceAll(/<link rel="canonical"[^>]*>/g, '')).not.toMatch(/(?:src|href|action)="https?:/);
  }
});

it('[WB4] a refusal is a page for who opened one, in their language, and problem+json for programs', async () => {
  const browser = web();
  const page = await browser.opens('/doctors/nobody', { 'accept-language': 'bn' });
  expect([page.status, await textOf(page)]).toEqual([404, expect.stringContaining('এমন কোনো পাতা নেই')]);
  const unknown = await browser.opens('/nowhere');
  expect([unknown.status, await textOf(unknown)]).toEqual([404, expect.stringContaining('There is no such page')]);
  const program = await browser.ask('/nowhere');
  expect([program.status, program.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  const api = await browser.opens('/api/v1/doctors/nobody');
  expect([api.status, api.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
});

it('[WB3] who has to sign in is led there and back, and to no other site', async () => {
  const browser = web();
  const person = await patient();
  const led = await browser.opens('/account?x=1');
  expect([led.status, led.headers.get('location')]).toEqual([303, '/login?to=%2Faccount%3Fx%3D1']);
  expect((await browser.signsIn(person, '/account?x=1')).headers.get('location')).toBe('/account?x=1');
  for (const elsewhere of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/\t/evil',
  ])
    expect((await browser.signsIn(person, elsewhere)).headers.get('location')).toBe('/');
  for (const elsewhere of ['https://evil.example', '//evil.example', '/\\evil.example'])
    expect((await browser.opens(`/language/bn?to=${encodeURIComponent(elsewhere)}`)).headers.get('location')).toBe('/');
});

it('[WB7] what is said of the change before is one of the known sentences', async () => {
  const browser = web();
  expect(await textOf(await browser.opens('/?done=saved'))).toContain('Saved.');
  const forged = await (await browser.opens('/?done=You+have+won%3Cb%3E')).text();
  expect(forged).not.toContain('You have won<b>');
  expect(await textOf(await browser.opens('/?done=constructor'))).not.toContain('function');
});

it('[WB25] a doctor who registers says their fee in the currency that they name', async () => {
  const browser = web();
  const email = `${crypto.randomUUID()}@example.com`;
  const doctor = {
    ...{
      fullName: 'Dr Yuki Mori',
      email,
      password: 'Correct-Horse-7',
      licenseNumber: crypto.randomUUID().toUpperCase(),
    },
    ...{ specialization: 'Cardiology', timeZone: 'Asia/Tokyo', experienceYears: '3', currency: 'jpy', languages: 'en' },
  };
  const half = await browser.sends('/register/doctor', { ...doctor, fee: '3000.5' });
  expect([half.status, (await half.text()).includes('value="3000.5"')]).toEqual([400, true]);
  expect((await browser.sends('/register/doctor', { ...doctor, fee: '3000' })).status).toBe(303);
  const of = 'select fee_minor as fee, currency from doctors where license_number = ?';
  expect(await env.DB.prepare(of).bind(doctor.licenseNumber).first()).toEqual({ fee: 3_000, currency: 'JPY' });
});
