import { describe, expect, it } from 'vitest';
import { app } from '../../../src/app.ts';
import { officeRoutes } from '../../../src/web/office/routes.ts';
import { ownPath } from '../../../src/web/own-path.ts';
import { isPathName } from '../../../src/web/path-name.ts';
import { practiceRoutes } from '../../../src/web/practice/routes.ts';
import { webRoutes } from '../../../src/web/routes.ts';
import { client } from '../../support/api.ts';
import { patient } from '../../support/people.ts';
import { web } from '../../support/web.ts';

describe('what stands in a path', () => {
  it('[WB2] is one name: it leads to no other route of the API, whatever decodes it', async () => {
    const browser = web();
    await browser.signsIn(await patient());
    const token = browser.jar.get('daybook-access') ?? '';
    const cross = { 'sec-fetch-site': 'cross-site' };
    const paid = 'paid?order=a&payment=b&signature=c';
    for (const id of ['..%2Fauth%2Flogout%23', '..%2f..%2fv1%2Fauth%2flogout%3F', '%2e%2e%2Fauth%2Flogout%23'])
      expect([id, (await browser.opens(`/appointments/${id}/${paid}`, cross)).status]).toEqual([id, 404]);
    for (const id of ['..%2Fclinics', '%2e%2e%2Fspecializations%3Flimit=5', '%252e%252e', 'a%23b', 'a%3Fb'])
      expect([id, (await browser.opens(`/doctors/${id}`)).status]).toEqual([id, 404]);
    const forged = '/records/entries/..%2F..%2F..%2Fauth%2Flogout%3F/withdraw';
    expect((await browser.opens(forged)).status).toBe(404);
    expect((await browser.sends(forged, {})).status).toBe(404);
    expect((await client(token).auth.me.$get()).status).toBe(200);
  });

  it.each(['u_AZaz09-_', '2026-11-22', 's_x.y', 'a:b@c~d'])('[WB2] %s is a name', (text) => {
    expect(isPathName(text)).toBe(true);
  });

  it.each(['', '.', '..', 'a/b', 'a?b', 'a#b', 'a%2fb', 'a\\b', 'a b', 'a\nb'])('[WB2] "%s" is none', (text) => {
    expect(isPathName(text)).toBe(false);
  });
});

describe('where somebody is sent', () => {
  it.each([
    ...['/.//evil.example/x', '/a/..//evil.example/x', '/%2e//evil.example/x', '/%252e/..//evil.example'],
    ...['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', '/\t/evil.example'],
  ])('[WB3] not to %s', (to) => {
    expect(ownPath(to)).toBe('/');
  });

  it.each(['/', '/appointments/a_x?done=saved#top', '/doctors/u_x?from=2026-11-22'])('[WB3] but to %s', (to) => {
    expect(ownPath(to)).toBe(to);
  });
});

it('[HI2] a form of more fields than any has is refused, at once', async () => {
  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`f${i}`, '']));
  expect((await web().sends('/forgotten', many)).status).toBe(422);
  const same = new URLSearchParams(Array.from({ length: 16_000 }, () => ['a', '']));
  const answer = await web().ask('/forgotten', {
    ...{ method: 'POST', body: same.toString() },
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
  });
  expect(answer.status).toBe(422);
});

it('[WB1] the pages of a doctor, and those of the office, are for nobody else, whatever their address names', async () => {
  const browser = web();
  expect((await browser.opens('/requests/a_x/decline')).headers.get('location')).toBe(
    '/login?to=%2Frequests%2Fa_x%2Fdecline',
  );
  await browser.signsIn(await patient());
  const pages = [...practiceRoutes.routes, ...officeRoutes.routes].map(({ method, path }) => ({
    method,
    path: path.replaceAll(/:\w+/g, 'x_AAAAAAAAAAAAAAAA'),
  }));
  expect(pages.length).toBeGreaterThan(60);
  for (const { method, path } of pages) {
    const answer = await (method === 'POST' ? browser.sends(path, {}) : browser.opens(path));
    expect([method, path, answer.status]).toEqual([method, path, 403]);
  }
});

describe('a form that no page of ours has sent', () => {
  const changes = webRoutes(app).routes.filter(({ method, path }) => method === 'POST' && !path.endsWith('/paid'));
  const paths = [...new Set(changes.map(({ path }) => path.replaceAll(/:\w+(\{[^}]*\})?/g, 'en')))];

  it('[WB2] comes to nothing on every page, whoever is signed in', async () => {
    const [visitor, member] = [web(), web()];
    await member.signsIn(await patient());
    expect(paths.length).toBeGreaterThan(80);
    const strange: Record<string, string> = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (const path of paths) {
      for (const headers of [strange, { ...strange, 'sec-fetch-site': 'same-site' }, { ...strange, origin: 'null' }]) {
        expect([path, (await visitor.sends(path, {}, headers)).status]).toEqual([path, 403]);
      }
      expect([path, (await member.sends(path, { csrf: '' })).status]).toEqual([path, 403]);
    }
    expect([visitor.jar.size, member.jar.has('daybook-access')]).toEqual([0, true]);
  });

  it('[WB2] makes no account, and shows no form with what it brought', async () => {
    const browser = web();
    const fields = { email: `${crypto.randomUUID()}@example.com`, password: 'Correct-Horse-7', fullName: 'Mallory' };
    const answer = await browser.sends('/register', fields, { origin: 'https://evil.example' });
    expect([answer.status, (await answer.text()).includes('Mallory')]).toEqual([403, false]);
    expect((await browser.signsIn(fields)).status).toBe(401);
    expect((await browser.sends('/register', { ...fields, csrf: 'a\r\nx', key: 'b\nc' })).status).toBe(303);
  });
});

describe('a form with a file', () => {
  const form = (parts: number, bytes: number): FormData => {
    const data = new FormData();
    for (let i = 1; i < parts; i += 1) data.append(`f${i}`, '');
    data.append('file', new File([new Uint8Array(bytes)], 'scan.pdf', { type: 'application/pdf' }));
    return data;
  };
  const sends = (browser: ReturnType<typeof web>, data: FormData) => {
    data.append('csrf', browser.jar.get('daybook-csrf') ?? '');
    const headers = { origin: 'http://daybook.test', 'sec-fetch-site': 'same-origin' };
    return browser.ask('/records/documents', { method: 'POST', body: data, headers });
  };

  it('[HI2] of somebody without a session is read no further than any other form', async () => {
    expect((await sends(web(), form(1, 2_000_000))).status).toBe(413);
    const forged = web();
    forged.jar.set('daybook-csrf', 's_AAAAAAAAAAAAAAAA.AAAA');
    expect((await sends(forged, form(1, 2_000_000))).status).toBe(413);
  });

  it('[HI2] has no more parts than any has, and is as long as the longest file at most', async () => {
    const browser = web();
    await browser.signsIn(await patient());
    expect((await sends(browser, form(40, 1))).status).toBe(422);
    expect((await sends(browser, form(1, 22 * 1024 * 1024))).status).toBe(413);
    // Zeros are no document: it was read, and looked into.
    expect((await sends(browser, form(4, 2_000_000))).status).toBe(415);
  });
});
