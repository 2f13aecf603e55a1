import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const script = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const whole: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  // WCAG 2.2's size of targets (2.5.8) is the one rule of these that axe does not apply unless asked to.
  rules: { 'target-size': { enabled: true } },
};
const colours: RunOptions = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } };

/** Where scripts are switched off, no timer rings: what axe leaves for later is done at once instead. */
const withoutTimers = (): void => {
  window.setTimeout = ((what: () => void, ms = 0) => {
    if (ms < 100) void Promise.resolve().then(what);
    return 0;
  }) as typeof window.setTimeout;
};

/** What axe finds: WCAG 2.2 A and AA, and what it calls best practice. */
export const accessibilityProblems = async (
  page: Page,
  javaScript: boolean,
  onlyColours = false,
): Promise<string[]> => {
  if (!javaScript) await page.evaluate(withoutTimers);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(script);
  const options: RunOptions = { ...(onlyColours ? colours : whole), resultTypes: ['violations'], preload: false };
  const { violations } = await page.evaluate(
    (how) => (window as unknown as { axe: { run(how: RunOptions): Promise<AxeResults> } }).axe.run(how),
    options,
  );
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 5).map(({ html, failureSummary = '' }) => {
      const why = failureSummary.split('\n').slice(1).join(' ').trim();
      return `\n${html.slice(0, 200)}\n  ${why}`;
    });
    return `axe, ${id}: ${help} (${nodes.length})${where.join('')}`;
  });
};
