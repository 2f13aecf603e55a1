import type { Context } from 'hono';
import { doctorDays } from '../../doctor-days/client.ts';
import { type Action, may } from '../../domain/access.ts';
import type { Status } from '../../domain/doctor-day/appointment.ts';
import { asOf } from '../../domain/doctor-day/status.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { Money } from '../../domain/schedule.ts';
import type { AppEnv } from '../../http/context.ts';
import { auditRead, reasonOf } from '../audit/read.ts';

/** What payments need to know of an appointment. */
export interface Billed {
  readonly id: string;
  readonly patientId: string;
  readonly doctorId: string;
  readonly clinicId: string | null;
  readonly status: Status;
  readonly startsAtMs: number;
  readonly expiresAtMs: number | null;
  readonly fee: Money;
  readonly isPaid: boolean;
}

const historySql = `
  SELECT id, patient_id AS patientId, doctor_id AS doctorId, clinic_id AS clinicId, status, starts_at_ms AS startsAtMs,
    expires_at_ms AS expiresAtMs, fee_minor AS amount, currency FROM appointments WHERE id = ?`;

/** An appointment, strong while its day lives, from D1 afterwards, as far as the principal may do this to it. */
export const billedFor = async (
  c: Context<AppEnv>,
  id: string,
  action: Extract<Action, `payment.${string}`>,
): Promise<Result<Billed, Refusal>> => {
  const found = await findBilled(c.env, id);
  if (!found.ok) return found;
  const principal = c.get('principal');
  if (!may(principal, action, found.value)) return refused(refusal('not_found'));
  if (action === 'payment.make') return found;
  await auditRead(c, {
    ...{ action: 'payment.read', patientIds: [found.value.patientId], subjectId: id, why: reasonOf(principal.role) },
    clinicId: principal.role === 'staff' ? found.value.clinicId : null,
  });
  return found;
};

const findBilled = async (env: Env, id: string): Promise<Result<Billed, Refusal>> => {
  const live = await doctorDays(env).get(id);
  if (live !== null) return live.ok ? ok({ ...live.value, isPaid: (live.value.payment ?? null) !== null }) : live;
  type Row = Omit<Billed, 'fee' | 'isPaid'> & Money;
  const row = await env.DB.prepare(historySql).bind(id).first<Row>();
  if (row === null) return refused(refusal('not_found'));
  const { amount, currency, ...rest } = row;
  return ok({ ...asOf(rest, Date.now()), fee: { amount, currency }, isPaid: false });
};
