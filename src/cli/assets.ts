import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** Copies the files of the API reference page and the fonts of PDFs into the assets, so that both need no network. */
export const prepareAssets = (): void => {
  rmSync(headers, { force: true });
  for (const folder of ['reference', 'fonts']) {
    rmSync(join(assets, folder), { recursive: true, force: true });
    mkdirSync(join(assets, folder), { recursive: true });
  }
  for (const [from, to] of sources) copyFileSync(from, join(assets, to));
  // The Worker puts every other header on these answers too.
  writeFileSync(headers, '/*\n  Cache-Control: public, max-age=3600\n');
};

/** Prepares what an install without scripts (`npm install --ignore-scripts`) has left out. */
export const ensureAssets = (): void => {
  if (![headers, ...sources.map(([, to]) => join(assets, to))].every((file) => existsSync(file))) prepareAssets();
};
