import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { DoctorDay } from '../../src/worker.ts';

/** Everything that D1 holds, as text: the content of every table, of indexes and triggers their statements. */
export const everythingInD1 = async (): Promise<string> => {
  const { results } = await env.DB.prepare(
    `select name, sql from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf_%'`,
  ).all<{ name: string; sql: string }>();
  const texts = await Promise.all(
    results.map(async ({ name }) => {
      const rows = await env.DB.prepare(`select * from "${name}"`).raw<unknown[]>();
      return `${name} ${JSON.stringify(rows)}`;
    }),
  );
  return texts.join('\n');
};

/** Everything that the doctor-days hold, as text: every table of every object there is. */
export const everythingInDays = async (): Promise<string> => {
  const ids = await listDurableObjectIds(env.DOCTOR_DAY);
  const texts = await Promise.all(ids.map((id) => everythingIn(env.DOCTOR_DAY.get(id))));
  return texts.join('\n');
};

/** Everything that one doctor-day holds, as text. */
export const everythingIn = (day: DurableObjectStub<DoctorDay>): Promise<string> =>
  runInDurableObject(day, (_, { storage: { sql } }) => {
    const tables = sql
      .exec<{ name: string }>(
        `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf_%'`,
      )
      .toArray();
    return tables
      .map(({ name }) => `${name} ${JSON.stringify([...sql.exec(`select * from "${name}"`).raw()], readable)}`)
      .join('\n');
  });

/** What of some strings stands in a text, with what stands round it. */
export const found = (text: string, strings: readonly string[]): string[] =>
  strings.flatMap((string) => {
    const at = text.indexOf(string);
    return at < 0 ? [] : [`${string} in …${text.slice(Math.max(0, at - 80), at + string.length + 40)}…`];
  });

/** Bytes as the text that they may be. */
const readable = (_: string, value: unknown): unknown =>
  value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value;

/** Everything in object storage, as text: names, what is written beside the objects, and the objects. */
export const everythingInObjects = async (bucket: R2Bucket): Promise<string> => {
  const { objects } = await bucket.list({ include: ['customMetadata', 'httpMetadata'] });
  const texts = await Promise.all(
    objects.map(async ({ key, customMetadata, httpMetadata }) => {
      const object = await bucket.get(key);
      return JSON.stringify([key, customMetadata, httpMetadata, (await object?.text()) ?? '']);
    }),
  );
  return texts.join('\n');
};
