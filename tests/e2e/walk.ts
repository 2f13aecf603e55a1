import { expect, test } from 'vitest';
import { cast, pages, pathOf } from './pages.ts';
import { type languages, visits } from './support/visits.ts';

/** Walks every page there is in one language: two files, one for each, share the two processes. */
export const walk = (language: (typeof languages)[number]): void => {
  test.each(pages)(`[WB9] [WB10] $name is sound at every width and in both themes, in ${language}`, async (row) => {
    const people = await cast();
    const visitor = await visits({ language, as: row.as === 'nobody' ? null : people[row.as] });
    expect(await visitor.opens(await pathOf(row, people))).toBe(row.status ?? 200);
    await row.does?.(visitor);
    await visitor.looksSoundEverywhere(row.name);
  });
};
