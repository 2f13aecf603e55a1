import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';

/** What a page may bring at most, compressed, in bytes. */
const limits = { scripts: 20 * 1024, styles: 15 * 1024 } as const;

const known = new Map<string, Promise<number>>();

const compressed = (bytes: Uint8Array | string): number => gzipSync(bytes, { level: 9 }).length;

const bytesOf = (url: string): Promise<number> => {
  const found =
    known.get(url) ?? fetch(url).then(async (answer) => compressed(new Uint8Array(await answer.arrayBuffer())));
  known.set(url, found);
  return found;
};

/** Runs in the page: the scripts and styles that it has, by address or by text. */
const parts = () => {
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  const inline = (selector: string): string[] => [...document.querySelectorAll(selector)].map((one) => one.textContent);
  const addresses = (selector: string, attribute: 'src' | 'href'): string[] =>
    [...document.querySelectorAll(selector)].map(
      (one) => new URL(one.getAttribute(attribute) ?? '', location.href).href,
    );
  return {
    scripts: [...new Set([...addresses('script[src]', 'src'), ...loaded.filter((url) => /\.js(\?|$)/.test(url))])],
    styles: [
      ...new Set([...addresses('link[rel=stylesheet]', 'href'), ...loaded.filter((url) => /\.css(\?|$)/.test(url))]),
    ],
    inlineScripts: inline('script:not([src]):not([type="application/ld+json"])'),
    inlineStyles: inline('style'),
  };
};

/** Whether a page brings more scripts or styles than pages may. */
export const weightProblems = async (page: Page): Promise<string[]> => {
  const { scripts, styles, inlineScripts, inlineStyles } = await page.evaluate(parts);
  const sum = async (urls: readonly string[], texts: readonly string[]): Promise<number> => {
    const all = [...(await Promise.all(urls.map(bytesOf))), ...texts.map(compressed)];
    return all.reduce((total, one) => total + one, 0);
  };
  const total = { scripts: await sum(scripts, inlineScripts), styles: await sum(styles, inlineStyles) };
  return (['scripts', 'styles'] as const)
    .filter((kind) => total[kind] > limits[kind])
    .map((kind) => `its ${kind} are ${total[kind]} bytes compressed, and may be ${limits[kind]}`);
};
