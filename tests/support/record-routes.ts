import type { Cast } from './cast.ts';
import { gone, out, type Row, role } from './route-parts.ts';
import { visited } from './visits.ts';

/** The doctor treats the patient of the cast. */
const treated = async ({ members }: Cast): Promise<string> => visited(members.patient.id, members.ownDoctor.id);
const ofPatient =
  (body?: unknown): Row[1] =>
  async (cast) => {
    await treated(cast);
    return { params: { id: cast.members.patient.id }, ...(body === undefined ? {} : { body }) };
  };
const words = { text: 'Wheezing at night, better with salbutamol', diagnoses: [{ code: 'J45.0', text: 'Asthma' }] };
const ofVisit =
  (body: unknown): Row[1] =>
  async (cast) => ({ params: { id: await treated(cast) }, body });
const noted = async (cast: Cast): Promise<string> => {
  const id = await treated(cast);
  await cast.members.ownDoctor.act('POST', `/appointments/${id}/note`, words);
  return id;
};
const read: Row[2] = [out, 200, gone, 200, gone, role];
const written: Row[2] = [out, 201, gone, 201, gone, role];
const byDoctor: Row[2] = [out, role, role, 201, gone, role];
const item = { name: 'Penicillin', note: 'Since childhood' };

/** Patients' records: rows of the route table. */
export const recordRoutes: readonly Row[] = [
  ['GET /api/v1/patients/:id/profile', ofPatient(), read],
  [
    'PUT /api/v1/patients/:id/profile',
    ofPatient({
      ...{ birthDate: '1987-03-14', sex: 'female', bloodGroup: 'O+', conditions: [item], medications: [item] },
      allergies: [{ ...item, severity: 'severe' }],
      emergencyContact: { name: 'Rafiq Islam', relation: 'Brother', phone: '+8801712345678' },
      insurance: { provider: 'Green Delta', policyNumber: 'GD-4711' },
    }),
    [out, 200, gone, role, role, role],
  ],
  ['GET /api/v1/patients/:id/records', ofPatient(), read],
  [
    'POST /api/v1/patients/:id/history',
    ofPatient({
      category: 'surgery',
      title: 'Appendectomy',
      text: 'Without complications',
      at: '2019-05-01T00:00:00Z',
    }),
    written,
  ],
  [
    'POST /api/v1/patients/:id/vitals',
    ofPatient({
      bloodPressure: { systolic: 121, diastolic: 79, unit: 'mm[Hg]' },
      pulse: { value: 64, unit: '/min' },
      at: '2024-05-01T08:00:00Z',
    }),
    written,
  ],
  [
    'POST /api/v1/patients/:id/records/:recordId/withdraw',
    async (cast) => {
      const { patient } = cast.members;
      await treated(cast);
      const made = await patient.act('POST', `/patients/${patient.id}/history`, { category: 'other', title: 'A slip' });
      return { params: { id: patient.id, recordId: made.body.id } };
    },
    [out, 200, gone, gone, gone, role],
  ],
  ['GET /api/v1/appointments/:id/note', async (cast) => ({ params: { id: await noted(cast) } }), read],
  ['POST /api/v1/appointments/:id/note', ofVisit(words), byDoctor],
  [
    'POST /api/v1/appointments/:id/note/amendments',
    async (cast) => ({
      params: { id: await noted(cast) },
      body: { ...words, amends: 1, reason: 'The dose was missing' },
    }),
    byDoctor,
  ],
];
