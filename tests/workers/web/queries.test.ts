import { beforeAll, expect, it } from 'vitest';
import { app } from '../../../src/app.ts';
import { webRoutes } from '../../../src/web/routes.ts';
import { assemble, type Cast } from '../../support/cast.ts';
import { countedD1 } from '../../support/counted-d1.ts';
import { here } from '../../support/edge.ts';
import { web } from '../../support/web.ts';

/** How often a page may ask D1 at most; statements of one batch are one question. */
const most = 12;

let cast: Cast;
beforeAll(async () => {
  cast = await assemble();
});

/** Every page whose path needs no id. */
const paths = [
  ...new Set(
    webRoutes(app)
      .routes.filter(({ method, path }) => method === 'GET' && !/[:*]/.test(path))
      .map(({ path }) => path),
  ),
].sort();

it('[WB8] no page asks D1 more than a dozen times', { timeout: 120_000 }, async () => {
  expect(paths.length).toBeGreaterThan(40);
  const { id } = await cast.appointment('confirmed');
  const ofOne = ['', '/cancel', '/reschedule', '/reason', '/documents'].map((part) => `/appointments/${id}${part}`);
  const ofRole = (isAdmin: boolean) => [...paths, ...ofOne].filter((one) => one.startsWith('/admin') === isAdmin);
  const tooMany: string[] = [];
  let highest = 0;
  for (const who of ['patient', 'ownDoctor', 'admin'] as const) {
    const { db, asks } = countedD1();
    const browser = web(here({ DB: db }));
    browser.jar.set('daybook-access', cast.members[who].token);
    for (const path of ofRole(who === 'admin')) {
      asks.length = 0;
      const { status } = await browser.opens(path);
      if (status >= 500) tooMany.push(`${who} ${path} answers ${status}`);
      highest = Math.max(highest, asks.length);
      if (asks.length > most) tooMany.push(`${who} ${path} asks ${asks.length}`);
    }
  }
  expect(tooMany).toEqual([]);
  // Who counts nothing finds nothing wrong.
  expect(highest).toBeGreaterThan(3);
});
