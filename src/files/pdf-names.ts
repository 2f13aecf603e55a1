/**
 * What a PDF must not hold, by the names without which it cannot be said (ISO 32000-2): code that runs, programs that are
 * started, files and media inside the file, forms that send what is typed, other files that are opened, and encryption,
 * behind which anything could be.
 */
const refusedNames: ReadonlyMap<string, string> = new Map([
  ['JavaScript', 'holds JavaScript'],
  ['Rendition', 'holds media that may run code'],
  ['RichMedia', 'holds rich media'],
  ['Launch', 'starts programs'],
  ['EmbeddedFile', 'holds other files'],
  ['EmbeddedFiles', 'holds other files'],
  ['FileAttachment', 'holds other files'],
  ['XFA', 'holds an XFA form'],
  ['SubmitForm', 'sends what is typed'],
  ['ImportData', 'reads other files'],
  ['GoToE', 'opens other files'],
  ['GoToR', 'opens other files'],
  ['Encrypt', 'is encrypted, so that it cannot be looked into'],
]);
/** So short that compressed data holds them by chance. They do no harm but beside one of the names above. */
const shortNames: ReadonlyMap<string, string> = new Map([
  ['JS', 'holds JavaScript'],
  ['AA', 'acts by itself'],
]);

/** What stands between tokens (ISO 32000-2 table 1). */
export const space = '\\x00\\t\\n\\f\\r ';

/** One thing in a PDF that matters here. */
export type Token =
  | { readonly type: 'name'; readonly name: string; readonly at: number; readonly end: number }
  | { readonly type: 'object' | 'stream' | 'endstream'; readonly at: number; readonly end: number };

const pattern = new RegExp(
  `/([^${space}()<>\\[\\]{}/%]{0,128})|\\d[${space}]+obj(?![A-Za-z])|(?<!end)stream|endstream`,
  'g',
);
/** More than any token takes, but for white space that nobody needs. */
export const longestToken = 200;

/** The tokens of a text that begin before a place in it. */
export const tokensOf = (text: string, limit: number): Token[] => {
  pattern.lastIndex = 0;
  const found: Token[] = [];
  for (let match = pattern.exec(text); match !== null && match.index < limit; match = pattern.exec(text)) {
    const [whole, name] = match;
    const place = { at: match.index, end: pattern.lastIndex };
    if (name !== undefined) found.push({ type: 'name', name: unescaped(name), ...place });
    else found.push({ type: whole === 'stream' || whole === 'endstream' ? whole : 'object', ...place });
  }
  return found;
};

/** A name as it is meant: any of its characters may be written as `#` and two digits. */
const unescaped = (name: string): string =>
  name.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

/**
 * Why a PDF that holds a name is not taken; `null` when the name is harmless.
 *
 * @param following what comes after it
 */
export const nameFault = (name: string, following: string, inStream: boolean): string | null => {
  const fault = refusedNames.get(name) ?? (inStream ? undefined : shortNames.get(name));
  if (fault !== undefined) return fault;
  if (name !== 'OpenAction') return null;
  // A place to open at is no action; whatever an action may be, it is not looked for.
  return new RegExp(`^[${space}]*\\[`).test(following) ? null : 'acts when it is opened';
};
