import { asked, type Outcome, wanted } from '../../api.ts';
import type { Form } from '../../form.ts';
import type { Visit } from '../../visit.tsx';
import type { Check } from './read.ts';
import { visitPage } from './visit.tsx';

/** The fields of one medicine, in the order in which they are filled in. */
export const medicineFields = ['drug', 'strength', 'form', 'dose', 'frequency', 'duration', 'notes'] as const;
type Medicine = Readonly<Record<(typeof medicineFields)[number], string>>;

/** The medicines of the form: rows in which nothing stands are left out. */
export const medicinesIn = (form: Form): Medicine[] => {
  const columns = medicineFields.map((name) => form.all(`${name}[]`));
  return form
    .all('drug[]')
    .map((_, i) => Object.fromEntries(medicineFields.map((name, n) => [name, columns[n]?.[i] ?? ''])) as Medicine)
    .filter((row) => Object.values(row).some((text) => text !== ''));
};

/** Why severe hits are passed over, as far as a reason was given. */
export const overridesIn = (form: Form): { readonly key: string; readonly reason: string }[] => {
  const reasons = form.all('overrideReason[]');
  return form.all('overrideKey[]').flatMap((key, i) => (reasons[i] ? [{ key, reason: reasons[i] }] : []));
};

/** Adds a row, checks what is there, or prescribes it: whichever button was pressed. */
export const prescribe = async (visit: Visit, id: string): Promise<Response> => {
  const { form, api } = visit;
  const shownAgain = { part: 'prescription', problem: null } as const;
  const act = form.text('do');
  if (act === 'more') return visitPage(visit, id, shownAgain);
  const { patientId } = await wanted(api.appointments[':id'].$get({ param: { id } }));
  const medicines = medicinesIn(form);
  if (act === 'check') {
    const check = await checked(visit, patientId, medicines);
    return visitPage(visit, id, check.ok ? { ...shownAgain, check: check.value } : { ...shownAgain, ...check });
  }
  const optional = (text: string): string | null => (text === '' ? null : text);
  const items = medicines.map(({ drug, strength, form: kind, dose, frequency, duration, notes }) => ({
    ...{ drug, dose, frequency, strength: optional(strength), form: optional(kind) },
    ...{ duration: optional(duration), notes: optional(notes) },
  }));
  const json = {
    ...{ patientId, appointmentId: id, items, overrides: overridesIn(form) },
    validDays: Number(form.given('validDays') ?? 30),
  };
  const written = await asked(api.prescriptions.$post({ json }, visit.once));
  return visit.done(written, `/day/${id}#prescription`, 'prescribed', async (problem) => {
    if (problem.code !== 'interaction_override_required') return visitPage(visit, id, { ...shownAgain, problem });
    // All that there is against them, with the reasons that were given already.
    const check = await checked(visit, patientId, medicines);
    return visitPage(visit, id, { ...shownAgain, problem, ...(check.ok ? { check: check.value } : {}) });
  });
};

const checked = (visit: Visit, patientId: string, medicines: readonly Medicine[]): Promise<Outcome<Check>> =>
  asked(visit.api.prescriptions.check.$post({ json: { patientId, drugs: medicines.map(({ drug }) => drug) } }));
