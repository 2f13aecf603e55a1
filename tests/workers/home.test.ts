import { expect, it, vi } from 'vitest';
import { call } from '../support/api.ts';
import { edge, production } from '../support/edge.ts';

it('[OA12] the address itself answers with a page that leads to the reference and the mailbox', async () => {
  const response = await call('//');
  const page = await response.text();
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  for (const [, path = ''] of page.matchAll(/<a href="([^"]+)"/g)) expect((await call(`/${path}`)).status).toBe(200);
  expect([...page.matchAll(/<a href="([^"]+)"/g)].map(([, path]) => path)).toEqual([
    '/api/v1/docs',
    '/api/v1/openapi.json',
    '/dev/mailbox',
    '/health/ready',
  ]);
  expect(page).not.toMatch(/\son\w+=|\sstyle=|https?:/);
});

it('[OA12] in production it names no mailbox', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const page = await (await edge(production).ask('/')).text();
  expect(page).toContain('href="/api/v1/docs"');
  expect(page).not.toContain('mailbox');
});
