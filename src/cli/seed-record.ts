import { answered, apiOf } from './api.ts';
import type { Person } from './seed.ts';

const dayMs = 86_400_000;
const son = { fullName: 'Tahmid Islam', birthDate: '2019-04-30' };
/** Systolic and diastolic pressure in mm[Hg], so many days ago. */
const pressures = [
  [170, 148, 94],
  [95, 134, 86],
] as const;

/**
 * What the patient of the demonstration has written down, and whom she answers for. Written again, it is there once. Her
 * tokens say for whom she acts: that of `patient` is no good afterwards.
 */
export const recordOf = async (url: string, patient: Person): Promise<void> => {
  const api = apiOf(url, patient.token);
  const own = api.patients[':id'];
  const param = { id: patient.id };
  const { items } = await answered(own.records.$get({ param, query: { limit: '1' } as never }));
  if (items.length === 0) {
    const text = 'Without complications.';
    const surgery = { category: 'surgery' as const, title: 'Appendix taken out', text, at: '2009-06-11T06:00:00Z' };
    await answered(own.history.$post({ param, json: surgery }));
    for (const [daysAgo, systolic, diastolic] of pressures) {
      const at = new Date(Date.now() - daysAgo * dayMs).toISOString();
      await answered(own.vitals.$post({ param, json: { at, bloodPressure: { systolic, diastolic, unit: 'mm[Hg]' } } }));
    }
  }
  const about = {
    ...{ birthDate: '1987-03-14', sex: 'female' as const, bloodGroup: 'B+' as const },
    allergies: [{ name: 'Penicillin', note: 'A rash, as a child', severity: 'moderate' as const }],
    conditions: [{ name: 'High blood pressure', note: 'Since 2021' }],
    medications: [{ name: 'Amlodipine 5 mg', note: 'Once a day, in the morning' }],
    emergencyContact: { name: 'Rafiq Islam', relation: 'Brother', phone: '+8801712345679' },
  };
  await answered(own.profile.$put({ param, header: {}, json: about }));
  const { items: family } = await answered(api.users.me.dependants.$get());
  if (family.length === 0) await answered(api.users.me.dependants.$post({ json: son }));
};
