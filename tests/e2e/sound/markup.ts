import type { Page } from 'playwright-core';

/** Runs in the page. */
const look = (language: string): string[] => {
  const found: string[] = [];
  const say = (what: string, element: Element): void => {
    found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  };
  const { lang } = document.documentElement;
  if (lang !== language) found.push(`its language is “${lang}”, and was to be ${language}`);
  const headings = [...document.querySelectorAll('h1')].filter((one) => one.checkVisibility());
  if (headings.length !== 1) found.push(`it has ${headings.length} first headings`);
  if (document.title.trim() === '') found.push('it has no title');
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) say('an inline handler', element);
      if (/^\s*javascript:/i.test(value)) say('a javascript: address', element);
    }
  }
  const watched = (window as unknown as { __watched?: { focused: boolean } }).__watched;
  const isLost = document.activeElement === null || document.activeElement === document.body;
  if (watched?.focused === true && isLost) found.push('the focus was lost');
  return found;
};

/** What no page of ours may have, and what each must. */
export const markupProblems = (page: Page, language: string): Promise<string[]> => page.evaluate(look, language);
