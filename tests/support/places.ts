import { env } from 'cloudflare:workers';

let count = 0;

/** The name of a specialization that nobody has. */
export const newName = (): string => {
  count += 1;
  return `Hydrology ${count} ${crypto.randomUUID().slice(0, 8)}`;
};

const made = async (table: string, columns: Readonly<Record<string, string | number>>): Promise<string> => {
  const id = `${table.slice(0, 1)}_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const names = Object.keys(columns);
  await env.DB.prepare(
    `insert into ${table} (id, created_at_ms, ${names.join()}) values (?, 0, ${names.map(() => '?').join()})`,
  )
    .bind(id, ...Object.values(columns))
    .run();
  return id;
};

/** An organization, put into D1. */
export const organization = (): Promise<string> => made('organizations', { name: 'Banani Health' });

/** A specialization that no doctor has, put into D1. */
export const specialization = (): Promise<string> => {
  const name = newName();
  return made('specializations', { name, folded_name: name.toLowerCase(), synonyms: '{}' });
};
