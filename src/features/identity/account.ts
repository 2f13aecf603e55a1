import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { clinicsExist, listingStatements } from '../../db/doctor-listing.ts';
import { nameWordsStatement } from '../../db/name-words.ts';
import { accounts, doctors } from '../../db/schema.ts';
import { listedSpecialization } from '../../db/specializations.ts';
import type { Identity, Role } from '../../domain/access.ts';
import type { genders } from '../../domain/genders.ts';
import { accountId } from '../../domain/ids.ts';
import { type Refusal, type RefusalCode, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { Money } from '../../domain/schedule.ts';
import { auditStatement } from '../audit/record.ts';
import { commonRefusal } from './common-passwords.ts';
import { hashPassword } from './password.ts';

/** A row of `accounts`. */
export type Account = typeof accounts.$inferSelect;

/** A new account, its fields in the forms that Daybook keeps (see schema.ts). */
export interface NewAccount {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly fullName: string;
  readonly phone?: string | undefined;
  readonly role: Role;
  readonly doctor: NewDoctor | null;
  /** Who creates it: an admin, or the new account itself. */
  readonly actor: Identity;
  readonly nowMs: number;
  /** Whether the owner has proved to read mail to the address. */
  readonly emailVerified?: boolean;
  /** The hash of the password, if it was made before; then `password` is not looked at. */
  readonly passwordHash?: string;
}

/** The doctor part of a new account. */
interface NewDoctor {
  readonly licenseNumber: string;
  readonly specialization: string;
  readonly timeZone: string;
  readonly experienceYears: number;
  readonly bio: string;
  readonly consultationFee: Money;
  readonly clinicIds: readonly string[];
  readonly gender: (typeof genders)[number];
  readonly languages: readonly string[];
}

type Statement = Parameters<Database['batch']>[0][number];

/** The id of an account to be. */
export const newAccountId = (): string => accountId(crypto.getRandomValues(new Uint8Array(12)));

/**
 * Creates an account, with a doctor's profile (not verified yet) if one is given, all or nothing. Refuses with
 * `email_taken`, `phone_taken`, `license_number_taken`, `unknown_clinic`, `unknown_specialization`, and with
 * `invalid_request` for a common password.
 */
export const createAccount = async (db: Database, given: NewAccount): Promise<Result<Account, Refusal>> => {
  const { id, role, doctor, nowMs } = given;
  const common = given.passwordHash === undefined ? await commonRefusal(given.password, given.email) : null;
  if (common !== null) return refused(common);
  if (!(await clinicsExist(db, doctor?.clinicIds ?? []))) return refused(refusal('unknown_clinic'));
  const specialization = doctor === null ? null : await listedSpecialization(db, doctor.specialization);
  if (doctor !== null && specialization === null) return refused(refusal('unknown_specialization'));
  const account: Account = {
    id,
    email: given.email,
    passwordHash: given.passwordHash ?? hashPassword(given.password),
    fullName: given.fullName,
    phone: given.phone ?? null,
    role,
    adminPermissions: null,
    createdAtMs: nowMs,
    emailVerifiedAtMs: given.emailVerified === true ? nowMs : null,
    phoneVerifiedAtMs: null,
    deactivatedAtMs: null,
    timeZone: null,
  };
  try {
    await db.batch([
      db.insert(accounts).values(account),
      nameWordsStatement(db, id, account.fullName),
      ...(doctor === null || specialization === null
        ? []
        : doctorStatements(db, account, { ...doctor, specialization })),
      auditStatement(db, {
        stream: `account:${id}`,
        actor: given.actor,
        action: 'account.created',
        subjectId: id,
        data: { role },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    // Not looked up beforehand: the unique index decides, also between two requests at once.
    const code = takenBy[violatedUnique(error) ?? ''];
    if (code === undefined) throw error;
    return refused(refusal(code));
  }
  return ok(account);
};

const takenBy: Readonly<Record<string, RefusalCode>> = {
  'accounts.email': 'email_taken',
  'accounts.phone': 'phone_taken',
  'doctors.license_number': 'license_number_taken',
};

const doctorStatements = (
  db: Database,
  account: Account,
  { consultationFee, clinicIds, languages, ...profile }: NewDoctor,
): Statement[] => [
  db.insert(doctors).values({
    ...profile,
    id: account.id,
    fullName: account.fullName,
    feeMinor: consultationFee.amount,
    currency: consultationFee.currency,
    createdAtMs: account.createdAtMs,
  }),
  ...listingStatements(db, {
    id: account.id,
    fullName: account.fullName,
    bio: profile.bio,
    clinicIds,
    languages,
  }),
];

/** The account of an e-mail address in its folded form; `null` when there is none. */
export const accountOfEmail = async (db: Database, email: string): Promise<Account | null> =>
  (await db.select().from(accounts).where(eq(accounts.email, email)).limit(1))[0] ?? null;

/** An account by id; `null` when there is none. */
export const accountOf = async (db: Database, id: string): Promise<Account | null> =>
  (await db.select().from(accounts).where(eq(accounts.id, id)).limit(1))[0] ?? null;
