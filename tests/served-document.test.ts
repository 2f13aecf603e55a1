import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unstable_startWorker } from 'wrangler';
import { secrets } from '../src/cli/secrets.ts';

const timeoutMs = 60_000;

/** The linter needs Node, so this one test asks the Worker from outside. */
describe('the OpenAPI document, as it is served', () => {
  let worker: Awaited<ReturnType<typeof unstable_startWorker>>;

  beforeAll(async () => {
    const text = (value: string) => ({ type: 'plain_text' as const, value });
    const bindings = Object.fromEntries(Object.entries(secrets).map(([name, make]) => [name, text(make())]));
    worker = await unstable_startWorker({
      config: 'wrangler.toml',
      envFiles: [],
      bindings: { ...bindings, ENVIRONMENT: text('test') },
      dev: { logLevel: 'none', server: { port: 0 }, inspector: false, watch: false, persist: false },
    });
    await worker.ready;
  }, timeoutMs);

  afterAll(() => worker?.dispose(), timeoutMs);

  it('[OA5] is valid and has no finding under the recommended rules of Redocly', { timeout: timeoutMs }, async () => {
    const response = await worker.fetch('http://daybook.test/api/v1/openapi.json');
    const source = await response.text();
    const config = await createConfig({ extends: ['recommended'] });
    const findings = await lintFromString({ source, absoluteRef: 'openapi.json', config });
    // The rules reckon with no WebSocket, whose upgrade succeeds with 101.
    const upgrade = '#/paths/~1api~1v1~1doctors~1{id}~1slots~1live/get/responses';
    expect(findings.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([
      `operation-2xx-response: Operation must have at least one \`2XX\` response. ${upgrade}`,
    ]);
  });
});
