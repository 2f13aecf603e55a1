import type { Page } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import { layoutProblems } from './layout.ts';
import { markupProblems } from './markup.ts';
import { policyProblems } from './policy.ts';
import { validityProblems } from './validity.ts';
import type { ServedDocument, Watch } from './watch.ts';
import { weightProblems } from './weight.ts';

/** How much is looked at: everything; what a width changes; that and what a theme changes. */
export type Depth = 'whole' | 'layout' | 'colours';

/** A page and what has been heard of it. */
interface Checkable {
  readonly page: Page;
  readonly watch: Watch;
  readonly look: { readonly javaScript: boolean; readonly language: string };
}

/** Waits until what moves for a moment, such as a change of colours, has come to rest. */
const still = async (page: Page): Promise<void> => {
  const moving = () =>
    document.getAnimations().filter(({ playState, effect }) => {
      const { endTime = 0 } = effect?.getComputedTiming() ?? {};
      return playState === 'running' && Number.isFinite(endTime);
    }).length;
  while ((await page.evaluate(moving)) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** What was served is looked at once, however often the page is. */
const checkedDocuments = new WeakSet<ServedDocument>();

/** Everything that is wrong with a page as it stands, in sentences. */
export const problemsOf = async ({ page, watch, look }: Checkable, depth: Depth): Promise<string[]> => {
  await page.waitForLoadState('load');
  await still(page);
  const document = await watch.document;
  const found = [await layoutProblems(page)];
  if (depth !== 'layout') found.push(await accessibilityProblems(page, look.javaScript, depth === 'colours'));
  if (depth === 'whole') found.push(await markupProblems(page, look.language));
  if (document === null) found.push(['no document was served']);
  else if (!checkedDocuments.has(document)) {
    checkedDocuments.add(document);
    found.push(await validityProblems(document.body), policyProblems(document.headers), await weightProblems(page));
  }
  // Last, so that whatever the checks above have brought to light is heard, too.
  return [...found.flat(), ...watch.heard()];
};

/** Fails when problems were found, each of which may have been found in more than one state. */
export const requireNone = (name: string, url: string, found: readonly string[]): void => {
  const list = [...new Set(found)].map((one) => `\n  - ${one.replaceAll('\n', '\n    ')}`);
  if (list.length > 0) throw new Error(`“${name}” (${url}) is not sound:${list.join('')}`);
};
