import { fromBase64Url } from './base64url.ts';
import { normalisedName } from './patient-profile.ts';

/** How many medicines one prescription may have. */
export const maxItems = 30;
/** For how many days a prescription may be dispensed. */
export const defaultValidDays = 30;
export const maxValidDays = 365;

/** What a prescription can be. Active is the only one that a pharmacy may dispense. */
export const prescriptionStates = ['active', 'dispensed', 'cancelled', 'expired'] as const;
export type PrescriptionState = (typeof prescriptionStates)[number];

/** One medicine as it was prescribed. */
export interface PrescriptionItem {
  readonly drug: string;
  readonly strength: string | null;
  readonly form: string | null;
  readonly dose: string;
  readonly frequency: string;
  readonly duration: string | null;
  readonly notes: string | null;
}

/** A severe hit that the doctor went past, and why. */
export interface Override {
  readonly key: string;
  readonly text: string;
  readonly reason: string;
}

/** What the doctor signs: whole, so that paper and record say the same for ever. Instants are RFC 3339. */
export interface SignedPrescription {
  readonly id: string;
  readonly issuedAt: string;
  readonly validUntil: string;
  /** IANA, of the visit: in which its dates are said. */
  readonly timeZone: string;
  readonly doctor: {
    readonly id: string;
    readonly name: string;
    readonly licenseNumber: string;
    readonly specialization: string;
  };
  readonly clinic: { readonly name: string; readonly address: string } | null;
  readonly patient: { readonly id: string; readonly name: string; readonly birthDate: string | null };
  readonly items: readonly PrescriptionItem[];
  readonly overrides: readonly Override[];
  /** The prescription that this one renews. */
  readonly renews: string | null;
}

/** What is stored of the life of a prescription. */
export interface PrescriptionLife {
  readonly validUntilMs: number;
  readonly dispensedAtMs: number | null;
  readonly cancelledAtMs: number | null;
}

/** What a prescription is now. What was dispensed stays so, and so does what was cancelled; neither follows the other. */
export const stateAt = (life: PrescriptionLife, nowMs: number): PrescriptionState => {
  if (life.dispensedAtMs !== null) return 'dispensed';
  if (life.cancelledAtMs !== null) return 'cancelled';
  return nowMs < life.validUntilMs ? 'active' : 'expired';
};

/** The same value with the members of every object in the order of their names: one text for one meaning (RFC 8785). */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** What a compact JWS says (RFC 7515 section 7.1), whether or not its signature is good. Throws on what is none. */
export const saidIn = (jws: string): SignedPrescription =>
  JSON.parse(new TextDecoder().decode(fromBase64Url(jws.split('.')[1] ?? '') ?? new Uint8Array()));

/** What a medicine is looked up by: its name without what only says how much of it there is. */
export const drugCode = (drug: string): string =>
  normalisedName(drug)
    .replaceAll(/(?<= )\d+(?: \d+)* ?(?:mg|mcg|g|ml|iu|units?|percent)?(?= |$)/g, '')
    .replaceAll(/ (?:tablets?|capsules?|syrup|suspension|injection|cream|ointment|drops|inhaler)(?= |$)/g, '')
    .replaceAll(/ +/g, ' ')
    .trim();
