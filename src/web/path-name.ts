/**
 * Whether a text can stand in a path as one name: an id, a date, a word. `..` could lead out of the path, and `/`, `?`, `#`
 * and `%` into another one, whatever decodes it.
 */
export const isPathName = (text: string): boolean => /^[\w.:@~-]+$/.test(text) && !/^\.{1,2}$/.test(text);
