// `npm run lighthouse`: what Lighthouse says of four pages, as on a phone of the middle class and a slow network.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import lighthouse from 'lighthouse';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Cast, cast, pages, pathOf } from './pages.ts';
import { launching } from './support/browser.ts';

const atLeast = 95;
/** A busy machine makes a page look slow, and nothing makes a slow page look quick. */
const tries = 3;
const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
type Scores = Record<(typeof categories)[number], number>;

/** What is looked at. A page that only one person may see is not to be listed by search engines, and says so. */
const looked = [
  { name: 'home', skipAudits: [] as string[] },
  { name: 'doctor', skipAudits: [] },
  { name: 'booking', skipAudits: ['is-crawlable'] },
  { name: 'dashboard', skipAudits: ['is-crawlable'] },
];

let people: Cast;
let browser: Browser;
let port: number;
const table: Record<string, Scores> = {};

beforeAll(async () => {
  people = await cast();
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  port = (probe.address() as AddressInfo).port;
  await new Promise((resolve) => probe.close(resolve));
  const { args = [], ...how } = launching();
  browser = await chromium.launch({ ...how, args: [...args, `--remote-debugging-port=${port}`] });
});
afterAll(async () => {
  await browser.close();
  console.table(table);
});

/** What Lighthouse says of a page for one who has these cookies, and what it would have otherwise. */
const scoresOf = async (url: string, cookies: Readonly<Record<string, string>>, skipAudits: string[]) => {
  const cookie = Object.entries(cookies).map((pair) => pair.join('='));
  const result = await lighthouse(url, {
    ...{ port, output: 'json', logLevel: 'error', onlyCategories: [...categories], skipAudits },
    extraHeaders: cookie.length === 0 ? {} : { Cookie: cookie.join('; ') },
  });
  if (result === undefined) throw new Error('Lighthouse says nothing');
  const { lhr } = result;
  const scores = Object.fromEntries(
    categories.map((name) => [name, Math.round((lhr.categories[name]?.score ?? 0) * 100)]),
  ) as Scores;
  const wrong = categories
    .filter((name) => scores[name] < atLeast)
    .flatMap((name) => lhr.categories[name]?.auditRefs ?? [])
    .filter(({ id, weight }) => weight > 0 && (lhr.audits[id]?.score ?? 1) < 1)
    .map(({ id }) => `${id}: ${lhr.audits[id]?.title} ${lhr.audits[id]?.displayValue ?? ''}`);
  return { scores, wrong };
};

test.each(looked)('$name has at least 95 of everything', { timeout: 180_000 }, async ({ name, skipAudits }) => {
  const row = pages.find((one) => one.name === name);
  if (row === undefined) throw new Error(`there is no page ${name}`);
  const url = inject('url') + (await pathOf(row, people));
  const cookies = row.as === 'nobody' ? {} : people[row.as].cookies;
  let wrong: readonly string[] = ['not looked at'];
  for (let i = 0; i < tries && wrong.length > 0; i += 1) {
    const found = await scoresOf(url, cookies, skipAudits);
    wrong = found.wrong;
    table[name] = found.scores;
  }
  expect(wrong).toEqual([]);
});
