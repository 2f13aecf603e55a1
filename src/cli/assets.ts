import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const assets = join(root, '.assets');
const to = join(assets, 'reference');
/** Written last: where it is, everything is. */
const headers = join(assets, '_headers');

const sources: readonly (readonly [from: string, files: readonly string[]])[] = [
  [
    join(root, 'node_modules', 'swagger-ui-dist'),
    ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png', 'LICENSE'],
  ],
  [join(root, 'src', 'http', 'reference'), ['reference.js', 'reference.css']],
];

/** Copies the files of the API reference page into the assets directory, so that it works without a network. */
export const prepareAssets = (): void => {
  rmSync(headers, { force: true });
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const [from, files] of sources) for (const file of files) copyFileSync(join(from, file), join(to, file));
  // The Worker puts every other header on these answers too.
  writeFileSync(headers, '/*\n  Cache-Control: public, max-age=3600\n');
};

/** Prepares what an install without scripts (`npm install --ignore-scripts`) has left out. */
export const ensureAssets = (): void => {
  if (!existsSync(headers)) prepareAssets();
};
