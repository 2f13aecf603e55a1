import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { commandLine } from '../src/cli/options.ts';

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
/** These are tools of others, or are run by npm, or read their command line by themselves: files are listed there. */
const others = [
  'test',
  'test:batteries',
  'test:e2e',
  'lighthouse',
  'format',
  'types',
  'db:generate',
  'prepare',
  'simulate',
  'verify-audit',
];
const ours = Object.entries(scripts).filter(([name]) => !others.includes(name));

afterEach(() => vi.restoreAllMocks());

/** What a command line came to, without ending the process of the tests. */
const come = (...args: string[]) => {
  const said: string[] = [];
  const listen = (line: unknown): void => {
    said.push(String(line));
  };
  vi.spyOn(console, 'log').mockImplementation(listen);
  vi.spyOn(console, 'error').mockImplementation(listen);
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const command = {
    name: 'npm run thing',
    does: 'Does a thing.',
    options: {
      remote: { says: 'there' },
      url: { takes: 'URL', says: 'where' },
      var: { takes: 'NAME:VALUE', says: 'what', repeats: true as const },
    },
  };
  try {
    return { asked: commandLine(command, args), said: '' };
  } catch (error) {
    return { asked: null, said: `${(error as Error).message}: ${said.join('\n')}` };
  }
};

test.each(ours)('npm run %s reads its command line before it does anything', (name, script) => {
  const file = script.replace(/^node /, '');
  const statements = readFileSync(join(root, file), 'utf8')
    .split(/^import [\s\S]*?;$/m)
    .at(-1);
  const called = name === 'start' ? 'npm start' : `npm run ${name}`;
  expect(statements?.trim()).toMatch(new RegExp(`^(const asked = )?commandLine\\(\\{\\s*name: '${called}'`));
});

test('--help says what there is, and ends', () => {
  const { said } = come('--remote', '--help');
  expect(said).toMatch(/^exit 0: Does a thing\./);
  for (const part of ['npm run thing -- [options]', '--remote', '--url URL', '--var NAME:VALUE'])
    expect(said).toContain(part);
});

test('what a command does not know is refused by its name', () => {
  expect(come('--remot').said).toMatch(/^exit 1: .*There is no --remot\./);
  expect(come('--remote=yes').said).toContain('--remote takes nothing behind it');
  expect(come('--url').said).toContain('--url takes URL');
  expect(come('--url', '--remote').said).toContain('--url takes URL');
  expect(come('--url', 'a', '--url', 'b').said).toContain('--url is there twice');
  expect(come('there').said).toContain('“there” says nothing here');
});

test('what it knows is read', () => {
  const { asked } = come('--remote', '--url=http://a', '--var', 'A:1', '--var', 'B:-2');
  expect(asked?.has('remote')).toBe(true);
  expect(asked?.text('url')).toBe('http://a');
  expect(asked?.all('var')).toEqual(['A:1', 'B:-2']);
  expect(come().asked?.has('remote')).toBe(false);
});
