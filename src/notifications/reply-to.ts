import { and, inArray, isNotNull } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { clinics } from '../db/schema.ts';
import type { Written } from './wording.ts';

/** Where people answer to mail about appointments at clinics, by the clinic's id; one without an address is missing. */
export const clinicAddresses = async (
  db: Database,
  places: readonly { readonly clinicId: string | null }[],
): Promise<ReadonlyMap<string | null, string>> => {
  const wanted = [...new Set(places.flatMap(({ clinicId }) => clinicId ?? []))];
  if (wanted.length === 0) return new Map();
  const rows = await db
    .select({ id: clinics.id, email: clinics.email })
    .from(clinics)
    .where(and(inArray(clinics.id, listOf(wanted)), isNotNull(clinics.email)));
  return new Map(rows.flatMap(({ id, email }) => (email === null ? [] : [[id, email] as const])));
};

/** A message whose answers go to an address (RFC 5322, 3.6.2), if it is a mail and there is one. */
export const answeredAt = (message: Written | null, address: string | undefined): Written | null =>
  message?.channel === 'email' && address !== undefined
    ? { ...message, headers: { ...message.headers, 'Reply-To': address } }
    : message;
