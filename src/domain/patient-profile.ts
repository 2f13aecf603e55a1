/** Administrative sex, by the codes of HL7 FHIR R5 `administrative-gender`. */
export const sexes = ['female', 'male', 'other', 'unknown'] as const;
export const bloodGroups = ['A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-'] as const;
export const severities = ['mild', 'moderate', 'severe'] as const;

/** A condition, a medication: what it is called, and what there is to say of it. */
export interface Item {
  readonly name: string;
  readonly note: string | null;
}

/** Something that a patient must not be given, and how badly they took it. */
export interface Allergy extends Item {
  readonly severity: (typeof severities)[number] | null;
}

/** What a patient has said of themselves, as it is stored, sealed. */
export interface PatientProfile {
  /** Local date, `YYYY-MM-DD`. */
  readonly birthDate: string | null;
  readonly sex: (typeof sexes)[number] | null;
  readonly bloodGroup: (typeof bloodGroups)[number] | null;
  readonly allergies: readonly Allergy[];
  readonly conditions: readonly Item[];
  readonly medications: readonly Item[];
  readonly emergencyContact: { readonly name: string; readonly relation: string; readonly phone: string } | null;
  readonly insurance: { readonly provider: string; readonly policyNumber: string } | null;
}

/** The profile of somebody who has said nothing yet. */
export const emptyProfile: PatientProfile = {
  birthDate: null,
  sex: null,
  bloodGroup: null,
  allergies: [],
  conditions: [],
  medications: [],
  emergencyContact: null,
  insurance: null,
};

/**
 * A name by which the same thing is found however it was written: compatibility forms folded (NFKD), small letters,
 * without accents, anything between letters and digits one space. `Co-trimoxazole ®` and `co trimoxazole` are the same.
 */
export const normalisedName = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    // Accents of Latin only: in other scripts marks are letters.
    .replaceAll(/[\u0300-\u036f]/gu, '')
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
