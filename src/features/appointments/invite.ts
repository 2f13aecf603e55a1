import { eq } from 'drizzle-orm';
import type { Context } from 'hono';
import { type Invite, inviteOf, type Participant } from '../../calendar/invite.ts';
import { organizerOf } from '../../calendar/organizer.ts';
import { type Database, database } from '../../db/client.ts';
import { accounts, clinics } from '../../db/schema.ts';
import { may } from '../../domain/access.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { namesOf } from '../../patients/names.ts';
import { readable } from './readable.ts';

/**
 * An appointment as a file for calendars: an invitation to who takes part in it (the patient, who answers for the
 * patient, the doctor), and for everybody else who may read it an event without anybody to invite. Refuses with
 * `not_found`.
 */
export const inviteFile = async (c: Context<AppEnv>, id: string): Promise<Result<Invite, Refusal>> => {
  const found = await readable(c, id);
  if (!found.ok) return found;
  const { view } = found.value;
  const principal = c.get('principal');
  const db = database(c.env.DB);
  const takesPart = may(principal, 'appointment.read_words', view);
  const [names, clinic, attendee] = await Promise.all([
    namesOf(db, [view.patientId, view.doctorId]),
    clinicOf(db, view.clinicId),
    takesPart ? participant(db, principal.id) : null,
  ]);
  const invite = inviteOf({
    appointment: view,
    audience: principal.role === 'patient' ? 'patient' : 'doctor',
    doctorName: names.get(view.doctorId) ?? '',
    patientName: names.get(view.patientId) ?? null,
    clinicName: clinic?.name ?? null,
    clinicAddress: clinic === null ? null : `${clinic.address}, ${clinic.city}`,
    organizer: await organizerOf(
      c.get('settings'),
      { appointmentId: id, accountId: principal.id },
      clinic?.name ?? null,
    ),
    attendee,
    nowMs: Date.now(),
  });
  return ok(invite);
};

const participant = async (db: Database, id: string): Promise<Participant | null> => {
  const [row] = await db
    .select({ name: accounts.fullName, address: accounts.email })
    .from(accounts)
    .where(eq(accounts.id, id));
  return row ?? null;
};

const clinicOf = async (db: Database, id: string | null) => {
  if (id === null) return null;
  const [row] = await db.select().from(clinics).where(eq(clinics.id, id));
  return row ?? null;
};
