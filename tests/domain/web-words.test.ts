import { describe, expect, it } from 'vitest';

declare global {
  interface ImportMeta {
    /** Vite imports what the pattern names. */
    glob(pattern: string, options: { eager: true }): Record<string, Record<string, unknown>>;
  }
}

const modules = import.meta.glob('../../src/web/**/words.ts', { eager: true });

/** The sentences of an area in both languages, wherever its module keeps them. */
const areas = Object.entries(modules).flatMap(([file, exported]) =>
  Object.entries(exported).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && 'en' in value && 'bn' in value
      ? [{ name: `${file.replace(/^.*src\/web\//, '')} ${name}`, en: value.en, bn: value.bn }]
      : [],
  ),
);

/** Every sentence below a value, by its path. Of those that take something, what they say of a one. */
const sentencesOf = (value: unknown, path = ''): [path: string, sentence: string][] => {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    try {
      const said: unknown = value(1, 1, 1, 1);
      return typeof said === 'string' ? [[path, said]] : [];
    } catch {
      return [];
    }
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => sentencesOf(inner, path === '' ? key : `${path}.${key}`));
};

/** Names of languages, formats, units and programs are the same in both. */
const same = /^(Daybook|English|PDF|JPEG|PNG|CSV|SMS|UTC|JSON|mmHg)$/;

describe('the words of pages', () => {
  it('are many, and found', () => {
    expect(areas.length).toBeGreaterThan(8);
    expect(areas.flatMap(({ en }) => sentencesOf(en)).length).toBeGreaterThan(800);
  });

  it.each(areas)('[WB11] $name: what is said in English is said in Bengali', ({ en, bn }) => {
    const bengali = new Map(sentencesOf(bn));
    const english = sentencesOf(en).filter(([, sentence]) => /[a-z]{3}/i.test(sentence));
    expect(english.filter(([path]) => !bengali.has(path)).map(([path]) => path)).toEqual([]);
    const untranslated = english.filter(([path, sentence]) => bengali.get(path) === sentence && !same.test(sentence));
    expect(untranslated).toEqual([]);
  });

  it.each(areas)('[WB11] $name: Bengali is written with Bengali letters', ({ bn }) => {
    const latin = sentencesOf(bn).filter(
      ([, sentence]) => /[a-z]{3}/i.test(sentence) && !/[\u0980-\u09ff]/.test(sentence) && !same.test(sentence),
    );
    expect(latin).toEqual([]);
  });
});
