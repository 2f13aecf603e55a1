import type { TestProject } from 'vitest/node';
import { launched } from './browser.ts';
import { served } from './served.ts';

/** Starts what all stories share: one server, one browser. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const [server, browser] = await Promise.all([served(), launched()]);
  project.provide('url', server.url);
  project.provide('backstageUrl', server.backstageUrl);
  project.provide('browserUrl', browser.wsEndpoint());
  return async () => {
    await browser.close();
    await server.end();
  };
};
