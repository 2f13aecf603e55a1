/**
 * Rows as CSV (RFC 4180): every field in quotes, quotes doubled, CRLF after each line. A text that a spreadsheet would
 * take for a formula gets an apostrophe in front (OWASP, CSV Injection): quoting alone does not stop one.
 */
export const csvOf = (header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string =>
  [header, ...rows].map((fields) => `${fields.map(field).join(',')}\r\n`).join('');

const field = (value: string | number | null): string => {
  if (typeof value === 'number') return `"${value}"`;
  const text = value ?? '';
  const tame = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return `"${tame.replaceAll('"', '""')}"`;
};
