import { eq } from 'drizzle-orm';
import { replyToken, tokenIn } from '../../calendar/reply-address.ts';
import { type Database, database } from '../../db/client.ts';
import { accounts } from '../../db/schema.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import { identityOf, type Principal, principalOf } from '../../domain/access.ts';
import type { AppointmentView } from '../../domain/doctor-day/view.ts';
import { parseAppointmentId } from '../../domain/ids.ts';
import { settingsOf } from '../../env.ts';
import { callThatBinds } from '../../patients/called.ts';
import { patientOf } from '../../patients/patients.ts';
import { sameText } from '../identity/keyed-hash.ts';
import { isAboutNow } from './about-now.ts';
import { confirmAttendance } from './attendance.ts';
import { readMail } from './mail.ts';
import { type Reply, readReply } from './reply.ts';

/** What became of a mail. Of one that is ignored the sender learns nothing; one that is refused brought a good token. */
export type Outcome =
  | { readonly type: 'declined' | 'accepted' }
  | { readonly type: 'ignored' | 'refused'; readonly why: string };

const ignored = (why: string): Outcome => ({ type: 'ignored', why });
const refused = (why: string): Outcome => ({ type: 'refused', why });

const uidForm = /^(a_[\w-]+)@daybook$/;

/**
 * Takes the answer to an invitation. It counts when it was sent to an address with the token of this appointment and of
 * this account, comes from the verified address of the account, truly so by DMARC, and answers to the time at which the
 * appointment is now. Declining then cancels by the same command as the API, as whoever was invited; accepting is
 * recorded, of the patient's side: that the doctor's program accepts tells nobody anything. Everything else changes nothing. Throws when something is out of reach.
 */
export const takeReply = async (env: Env, message: ForwardableEmailMessage, nowMs: number): Promise<Outcome> => {
  const { calendarReplies, dataKey } = settingsOf(env);
  const token = calendarReplies === null ? null : tokenIn(calendarReplies, message.to);
  if (token === null) return ignored('no_token');
  const mail = await readMail(message);
  const [reply, another] = mail?.calendars.map(readReply).filter((one) => one !== null) ?? [];
  if (mail === null || reply === undefined || (another !== undefined && !sameReply(reply, another)))
    return ignored('no_reply');
  const appointmentId = uidForm.exec(reply.uid)?.[1] ?? '';
  const db = database(env.DB);
  const [account] = await db.select().from(accounts).where(eq(accounts.email, mail.from));
  if (account === undefined || account.deactivatedAtMs !== null) return ignored('unknown_sender');
  const key = { appointmentId, accountId: account.id };
  if (parseAppointmentId(appointmentId) === null || !sameText(token, await replyToken(dataKey, key)))
    return ignored('wrong_token');
  if (!mail.authentic) return ignored('not_authentic');
  if (account.emailVerifiedAtMs === null) return refused('unverified_address');
  if (reply.attendee !== account.email) return refused('other_attendee');
  const found = await doctorDays(env).get(appointmentId);
  if (found === null || !found.ok) return refused('no_appointment');
  const view = found.value;
  const principal = await invitedAs(db, account.id, view);
  if (principal === null) return refused('not_invited');
  if (!(await isAboutNow(db, reply, view))) return refused('another_time');
  if (reply.answer === 'declined') return decline(env, db, principal, appointmentId);
  if (principal.role === 'doctor') return ignored('doctor_comes');
  if (view.status !== 'confirmed' || view.startsAtMs <= nowMs) return refused('not_to_come');
  await confirmAttendance(db, appointmentId, view.startsAtMs, identityOf(principal), nowMs);
  return { type: 'accepted' };
};

/** Programs send the same reply as a part and attached. */
const sameReply = (a: Reply, b: Reply): boolean => JSON.stringify(a) === JSON.stringify(b);

const decline = async (env: Env, db: Database, principal: Principal, appointmentId: string): Promise<Outcome> => {
  const call = await callThatBinds(db, principal.role, appointmentId);
  const command = { type: 'cancel', principal, appointmentId, statusReason: null, call } as const;
  const result = await doctorDays(env).execute(command, null);
  if (result?.ok) return { type: 'declined' };
  return refused(result?.refusal.code ?? 'no_appointment');
};

/** As whom an account was invited to an appointment: its doctor, or who answers for its patient now. */
const invitedAs = async (db: Database, accountId: string, view: AppointmentView): Promise<Principal | null> => {
  if (view.doctorId === accountId) return principalOf({ id: accountId, role: 'doctor' });
  const patient = await patientOf(db, view.patientId);
  if (patient?.accountId !== accountId) return null;
  return principalOf({ id: accountId, role: 'patient', dependantIds: patient.id === accountId ? [] : [patient.id] });
};
