import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { type AppointmentCommand, doctorDays } from '../../doctor-days/client.ts';
import { type Action, may } from '../../domain/access.ts';
import type { RequestKey } from '../../domain/doctor-day/reply.ts';
import type { AppointmentView } from '../../domain/doctor-day/view.ts';
import { appointmentId, dayName, parseSlotId } from '../../domain/ids.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { invariant, ok, type Result, refused } from '../../domain/result.ts';
import type { Mode, Priority } from '../../domain/schedule.ts';
import type { AppEnv } from '../../http/context.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { requestFingerprint } from '../../http/sealed-answer.ts';
import { callOf, callThatBinds } from '../../patients/called.ts';
import { nameRows, namesIn } from '../../patients/names.ts';
import { patientOf as bookable } from '../../patients/patients.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { type AppointmentAnswer, appointmentAnswer, conflictsAnswer } from './answer.ts';
import { countedEmergency } from './emergency-limit.ts';
import { attendanceRows, conflictRows, findAppointment } from './queries.ts';
import { find, readable } from './readable.ts';
import { sealWords, wordPlace } from './words.ts';

type Answer = Result<AppointmentAnswer, Refusal>;

/** Holds a slot for the signed-in patient, or on behalf of another. */
export const hold = async (
  c: Context<AppEnv>,
  request: {
    slotId: string;
    patientId?: string | undefined;
    mode?: Mode | undefined;
    priority: Priority;
    reason?: string | undefined;
    symptoms?: string | undefined;
  },
): Promise<Answer> => {
  const slot = parseSlotId(request.slotId);
  invariant(slot !== null, 'the schema lets only slot ids pass');
  const principal = c.get('principal');
  const { patientId = principal.id } = request;
  const refusedFor = await whyNotFor(c, patientId, slot.day.doctorId);
  if (refusedFor !== null) return refused(refusedFor);
  const { priority } = request;
  if (priority === 'emergency' && !request.reason?.trim()) {
    const errors = [{ path: 'reason', message: 'is needed for an emergency' }];
    return refused(refusal('reason_required', undefined, { errors }));
  }
  const id = appointmentId(slot.day, crypto.getRandomValues(new Uint8Array(16)));
  const words = await sealWords(sealingOf(c), patientId, id, request);
  const key = await requestKey(c);
  const { startsAtMs } = slot;
  const take = () =>
    doctorDays(c.env).hold(
      slot.day,
      {
        type: 'hold',
        principal,
        patientId,
        appointmentId: id,
        startsAtMs,
        mode: request.mode ?? null,
        priority,
        words,
      },
      key,
      Date.now(),
    );
  // What a clinic takes for somebody is the clinic's judgement.
  const isCounted = priority === 'emergency' && principal.role === 'patient';
  // With what is asked: another request under the key, which is refused, must give back no more than its own.
  const name = key === null ? id : `${dayName(slot.day)} ${principal.id} ${key.key} ${key.fingerprint}`;
  return shown(c, isCounted ? await countedEmergency(c.env, patientId, name, take) : await take());
};

/**
 * Why nobody can be booked for by the principal, if so. A patient's own hold asks nothing of D1. At which clinic the slot
 * is, only its day knows: that decides again, by the same policy.
 */
const whyNotFor = async (c: Context<AppEnv>, patientId: string, doctorId: string): Promise<Refusal | null> => {
  const principal = c.get('principal');
  const { clinicIds } = principal;
  if (!may(principal, 'appointment.hold', { patientId, doctorId, clinicIds })) return refusal('forbidden');
  if (principal.role === 'patient' && patientId === principal.id) return null;
  return (await bookable(database(c.env.DB), patientId)) === null ? refusal('unknown_patient') : null;
};

/** Moves an appointment to another slot, on any day of any doctor. */
export const reschedule = async (c: Context<AppEnv>, id: string, to: string): Promise<Answer> => {
  const slot = parseSlotId(to);
  invariant(slot !== null, 'the schema lets only slot ids pass');
  const result = await doctorDays(c.env).reschedule(
    {
      principal: c.get('principal'),
      appointmentId: id,
      moveId: crypto.randomUUID(),
      to: slot.day,
      startsAtMs: slot.startsAtMs,
      call: await callThatBinds(database(c.env.DB), c.get('principal').role, id),
    },
    await requestKey(c),
    Date.now(),
  );
  return shown(c, result ?? (await whyUnknown(c, id, 'appointment.reschedule')));
};

/** Confirms, accepts or marks as no-show. */
export const change = (c: Context<AppEnv>, id: string, type: 'confirm' | 'accept' | 'mark_no_show'): Promise<Answer> =>
  execute(c, { type, principal: c.get('principal'), appointmentId: id });

