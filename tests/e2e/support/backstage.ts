import { inject } from 'vitest';
import './provided.ts';

type Row = Readonly<Record<string, unknown>>;

const ask = async (path: string, body: string): Promise<unknown> => {
  const response = await fetch(inject('backstageUrl') + path, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
};

/** Runs SQL statements on the database in one batch, and gives the rows of each. */
export const sql = (...statements: string[]): Promise<Row[][]> =>
  ask('/sql', JSON.stringify(statements)) as Promise<Row[][]>;
