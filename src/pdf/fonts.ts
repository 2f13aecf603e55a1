import { type Face, openFace } from './harfbuzz.ts';

/** The fonts of one weight, tried in this order for each character. */
export type Family = readonly Face[];

/** What documents are set in. */
export interface Fonts {
  readonly regular: Family;
  readonly bold: Family;
}

/** The files, as `npm run prepare` lays them into the assets. */
const files = {
  regular: ['NotoSans-Regular', 'NotoSansBengali-Regular'],
  bold: ['NotoSans-Bold', 'NotoSansBengali-Bold'],
} as const;

let opened: Promise<Fonts> | undefined;

const load = async (assets: Fetcher, name: string): Promise<Face> => {
  // The binding goes by the path only.
  const file = await assets.fetch(`https://assets.invalid/fonts/${name}.ttf`);
  if (!file.ok) throw new Error(`The font ${name} is not among the assets: run npm install.`);
  return openFace(name, new Uint8Array(await file.arrayBuffer()));
};

const loadAll = async (assets: Fetcher): Promise<Fonts> => {
  const family = (names: readonly string[]): Promise<Face[]> => Promise.all(names.map((name) => load(assets, name)));
  const [regular, bold] = await Promise.all([family(files.regular), family(files.bold)]);
  return { regular, bold };
};

/** The fonts, read once per isolate; a failed reading is tried again by the next who asks. */
export const fontsOf = (assets: Fetcher): Promise<Fonts> => {
  opened ??= loadAll(assets).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
};
