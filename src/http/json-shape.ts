/** What is wrong with a JSON text before anybody looks at what it says. */
export interface ShapeFault {
  /** The member that is there twice; empty for the text as a whole. */
  readonly path: string;
  readonly message: string;
}

/**
 * Looks for what a JSON parser would take and a server should not: nesting deeper than a limit, more values than a
 * limit, and the same member twice in one object, of which readers choose differently (RFC 8259 section 4). Reads the
 * text once, without building anything of it. `null` when there is none of that; a text that is no JSON is for the
 * parser to refuse.
 *
 * @param maxDepth objects and arrays within one another
 * @param maxValues members and elements together
 */
export const shapeFault = (text: string, maxDepth: number, maxValues: number): ShapeFault | null => {
  /** The open objects, with the names in them so far, and arrays, which have none. */
  const open: (Set<string> | null)[] = [];
  let values = 0;
  let mayBeName = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '{':
      case '[':
        open.push(text[at] === '{' ? new Set() : null);
        if (open.length > maxDepth) return { path: '', message: `is nested deeper than ${maxDepth}` };
        mayBeName = text[at] === '{';
        values += 1;
        break;
      case '}':
      case ']':
        open.pop();
        mayBeName = false;
        break;
      case ',':
        mayBeName = open.at(-1) instanceof Set;
        values += 1;
        break;
      case '"': {
        const end = endOfString(text, at);
        const names = open.at(-1);
        if (mayBeName && names) {
          const name = nameOf(text.slice(at, end + 1));
          if (names.has(name)) return { path: name.slice(0, 100), message: 'is there twice' };
          names.add(name);
        }
        mayBeName = false;
        at = end;
        break;
      }
    }
    if (values > maxValues) return { path: '', message: `holds more than ${maxValues} values` };
  }
  return null;
};

/** Where a string that begins at a quotation mark ends; the end of the text if it does not. */
const endOfString = (text: string, from: number): number => {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
};

/** Two spellings of one name (`"a"` and `"\u0061"`) are one name. */
const nameOf = (literal: string): string => {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
};
