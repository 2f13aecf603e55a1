import { eq, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { clinicResources, clinics } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { describeError, report } from '../../http/log.ts';
import { auditStatement } from '../audit/record.ts';
import { type Resource, resourceOf } from './queries.ts';

/** How many rooms and devices a clinic can have: all of them are looked at for each appointment that needs one. */
const maxResources = 200;

/** Adds a room or device to a clinic. Refuses with `not_found` (no such clinic) and `too_many_items`. */
export const addResource = async (
  env: Env,
  clinicId: string,
  given: Pick<Resource, 'kind' | 'name'>,
  actor: Principal,
  nowMs: number,
): Promise<Result<Resource, Refusal>> => {
  const db = database(env.DB);
  const [clinic] = await db.select({ id: clinics.id }).from(clinics).where(eq(clinics.id, clinicId));
  if (clinic === undefined) return refused(refusal('not_found'));
  const id = `rs_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;
  const row: Resource = { id, clinicId, ...given, active: true, createdAtMs: nowMs };
  try {
    await db.batch([
      guard(db, sql`(select count(*) from clinic_resources where clinic_id = ${clinicId}) < ${maxResources}`),
      db.insert(clinicResources).values(row),
      audit(db, 'created', row, actor, { kind: row.kind, name: row.name }, nowMs),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(
      refusal('too_many_items', `At most ${maxResources} for a clinic, those that are not active included.`),
    );
  }
  await tellRooms(env, clinicId);
  return ok(row);
};

/** Renames a room or device, or has it given to no more appointments, or again. Refuses with `not_found`. */
export const editResource = async (
  env: Env,
  clinicId: string,
  id: string,
  change: { readonly name?: string | undefined; readonly active?: boolean | undefined },
  actor: Principal,
  nowMs: number,
): Promise<Result<Resource, Refusal>> => {
  const db = database(env.DB);
  const found = await resourceOf(db, clinicId, id);
  if (found === null) return refused(refusal('not_found'));
  const { name = found.name, active = found.active } = change;
  await db.batch([
    db.update(clinicResources).set({ name, active }).where(eq(clinicResources.id, id)),
    audit(db, 'changed', found, actor, { name, active }, nowMs),
  ]);
  await tellRooms(env, clinicId);
  return ok({ ...found, name, active });
};

const audit = (
  db: Database,
  action: 'created' | 'changed',
  { id, clinicId }: Pick<Resource, 'id' | 'clinicId'>,
  actor: Principal,
  data: Readonly<Record<string, unknown>>,
  atMs: number,
) =>
  auditStatement(db, { stream: `clinic:${clinicId}`, actor, action: `resource.${action}`, subjectId: id, data, atMs });

/** Has the clinic's rooms read anew. Should they not hear of it, they read by themselves within a minute. */
const tellRooms = async (env: Env, clinicId: string): Promise<void> => {
  try {
    await env.CLINIC_RESOURCES.getByName(clinicId).changed();
  } catch (error) {
    report('rooms_not_told', { clinicId, ...describeError(error) });
  }
};
