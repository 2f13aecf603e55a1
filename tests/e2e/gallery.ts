// `npm run gallery`: pictures of every page, at three widths, in both themes and languages, and a page that shows them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../../src/cli/options.ts';
import { fail, say } from '../../src/cli/terminal.ts';

const asked = commandLine({
  name: 'npm run gallery',
  does: 'Takes pictures of every page into gallery/, with an index.html that shows them.',
  options: { readme: { says: 'also writes those that the README shows, into docs/pictures' } },
});

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'gallery');
const shownInReadme = join(root, 'docs', 'pictures');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const walk = spawn(process.execPath, [vitest, 'run', '--project', 'e2e', 'tests/e2e/pages'], {
  cwd: root,
  env: { ...process.env, GALLERY: folder, ...(asked.has('readme') ? { README_PICTURES: shownInReadme } : {}) },
  stdio: 'inherit',
});
const [code] = (await once(walk, 'exit')) as [number];

/** What a picture shows, by its file's name. */
const picture = /^(?<name>.+)-(?<width>\d+)-(?<theme>light|dark)-(?<language>en|bn)\.png$/;
const taken = readdirSync(folder).flatMap((file) => {
  const { name = '', width = '', theme = '', language = '' } = picture.exec(file)?.groups ?? {};
  return name === '' ? [] : [{ file, name, width: Number(width), theme, language }];
});
const section = (name: string): string => {
  const figures = taken
    .filter((one) => one.name === name)
    .sort(
      (a, b) =>
        a.language.localeCompare(b.language) * -4 + a.theme.localeCompare(b.theme) * -2 + (a.width - b.width) / 1000,
    )
    .map(
      ({ file, width, theme, language }) =>
        `<figure><a href="${file}"><img src="${file}" width="${Math.round(width / 3)}" loading="lazy" alt="${name}, ${width} px, ${theme}, ${language}"></a><figcaption>${width} px, ${theme}, ${language}</figcaption></figure>`,
    );
  return `<section id="${name}"><h2>${name.replaceAll('-', ' ')}</h2><div>${figures.join('')}</div></section>`;
};
const names = [...new Set(taken.map(({ name }) => name))];
const style = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem;background:#f1f5f9;color:#0f172a}
nav{columns:14rem}nav a{display:block}section div{display:flex;flex-wrap:wrap;gap:1rem;align-items:start}
figure{margin:0}img{border:1px solid #cbd5e1;border-radius:.25rem}figcaption{font-size:.8rem;color:#475569}`;
const links = names.map((name) => `<a href="#${name}">${name.replaceAll('-', ' ')}</a>`).join('');
writeFileSync(
  join(folder, 'index.html'),
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Daybook in pictures</title><style>${style}</style></head>
<body><h1>Daybook in pictures</h1><nav>${links}</nav>${names.map(section).join('\n')}</body></html>\n`,
);
say(`${taken.length} pictures of ${names.length} pages: gallery/index.html`);
if (code !== 0) fail('Not every page is sound; what is wrong stands above.');
