import { refusal } from '../domain/refusal.ts';
import { RefusalException } from '../http/problem.ts';

/** What a form of ours sent. On a page that was only opened there is nothing in it. */
export interface Form {
  /** What stands in a field, trimmed; empty when it is not there. */
  text(name: string): string;
  /** What stands in a field as it was typed: of passwords, whose blanks count. */
  exact(name: string): string;
  /** What stands in a field, or nothing at all when it was left empty. */
  given(name: string): string | undefined;
  /** Every value of a name: of boxes that were ticked, or of rows. */
  all(name: string): string[];
  /** Whether a box is ticked. */
  has(name: string): boolean;
  /** The file that was chosen, or `null`. */
  file(name: string): File | null;
  /** Every field that is text, to show a form again as it was. */
  readonly values: Readonly<Record<string, string>>;
}

/** More fields than any form of ours has. */
const maxFields = 1_000;

/** Reads the fields of a form. Refuses with `too_many_items`. */
export const formOf = (data: Iterable<[string, unknown]>): Form => {
  const fields = new Map<string, unknown[]>();
  let count = 0;
  for (const [name, value] of data) {
    count += 1;
    if (count > maxFields) throw new RefusalException(refusal('too_many_items'));
    const same = fields.get(name);
    if (same === undefined) fields.set(name, [value]);
    else same.push(value);
  }
  const all = (name: string): string[] =>
    (fields.get(name) ?? []).flatMap((value) =>
      typeof value === 'string' ? [value.replaceAll('\r\n', '\n').trim()] : [],
    );
  const text = (name: string): string => all(name)[0] ?? '';
  return {
    text,
    exact: (name) => {
      const value = fields.get(name)?.[0];
      return typeof value === 'string' ? value : '';
    },
    given: (name) => text(name) || undefined,
    all,
    has: (name) => fields.has(name),
    file: (name) => {
      const value = fields.get(name)?.[0];
      return value instanceof File && value.size > 0 ? value : null;
    },
    values: Object.fromEntries([...fields.keys()].map((name) => [name, text(name)])),
  };
};

/** The form of a page that was only opened. */
export const noForm = formOf([]);
