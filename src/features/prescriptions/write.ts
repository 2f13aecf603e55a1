import { and, desc, eq, gt, inArray, isNotNull, lte, or, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { appointments, clinics, doctors, prescriptions, visits } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import type { Override, PrescriptionItem, SignedPrescription } from '../../domain/prescription.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { agreedStatuses, whyNotBegun } from '../../domain/visits/begun.ts';
import type { Settings } from '../../env.ts';
import { itsVisit } from '../../patients/called.ts';
import { namesOf } from '../../patients/names.ts';
import { profileOf } from '../../patients/profile.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { auditStatement } from '../audit/record.ts';
import { type Checked, checkDrugs } from './check.ts';
import { signPrescription } from './signed.ts';
import { type Opened, opened, placeIn, prescriptionOf, tokenHash } from './stored.ts';

/** What a doctor prescribes. */
export interface Order {
  readonly patientId: string;
  /** The visit that it is from; without it, the latest one that has begun. */
  readonly appointmentId?: string | undefined;
  readonly items: readonly PrescriptionItem[];
  readonly validDays: number;
  readonly overrides: readonly { readonly key: string; readonly reason: string }[];
}

type Visit = Pick<typeof appointments.$inferSelect, 'id' | 'clinicId' | 'timeZone'>;

/** A prescription that has just been written, with what its check has found. */
export interface Written extends Opened {
  readonly checked: Checked;
}

export interface Means {
  readonly db: Database;
  readonly settings: Settings;
  readonly sealing: Sealing;
}

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
const tokenBytes = 24;
const codeDigits = 8;

/**
 * The visit that a prescription is from: the doctor's with the patient, the given one or the latest that has begun.
 * Refuses with `not_found`, and a given one with `invalid_transition` and `too_early` as {@link whyNotBegun} has it.
 */
const visitOf = async (
  db: Database,
  doctorId: string,
  { patientId, appointmentId }: Order,
  nowMs: number,
): Promise<Result<Visit, Refusal>> => {
  const { id, clinicId, timeZone, status, startsAtMs } = appointments;
  const hasBegun = or(lte(startsAtMs, nowMs), eq(status, 'completed'), isNotNull(visits.calledAtMs));
  const wanted =
    appointmentId === undefined ? and(hasBegun, inArray(status, [...agreedStatuses])) : eq(id, appointmentId);
  const [visit] = await db
    .select({ id, clinicId, timeZone, status, startsAtMs, calledAtMs: visits.calledAtMs })
    .from(appointments)
    .leftJoin(visits, itsVisit)
    .where(
      and(
        eq(appointments.patientId, patientId),
        gt(startsAtMs, nowMs - yearMs),
        eq(appointments.doctorId, doctorId),
        wanted,
      ),
    )
    .orderBy(desc(startsAtMs))
    .limit(1);
  if (visit === undefined)
    return refused(refusal('not_found', appointmentId === undefined ? 'No visit with them has begun.' : undefined));
  const notBegun = whyNotBegun({ ...visit, isCalledIn: visit.calledAtMs !== null }, nowMs);
  return notBegun === null ? ok(visit) : refused(notBegun);
};

const newCode = (): string => {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  // 64 random bits over a hundred million codes: none is likelier than another by more than one part in 10^11.
  return String((BigInt(high) * 2n ** 32n + BigInt(low)) % 10n ** BigInt(codeDigits)).padStart(codeDigits, '0');
};

/**
 * Writes and signs a prescription for a patient whom the doctor treats, which the caller has seen to. Refuses with
 * `not_found` for an appointment that is not one of theirs, or when none has begun; with `invalid_transition` and
 * `too_early` for one that did not take place, or not yet; and with `interaction_override_required`, naming the hits, while
 * a severe one has no reason. Throws `person_erased`.
 *
 * @param renews the prescription that this one renews
 */
export const writePrescription = async (
  means: Means,
  doctor: Identity,
  order: Order,
  nowMs: number,
  renews: string | null = null,
): Promise<Result<Written, Refusal>> => {
  const { db, settings, sealing } = means;
  const { patientId } = order;
  const found = await visitOf(db, doctor.id, order, nowMs);
  if (!found.ok) return found;
  const visit = found.value;
  const drugs = order.items.map(({ drug }) => drug);
  const checked = await checkDrugs(means, patientId, drugs, nowMs, renews);
  const severe = checked.hits.filter(({ severity }) => severity === 'severe');
  const reasons = new Map(order.overrides.map(({ key, reason }) => [key, reason]));
  const open = severe.filter(({ key }) => !reasons.has(key));
  if (open.length > 0) {
    const shown = open.map(({ pair: _, ...hit }) => hit);
    return refused(refusal('interaction_override_required', undefined, { hits: shown }));
  }
  const id = `rx_${toBase64Url(crypto.getRandomValues(new Uint8Array(16)))}`;
  const token = toBase64Url(crypto.getRandomValues(new Uint8Array(tokenBytes)));
  const validUntilMs = nowMs + order.validDays * dayMs;
  const overrides = severe.map(({ key, text }): Override => ({ key, text, reason: reasons.get(key) ?? '' }));
  const said: SignedPrescription = {
    ...(await partiesOf(means, doctor.id, patientId, visit.clinicId)),
    ...{ id, items: order.items, overrides, renews },
    issuedAt: new Date(nowMs).toISOString(),
    validUntil: new Date(validUntilMs).toISOString(),
    timeZone: visit.timeZone,
  };
  const { jws, keyKept } = await signPrescription(db, settings, said, nowMs);
  const content = JSON.stringify({ jws, token, code: newCode() });
  const row = {
    ...{ id, patientId, doctorId: doctor.id, appointmentId: visit.id, issuedAtMs: nowMs, validUntilMs },
    content: await sealing.sealFor(patientId, placeIn(id, 'content'), content),
    tokenHash: await tokenHash(token),
  };
  try {
    await db.batch([
      guard(
        db,
        sql`not exists (select 1 from data_keys where subject_id = ${patientId} and destroyed_at_ms is not null)`,
      ),
      db.insert(prescriptions).values(row),
      keyKept,
      auditStatement(db, {
        stream: `account:${doctor.id}`,
        actor: doctor,
        action: renews === null ? 'prescription.written' : 'prescription.renewed',
        subjectId: id,
        // Which medicines were given against a warning is for whoever must answer for it; why is not for the audit.
        data: {
          ...{ patientId, items: order.items.length, validUntilMs, renews },
          overridden: severe.map(({ kind, pair }) => pair?.join(' + ') ?? kind),
        },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('person_erased'));
  }
  const stored = await prescriptionOf(db, id);
  const written = stored === null ? null : await opened(db, settings, sealing, stored);
  return written === null ? refused(refusal('person_erased')) : ok({ ...written, checked });
};

/** Who prescribes for whom, and where, as it is signed. */
const partiesOf = async ({ db, sealing }: Means, doctorId: string, patientId: string, clinicId: string | null) => {
  const [[[doctor], [clinic]], names, { profile }] = await Promise.all([
    db.batch([
      db.select().from(doctors).where(eq(doctors.id, doctorId)),
      db
        .select()
        .from(clinics)
        .where(eq(clinics.id, clinicId ?? '')),
    ]),
    namesOf(db, [patientId]),
    profileOf(db, sealing, patientId),
  ]);
  return {
    doctor: {
      id: doctorId,
      name: doctor?.fullName ?? '',
      licenseNumber: doctor?.licenseNumber ?? '',
      specialization: doctor?.specialization ?? '',
    },
    clinic: clinic === undefined ? null : { name: clinic.name, address: `${clinic.address}, ${clinic.city}` },
    patient: { id: patientId, name: names.get(patientId) ?? '', birthDate: profile.birthDate },
  };
};
