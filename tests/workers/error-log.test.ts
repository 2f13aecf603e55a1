import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { send } from '../support/api.ts';

afterEach(() => vi.restoreAllMocks());

test('[DD38] an error is logged by its name and place, without the parameters of the query that failed', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  vi.spyOn(env.DB, 'prepare').mockImplementation(() => {
    throw new Error('D1_ERROR: the database is out of reach');
  });
  const reply = await send('POST', '/auth/login', {
    body: { email: 'amina@example.com', password: 'Correct-Horse-7' },
  });
  expect(reply.status).toBe(503);
  expect(reply.headers.get('retry-after')).toBe('2');
  expect(await reply.text()).not.toContain('amina');
  const lines = JSON.stringify(logged.mock.calls);
  expect(lines).toContain('request_failed');
  expect(lines).not.toMatch(/amina|Correct-Horse/);
});
