import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app.ts';
import { call } from '../support/api.ts';
import { production } from '../support/edge.ts';
import { patient } from '../support/people.ts';

const doctorId = 'u_AAAAAAAAAAAAAAAA';

afterEach(() => vi.restoreAllMocks());

const settings = (environment: string) => ({ ...env, ...production, ENVIRONMENT: environment });

const logged = async (environment: string, path: string, headers: HeadersInit = {}): Promise<string[]> => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const request = new Request(`http://daybook.test${path}`, { headers });
  await app.fetch(request, settings(environment), createExecutionContext());
  return log.mock.calls.map((parts) => parts.join(' '));
};

describe('the log', () => {
  it('[OA10] has one readable line for a request in development', async () => {
    const lines = await logged('development', `/api/v1/doctors/${doctorId}?q=secret`);
    expect(lines).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d GET \/api\/v1\/doctors\/:id 404 \d+ ms$/)]);
  });

  it('[OA10] has one JSON line in production, with the role and without id, address or token', async () => {
    const { id, token, email } = await patient();
    const lines = await logged('production', `/api/v1/doctors/${doctorId}/schedule`, {
      authorization: `Bearer ${token}`,
    });
    expect(lines).toHaveLength(1);
    const [line = ''] = lines;
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      stream: 'requests',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      method: 'GET',
      route: '/api/v1/doctors/:id/schedule',
      status: 403,
      code: 'forbidden',
      durationMs: expect.any(Number),
      role: 'patient',
    });
    for (const secret of [id, token, email, doctorId]) expect(line).not.toContain(secret);
  });

  it('[OA10] does not repeat an address that is none', async () => {
    const [line] = await logged('production', '/api/v1/patients/jane@example.com');
    expect(line).toContain('(no such route)');
    expect(line).not.toContain('jane');
  });

  it('[OA10] is silent in tests', async () => {
    const log = vi.spyOn(console, 'log');
    await call('/doctors');
    expect(log).not.toHaveBeenCalled();
  });
});
