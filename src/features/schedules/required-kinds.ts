import { type Refusal, refusal } from '../../domain/refusal.ts';

/**
 * Refuses windows whose slots need rooms or devices that their clinic does not have, or that have no clinic; names the
 * field and the kind.
 *
 * @param member what the windows are called in the request
 * @param known what each of the doctor's clinics has
 */
export const kindObjection = (
  member: string,
  windows: readonly { readonly clinicId: string | null; readonly requires: readonly string[] }[],
  known: readonly { readonly clinicId: string; readonly kind: string }[],
): Refusal | null => {
  for (const [i, { clinicId, requires }] of windows.entries()) {
    const missing = requires.find((kind) => !known.some((one) => one.clinicId === clinicId && one.kind === kind));
    if (missing === undefined) continue;
    const path = `${member}.${i}.requires`;
    const message = clinicId === null ? 'needs a clinicId' : `the clinic has no ${missing}`;
    return refusal('unknown_resource_kind', `${path}: ${message}.`, { errors: [{ path, message }], kind: missing });
  }
  return null;
};
