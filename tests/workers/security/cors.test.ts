import { afterEach, describe, expect, it, vi } from 'vitest';
import { edge } from '../../support/edge.ts';

afterEach(() => vi.restoreAllMocks());

const ours = 'https://app.example';
const listed = edge({ CORS_ORIGINS: `${ours}, https://desk.example:8443` });
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
});
const granted = (answer: Response): string[] =>
  [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('other origins', () => {
  it('[ED3] may call from a page that the settings list, with credentials', async () => {
    const asked = await listed.ask('/api/v1/doctors', preflight(ours));
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(ours);
    expect(asked.headers.get('access-control-allow-credentials')).toBe('true');
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(asked.headers.get('vary')).toContain('Origin');
    const answer = await listed.ask('/api/v1/doctors', { headers: { origin: 'https://desk.example:8443' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://desk.example:8443');
    expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after');
  });

  it('[ED3] may read a refusal as well, so that a page can say what is wrong', async () => {
    const answer = await listed.ask('/api/v1/appointments', { headers: { origin: ours } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, ours]);
  });

  it.each([
    'https://evil.example',
    'http://app.example',
    'https://app.example:444',
    'https://app.example.evil.example',
    'https://evil-app.example',
    'https://sub.app.example',
    'https://APP.example',
    'https://app.example/',
    'null',
    'file://',
    '',
    `${ours}, https://evil.example`,
  ])('[ED3] are granted nothing when they are %j', async (origin) => {
    for (const answer of [
      await listed.ask('/api/v1/doctors', preflight(origin)),
      await listed.ask('/api/v1/doctors', { headers: { origin } }),
    ]) {
      expect(granted(answer)).toEqual([]);
      expect(answer.headers.get('vary')).toContain('Origin');
    }
  });

  it('[ED3] are granted nothing where none are listed', async () => {
    for (const origin of [ours, 'null', '*']) {
      expect(granted(await edge().ask('/api/v1/doctors', preflight(origin)))).toEqual([]);
      expect(granted(await edge().ask('/api/v1/doctors', { headers: { origin } }))).toEqual([]);
    }
  });

  it.each([
    '*',
    'null',
    'https://app.example/',
    'https://app.example/path',
    'app.example',
    'https://*.example',
    'ftp://a.example',
  ])('[ED3] cannot be listed as %j', async (origin) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    expect((await edge({ CORS_ORIGINS: origin }).ask('/health')).status).toBe(500);
    expect(JSON.stringify(logged.mock.calls)).toContain('CORS_ORIGINS');
  });
});
