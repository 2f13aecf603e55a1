import type { SQL } from 'drizzle-orm';

/** Rows that are read at once: a list of any length is written with as little memory as this needs. */
export const pageRows = 200;

type Shown = Readonly<Record<string, unknown>>;
export type Pages = () => AsyncGenerator<Shown[], void>;

/**
 * Reads a list page by page.
 *
 * @param read a page after a row, in an order in which each row has its one place
 */
export const pages = <Row>(
  read: (after: Row | null) => Promise<Row[]>,
  show: (row: Row) => Shown | Promise<Shown>,
): Pages =>
  async function* () {
    for (let after: Row | null = null; ; ) {
      const rows: Row[] = await read(after);
      if (rows.length > 0) yield await Promise.all(rows.map(show));
      if (rows.length < pageRows) return;
      after = rows.at(-1) ?? null;
    }
  };

/** Reads a list that is short by nature. */
export const few = <Row>(read: () => Promise<Row[]>, show: (row: Row) => Shown | Promise<Shown>): Pages =>
  async function* () {
    const rows = await read();
    if (rows.length > 0) yield await Promise.all(rows.map(show));
  };

/** An instant, RFC 3339. */
export const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** The condition that a page begins after a row; none for the first page. */
export const after = <Row>(row: Row | null, where: (row: Row) => SQL): SQL | undefined =>
  row === null ? undefined : where(row);
