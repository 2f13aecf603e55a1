import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** What the README shows: as much of each page as its window does, in a format that keeps them small. */
const shownInReadme = ['home-1280-light-en', 'doctor-360-light-en', 'week-1280-dark-en', 'dashboard-1280-light-en'];

/** Saves the whole page as `<name>-<width>-<theme>-<language>.png` into the folder that GALLERY names. */
export const picture = async (
  page: Page,
  name: string,
  { width, theme, language }: { readonly width: number; readonly theme: string; readonly language: string },
): Promise<void> => {
  const folder = process.env.GALLERY;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const file = `${slug(name)}-${width}-${theme}-${language}`;
  await page.screenshot({ path: join(folder, `${file}.png`), fullPage: true });
  const pictures = process.env.README_PICTURES;
  if (pictures === undefined || !shownInReadme.includes(file)) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${file}.jpg`), type: 'jpeg', quality: 80 });
};

/** Saves what a story saw when it failed; gives the file. */
export const pictureOfFailure = async (page: Page, name: string): Promise<string> => {
  const folder = join(import.meta.dirname, '..', '..', '..', 'gallery', 'failed');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${slug(name).slice(0, 100)}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
};
