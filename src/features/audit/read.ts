import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import type { Principal, Resource } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { invariant } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { describeError, report } from '../../http/log.ts';
import { RefusalException } from '../../http/problem.ts';
import { auditStatement } from './record.ts';

/** Why somebody may read a patient's data, as the patient will read it. */
export type ReadReason = 'treatment' | 'front_desk' | 'guardian' | 'administration' | 'break_glass';

/** One read of patient data. */
export interface Read {
  /** Past tense, dotted: `appointment.read`, `appointments.listed`. */
  readonly action: string;
  /** Whose data: a read of many is one row that names them all. */
  readonly patientIds: readonly string[];
  readonly why: ReadReason;
  /** What was read, when it is one thing. Never a person's words. */
  readonly subjectId?: string | null;
  /** The clinic on whose behalf staff reads, by default its first: the patient sees the name. */
  readonly clinicId?: string | null;
  /** Ids and numbers only. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** More than any page or export of one patient holds. */
const maxPatients = 1_000;

/**
 * Records that the principal reads patient data: who, whose, what, why, and from where. To be awaited before the answer
 * goes out: while D1 takes no row the read is refused as `temporarily_unavailable`, because an unseen look at a record
 * cannot be made good later. Reads of patients' own data are not recorded, nor are reads that found nobody's.
 */
export const auditRead = async (c: Context<AppEnv>, read: Read): Promise<void> => {
  const actor = c.get('principal');
  const patientIds = [...new Set(read.patientIds)].filter((id) => id !== actor.id).sort();
  if (patientIds.length === 0) return;
  invariant(patientIds.length <= maxPatients, 'one read is of a page of patients');
  const { subjectId = null, clinicId = actor.clinicIds[0] ?? null, why } = read;
  await record(c, read.action, subjectId, { why, patientIds, clinicId, ...read.data });
};

/** Records that the principal reads what is not one patient's data and still nobody should read unseen: the audit. */
export const recordLook = (
  c: Context<AppEnv>,
  action: string,
  data: Readonly<Record<string, unknown>>,
): Promise<void> => record(c, action, null, data);

const record = async (
  c: Context<AppEnv>,
  action: string,
  subjectId: string | null,
  data: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const actor = c.get('principal');
  try {
    await auditStatement(database(c.env.DB), {
      stream: `account:${actor.id}`,
      actor,
      action,
      subjectId,
      data,
      atMs: Date.now(),
    });
  } catch (error) {
    report('read_not_recorded', { requestId: c.get('requestId'), ...describeError(error) });
    throw new RefusalException(refusal('temporarily_unavailable'));
  }
};

/** Why a principal of a role reads the records that the role lets it read. */
export const reasonOf = (role: string): ReadReason => {
  switch (role) {
    case 'doctor':
      return 'treatment';
    case 'patient':
      return 'guardian';
    case 'admin':
      return 'administration';
    default:
      return 'front_desk';
  }
};

/** Why a principal reads a patient's record, and for which clinic, by how it stands to the record. */
export const reasonFor = (
  { role, clinicIds }: Principal,
  record: Resource,
): { readonly why: ReadReason; readonly clinicId: string | null } => ({
  why: record.openedTo?.length ? 'break_glass' : reasonOf(role),
  clinicId: role === 'staff' ? (clinicIds.find((id) => record.clinicIds?.includes(id)) ?? null) : null,
});
