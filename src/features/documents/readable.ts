import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { type Action, may, type Principal, type Resource } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { recordOf } from '../../patients/relation.ts';
import { type DoctorReader, type DocumentRow, documentOf, documentResource, hasShares } from './rows.ts';

/** A document that a principal may do something with, and how they stand to it. Refuses with `not_found`. */
export const documentFor = async (
  c: Context<AppEnv>,
  principal: Principal,
  action: Action,
  id: string,
): Promise<Result<{ readonly row: DocumentRow; readonly resource: Resource }, Refusal>> => {
  const db = database(c.env.DB);
  const row = await documentOf(db, id);
  if (row === null) return refused(refusal('not_found'));
  const resource = await documentResource(db, principal, row, Date.now());
  return may(principal, action, resource) ? ok({ row, resource }) : refused(refusal('not_found'));
};

/** As whom a principal sees the documents of a record: a doctor what they were given, `null` is all of them. */
export const readerOf = (principal: Principal, resource: Resource): DoctorReader | null =>
  may(principal, 'document.read', resource)
    ? null
    : { id: principal.id, treats: resource.treatedBy?.includes(principal.id) ?? false };

/**
 * Whose documents a principal may list, and which of them: all (`doctor` is `null`), or what a doctor was given. Refuses
 * with `not_found`.
 */
export const listableOf = async (
  c: Context<AppEnv>,
  patientId: string,
): Promise<Result<{ readonly resource: Resource; readonly doctor: DoctorReader | null }, Refusal>> => {
  const principal = c.get('principal');
  const db = database(c.env.DB);
  const resource = await recordOf(db, principal, patientId, Date.now());
  const doctor = readerOf(principal, resource);
  if (doctor === null) return ok({ resource, doctor });
  if (principal.role !== 'doctor') return refused(refusal('not_found'));
  const isGiven = doctor.treats || (await hasShares(db, principal.id, patientId, Date.now()));
  return isGiven ? ok({ resource, doctor }) : refused(refusal('not_found'));
};
