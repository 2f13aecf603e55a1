import type { Page } from 'playwright-core';

/** Runs in the page. */
const look = (): string[] => {
  const found: string[] = [];
  const root = document.documentElement;
  const name = (element: Element): string => {
    const text = element.textContent?.trim().replaceAll(/\s+/g, ' ').slice(0, 40);
    return `<${element.localName}${element.className ? ` class="${element.getAttribute('class')}"` : ''}> “${text}”`;
  };
  const styles = (element: Element): CSSStyleDeclaration => getComputedStyle(element);
  /** Texts for screen readers alone are clipped on purpose, down to a pixel. */
  const isHidden = (element: Element): boolean => {
    for (let one: Element | null = element; one !== null; one = one.parentElement) {
      const { width, height } = one.getBoundingClientRect();
      const { position, visibility } = styles(one);
      if (visibility === 'hidden' || (position === 'absolute' && width <= 1 && height <= 1)) return true;
    }
    return false;
  };
  const scrolls = (element: Element): boolean => {
    for (let one = element.parentElement; one !== null && one !== document.body; one = one.parentElement)
      if (/auto|scroll|hidden|clip/.test(styles(one).overflowX)) return true;
    return false;
  };
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.body.querySelectorAll('*')]
      .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 0.5 && !scrolls(one))
      .slice(-3);
    found.push(`it is ${root.scrollWidth} px wide in ${root.clientWidth}: ${wide.map(name).join(', ')}`);
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (!(element instanceof HTMLElement) || element.clientWidth === 0 || isHidden(element)) continue;
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim() !== '');
    if (!hasText) continue;
    const { overflowX, overflowY, textOverflow, display } = styles(element);
    const isControl = /^(button|a|summary|label|th|td)$/.test(element.localName) && display !== 'inline';
    const isTooWide = element.scrollWidth > element.clientWidth + 1;
    const isTooHigh = element.scrollHeight > element.clientHeight + 1;
    if (isTooWide && textOverflow !== 'ellipsis' && (isControl || /hidden|clip/.test(overflowX)))
      found.push(`its text does not fit across: ${name(element)}`);
    if (isTooHigh && /hidden|clip/.test(overflowY)) found.push(`its text does not fit down: ${name(element)}`);
  }
  return found;
};

/** What is wider than the window, or cut off. */
export const layoutProblems = (page: Page): Promise<string[]> => page.evaluate(look);
