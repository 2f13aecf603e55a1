import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');
const assets = join(root, '.assets');
/** Written last: where it is, everything is. */
const headers = join(assets, '_headers');

const packaged = (...path: string[]): string => join(root, 'node_modules', ...path);
const noto = (font: string): string => packaged('@expo-google-fonts', font);

/** Where each file comes from, and where among the assets it goes. */
const sources: readonly (readonly [from: string, to: string])[] = [
  ...['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png', 'LICENSE'].map(
    (file) => [packaged('swagger-ui-dist', file), join('reference', file)] as const,
  ),
  ...['reference.js', 'reference.css'].map(
    (file) => [join(root, 'src', 'http', 'reference', file), join('reference', file)] as const,
  ),
  // What PDFs are set in (src/pdf). The Worker reads them; nobody else is given them.
  ...(['NotoSans', 'NotoSansBengali'] as const).flatMap((font) => {
    const from = noto(font === 'NotoSans' ? 'noto-sans' : 'noto-sans-bengali');
    return [
      [join(from, '400Regular', `${font}_400Regular.ttf`), join('fonts', `${font}-Regular.ttf`)] as const,
      [join(from, '700Bold', `${font}_700Bold.ttf`), join('fonts', `${font}-Bold.ttf`)] as const,
      [join(from, 'LICENSE_FONT'), join('fonts', `${font}-LICENSE`)] as const,
    ];
  }),
];

/** Lays the assets ready: the files of pages and of the API reference, and the fonts of PDFs. None needs a network. */
export const prepareAssets = (): void => {
  rmSync(headers, { force: true });
  for (const folder of ['reference', 'fonts', 'web']) {
    rmSync(join(assets, folder), { recursive: true, force: true });
    mkdirSync(join(assets, folder), { recursive: true });
  }
  for (const [from, to] of sources) copyFileSync(from, join(assets, to));
  prepareWeb();
  // The Worker puts every other header on these answers too. Pages name the deployment with each of their files.
  const caching = (path: string, how: string): string => `${path}\n  Cache-Control: public, ${how}\n`;
  writeFileSync(
    headers,
    ['reference', 'fonts'].map((folder) => caching(`/${folder}/*`, 'max-age=3600')).join('') +
      caching('/web/*', 'max-age=31536000, immutable'),
  );
};

/** Builds what browsers get with the pages (src/web): one style sheet, and a small script for each island. */
export const prepareWeb = (): void => {
  const web = join(root, 'src', 'web');
  const scripts = readdirSync(join(web, 'islands')).filter((file) => file.endsWith('.ts'));
  buildSync({
    entryPoints: [
      { in: join(web, 'style', 'index.css'), out: 'style' },
      ...scripts.map((file) => ({ in: join(web, 'islands', file), out: file.slice(0, -'.ts'.length) })),
    ],
    ...{ outdir: join(assets, 'web'), bundle: true, minify: true, format: 'esm', target: 'es2022' },
  });
  copyFileSync(join(web, 'icon.svg'), join(assets, 'web', 'icon.svg'));
};

/** Prepares what an install without scripts (`npm install --ignore-scripts`) has left out. */
export const ensureAssets = (): void => {
  if (![headers, ...sources.map(([, to]) => join(assets, to))].every((file) => existsSync(file))) prepareAssets();
  else prepareWeb();
};
