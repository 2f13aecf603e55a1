import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { prescriptions } from '../../db/schema.ts';
import { type SignedPrescription, saidIn } from '../../domain/prescription.ts';
import type { Settings } from '../../env.ts';
import type { Place } from '../../sealing/sealed-text.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { sha256 } from '../audit/digest.ts';
import { authentic } from './signed.ts';

export type Row = typeof prescriptions.$inferSelect;

/** What is sealed of a prescription. */
export interface Content {
  readonly jws: string;
  /** What the QR code leads to. */
  readonly token: string;
  /** What dispenses it: on the paper and nowhere else. */
  readonly code: string;
}

/** A prescription that was opened. */
export interface Opened extends Omit<Content, 'jws'> {
  readonly row: Row;
  readonly said: SignedPrescription;
  /** Whether one of our keys signed it, and it is the one that the row is of. */
  readonly authentic: boolean;
  readonly dispensedBy: string | null;
  readonly cancelReason: string | null;
}

/** More than anybody has at once. */
const maxCurrent = 50;

export const placeIn = (id: string, column: 'content' | 'dispensed_by' | 'cancel_reason'): Place => ({
  table: 'prescriptions',
  row: id,
  column,
});

/** What is stored of the token in a QR code. It has too many bits to be tried out, so that its hash needs no key. */
export const tokenHash = (token: string): Promise<string> => sha256(`daybook prescription ${token}`);

/** A prescription by its id; `null` of nothing. */
export const prescriptionOf = async (db: Database, id: string): Promise<Row | null> =>
  (await db.select().from(prescriptions).where(eq(prescriptions.id, id)))[0] ?? null;

/** The prescription that a token leads to; `null` of no such token. */
export const prescriptionAt = async (db: Database, token: string): Promise<Row | null> =>
  /^[\w-]{32}$/.test(token)
    ? ((
        await db
          .select()
          .from(prescriptions)
          .where(eq(prescriptions.tokenHash, await tokenHash(token)))
      )[0] ?? null)
    : null;

/** Opens prescriptions, in their order; leaves out those of patients who were erased. */
export const openedAll = async (
  db: Database,
  settings: Settings,
  sealing: Sealing,
  rows: readonly Row[],
): Promise<Opened[]> => {
  const unsealed = await Promise.all(rows.map((row) => unsealedOf(sealing, row)));
  const there = unsealed.filter((one) => one !== null);
  const isOurs = await authentic(
    db,
    settings,
    there.map(({ jws }) => jws),
  );
  return Promise.all(
    there.map(async ({ jws, ...of }) => {
      const { row, said } = of;
      const isThisOne =
        said.id === row.id && said.patient.id === row.patientId && Date.parse(said.validUntil) === row.validUntilMs;
      return { ...of, authentic: isThisOne && (await isOurs(jws)) };
    }),
  );
};

/** Opens a prescription; `null` once its patient was erased. */
export const opened = async (db: Database, settings: Settings, sealing: Sealing, row: Row): Promise<Opened | null> =>
  (await openedAll(db, settings, sealing, [row]))[0] ?? null;

const unsealedOf = async ({ openFor }: Sealing, row: Row) => {
  const { id, patientId } = row;
  const [content, dispensedBy, cancelReason] = await Promise.all([
    openFor(patientId, placeIn(id, 'content'), row.content),
    openFor(patientId, placeIn(id, 'dispensed_by'), row.dispensedBy),
    openFor(patientId, placeIn(id, 'cancel_reason'), row.cancelReason),
  ]);
  if (content === null) return null;
  const { jws, token, code }: Content = JSON.parse(content);
  return { row, jws, said: saidIn(jws), token, code, dispensedBy, cancelReason };
};

/** What a patient may be taking: prescriptions that were not cancelled and whose time has not run out, newest first. */
export const currentOf = (db: Database, patientId: string, nowMs: number): Promise<Row[]> =>
  db
    .select()
    .from(prescriptions)
    .where(
      and(
        eq(prescriptions.patientId, patientId),
        isNull(prescriptions.cancelledAtMs),
        gt(prescriptions.validUntilMs, nowMs),
      ),
    )
    .orderBy(desc(prescriptions.issuedAtMs), desc(prescriptions.id))
    .limit(maxCurrent);

/** What was prescribed from a visit, newest first. */
export const prescribedAt = (db: Database, appointmentId: string) =>
  db
    .select()
    .from(prescriptions)
    .where(eq(prescriptions.appointmentId, appointmentId))
    .orderBy(desc(prescriptions.issuedAtMs), desc(prescriptions.id))
    .limit(maxCurrent);

/** One more than a page of a patient's prescriptions, newest first. */
export const pageOf = (
  db: Database,
  patientId: string,
  after: { readonly issuedAtMs: number; readonly id: string } | null,
  limit: number,
) =>
  db
    .select()
    .from(prescriptions)
    .where(
      and(
        eq(prescriptions.patientId, patientId),
        after === null
          ? undefined
          : sql`(${prescriptions.issuedAtMs}, ${prescriptions.id}) < (${after.issuedAtMs}, ${after.id})`,
      ),
    )
    .orderBy(desc(prescriptions.issuedAtMs), desc(prescriptions.id))
    .limit(limit + 1);