/** Completes a visit that has begun, at its time or as its patient was called in. */
export const complete = async (c: Context<AppEnv>, id: string): Promise<Answer> => {
  const call = await callOf(database(c.env.DB), id);
  return execute(c, { type: 'complete', principal: c.get('principal'), appointmentId: id, call });
};

/** Cancels or rejects, with the reason that was given. */
export const end = async (
  c: Context<AppEnv>,
  id: string,
  type: 'cancel' | 'reject',
  reason: string | undefined,
): Promise<Answer> => {
  const principal = c.get('principal');
  const call = type === 'cancel' ? await callThatBinds(database(c.env.DB), principal.role, id) : null;
  if (reason === undefined) return execute(c, { type, principal, appointmentId: id, statusReason: null, call });
  const patientId = await patientOf(c, id, `appointment.${type}`);
  if (!patientId.ok) return patientId;
  const statusReason = await sealingOf(c).sealFor(patientId.value, wordPlace(id, 'statusReason'), reason);
  return execute(c, { type, principal, appointmentId: id, statusReason, call });
};

/** Changes the patient's own words. */
export const describe = async (
  c: Context<AppEnv>,
  id: string,
  words: { reason?: string | null | undefined; symptoms?: string | null | undefined },
): Promise<Answer> => {
  const principal = c.get('principal');
  const patientId = await patientOf(c, id, 'appointment.describe');
  if (!patientId.ok) return patientId;
  const sealed = await sealWords(sealingOf(c), patientId.value, id, words);
  return execute(c, { type: 'describe', principal, appointmentId: id, words: sealed });
};

/** Reads an appointment: strong while its day lives, from D1 once the day is history. */
export const read = async (c: Context<AppEnv>, id: string): Promise<Answer> => {
  const principal = c.get('principal');
  const db = database(c.env.DB);
  const found = await readable(c, id);
  if (!found.ok) return found;
  const { view, openedTo } = found.value;
  const isPatient = principal.role === 'patient';
  const [named, [attended], conflicts] = await db.batch([
    nameRows(db, [view.patientId, view.doctorId, view.clinicId]),
    attendanceRows(db, id, view.startsAtMs),
    conflictRows(db, isPatient ? [id] : [], Date.now()),
  ]);
  const shownTo = await appointmentAnswer(view, principal, sealingOf(c), { names: namesIn(named), openedTo });
  const attendanceConfirmedAt = attended === undefined ? null : new Date(attended.acceptedAtMs).toISOString();
  const answer = { ...shownTo, attendanceConfirmedAt };
  return ok(isPatient ? { ...answer, conflictsWith: conflictsAnswer(conflicts, id) } : answer);
};

/**
 * For whom words about an appointment are sealed: nothing is, unless the principal may say them. A patient who acts for
 * nobody else can only mean an own one.
 */
const patientOf = async (c: Context<AppEnv>, id: string, action: Action): Promise<Result<string, Refusal>> => {
  const { role, id: self, dependantIds } = c.get('principal');
  if (role === 'patient' && dependantIds.length === 0) return ok(self);
  const found = await find(c, id);
  if (!found.ok) return found;
  const isSeen =
    may(c.get('principal'), action, found.value) || may(c.get('principal'), 'appointment.read', found.value);
  return isSeen ? ok(found.value.patientId) : refused(refusal('not_found'));
};

const execute = async (c: Context<AppEnv>, command: AppointmentCommand): Promise<Answer> => {
  const result = await doctorDays(c.env).execute(command, await requestKey(c));
  return shown(c, result ?? (await whyUnknown(c, command.appointmentId, `appointment.${command.type}`)));
};

/** No day knows the appointment: either there is none, or it is history that can no longer change. */
const whyUnknown = async (c: Context<AppEnv>, id: string, action: Action): Promise<Result<never, Refusal>> => {
  const view = await findAppointment(database(c.env.DB), id, Date.now());
  const known = view !== null && may(c.get('principal'), action, view);
  return refused(known ? refusal('invalid_transition', 'The appointment is history.') : refusal('not_found'));
};

const shown = async (c: Context<AppEnv>, result: Result<AppointmentView, Refusal>): Promise<Answer> =>
  result.ok ? ok(await appointmentAnswer(result.value, c.get('principal'), sealingOf(c))) : result;

/** The Idempotency-Key of a request that a doctor-day decides. The fingerprint is keyed: it hides the body's words. */
const requestKey = async (c: Context<AppEnv>): Promise<RequestKey | null> => {
  const key = idempotencyKeyOf(c);
  if (key === null) return null;
  const parts = [c.get('principal').id, key, c.req.method, c.req.path];
  return { key, fingerprint: await requestFingerprint(c.get('settings').dataKey, parts, await c.req.arrayBuffer()) };
};
