import type { z } from '@hono/zod-openapi';
import { expect } from 'vitest';
import type { doctorItemSchema, doctorProfileSchema } from '../../src/features/doctors/schema.ts';
import { send } from './api.ts';
import type { Person } from './people.ts';

export type Listed = z.output<typeof doctorItemSchema>;
export type Profile = z.output<typeof doctorProfileSchema>;

/** One page of a search that succeeds. */
export const found = async (
  query: string,
  path = '/doctors',
): Promise<{ items: Listed[]; nextCursor: string | null }> => {
  const response = await send('GET', `${path}?${query}`);
  if (response.status !== 200) throw new Error(`${query}: ${response.status} ${await response.text()}`);
  return response.json();
};

/** The names on the first page of a search. */
export const names = async (query: string): Promise<string[]> =>
  (await found(query)).items.map((item) => item.fullName);

/** Every page of a search, one after the other. */
export const everyPage = async (query: string, limit: number): Promise<Listed[]> => {
  const seen: Listed[] = [];
  let cursor = '';
  do {
    const page = await found(`${query}&limit=${limit}${cursor}`);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    seen.push(...page.items);
    cursor = page.nextCursor === null ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
  } while (cursor !== '');
  return seen;
};

/** A new clinic in a city, as lists of doctors show it. */
export const clinicIn = async (boss: Person, city: string): Promise<Listed['clinics'][number]> => {
  const body = { name: `${city} Clinic`, address: 'Road 5', city, country: 'BD', timeZone: 'Asia/Dhaka' };
  const { address } = body;
  const { id, name } = await (await send('POST', '/clinics', { as: boss, body })).json<{ id: string; name: string }>();
  return { id, name, address, city };
};

/** The stable code of a refusal. */
export const codeOf = async (response: Response): Promise<string> => (await response.json<{ code: string }>()).code;
