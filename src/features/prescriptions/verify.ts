import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { sealingOfNobody } from '../../sealing/sealing.ts';
import { dispense } from './ending.ts';
import { type Opened, opened, prescriptionAt } from './stored.ts';
import { tellOfPrescription } from './tell.ts';

/** The prescription that a QR code leads to. A token that is none, or leads to nothing any more: `not_found`. */
export const scanned = async (c: Context<AppEnv>, token: string): Promise<Result<Opened, Refusal>> => {
  const db = database(c.env.DB);
  const row = await prescriptionAt(db, token);
  const found = row === null ? null : await opened(db, c.get('settings'), sealingOfNobody(c), row);
  return found === null ? refused(refusal('not_found')) : ok(found);
};

/** Dispenses the prescription that a QR code leads to, and tells its patient. Refuses as {@link dispense} does. */
export const dispenseScanned = async (
  c: Context<AppEnv>,
  token: string,
  given: { readonly code: string; readonly pharmacy: string },
  nowMs: number,
): Promise<Result<Opened, Refusal>> => {
  const found = await scanned(c, token);
  if (!found.ok) return found;
  // What no key of ours signed is not dispensed, whatever its code.
  if (!found.value.authentic) return refused(refusal('not_found'));
  const means = { db: database(c.env.DB), settings: c.get('settings'), sealing: sealingOfNobody(c) };
  const done = await dispense(means, found.value, given, nowMs);
  if (done.ok) await tellOfPrescription(c.env, means.db, 'prescription_dispensed', done.value.row, nowMs);
  return done;
};
