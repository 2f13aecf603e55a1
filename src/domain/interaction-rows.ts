import { type InteractionSeverity, interactionSeverities } from './interactions.ts';
import { normalisedName } from './patient-profile.ts';

/** A line of a file of interactions, read: two names in the order in which they are stored. */
export interface InteractionRow {
  readonly a: string;
  readonly b: string;
  readonly severity: InteractionSeverity;
  readonly text: string;
  readonly source: string | null;
}

/** The columns of a file, by the names in its first line. */
export type Columns = Readonly<Record<'a' | 'b' | 'severity' | 'text', number>> & { readonly source: number | null };

const maxName = 120;
const maxText = 1_000;
const maxSource = 300;

/**
 * The fields of one line of a CSV file (RFC 4180); `null` when its quotes are wrong. A field does not go over lines: what
 * is said of a fault can then name its line.
 */
export const fieldsOf = (line: string): string[] | null => {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      const closing = closingQuote(line, at + 1);
      if (closing < 0) return null;
      fields.push(line.slice(at + 1, closing).replaceAll('""', '"'));
      at = closing + 1;
      if (at < line.length && line[at] !== ',') return null;
    } else {
      const comma = line.indexOf(',', at);
      const field = line.slice(at, comma < 0 ? line.length : comma);
      if (field.includes('"')) return null;
      fields.push(field);
      at += field.length;
    }
    if (at >= line.length) return fields;
    at += 1;
  }
};

const closingQuote = (line: string, from: number): number => {
  for (let at = from; at < line.length; at += 1) {
    if (line[at] !== '"') continue;
    if (line[at + 1] !== '"') return at;
    at += 1;
  }
  return -1;
};

/** Reads the first line: which column is which. A text says what is wrong with it. */
export const columnsOf = (header: string): Columns | string => {
  const names = fieldsOf(header.replace(/^\ufeff/, ''))?.map((name) => name.trim().toLowerCase()) ?? [];
  const known = ['a', 'b', 'severity', 'text', 'source'];
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) return `there is no column “${strange}”; they are a, b, severity, text and source`;
  if (new Set(names).size < names.length) return 'a column is there twice';
  const missing = known.slice(0, 4).find((name) => !names.includes(name));
  if (missing !== undefined) return `the column “${missing}” is missing; they are a, b, severity, text and source`;
  const [a = 0, b = 0, severity = 0, text = 0, source = -1] = known.map((name) => names.indexOf(name));
  return { a, b, severity, text, source: source < 0 ? null : source };
};

/** Reads a line. A text says what is wrong with it. */
export const rowOf = (line: string, columns: Columns): InteractionRow | string => {
  const fields = fieldsOf(line);
  if (fields === null) return 'its quotes are wrong';
  const wanted = columns.source === null ? 4 : 5;
  if (fields.length !== wanted) return `it has ${fields.length} fields instead of ${wanted}`;
  const field = (at: number): string => (fields[at] ?? '').trim();
  const [x, y] = [normalisedName(field(columns.a)), normalisedName(field(columns.b))];
  if (x === '' || y === '') return 'a name is missing';
  if (x.length > maxName || y.length > maxName) return `a name is longer than ${maxName} characters`;
  const said = field(columns.severity).toLowerCase();
  const severity = interactionSeverities.find((one) => one === said);
  if (severity === undefined) return `the severity is none of ${interactionSeverities.join(', ')}`;
  const text = field(columns.text);
  if (text === '') return 'the text is missing';
  if (text.length > maxText) return `the text is longer than ${maxText} characters`;
  const source = columns.source === null ? '' : field(columns.source);
  if (source.length > maxSource) return `the source is longer than ${maxSource} characters`;
  const [a, b] = x <= y ? [x, y] : [y, x];
  return { a, b, severity, text, source: source === '' ? null : source };
};
