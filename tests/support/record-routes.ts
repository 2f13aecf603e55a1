import { send } from './api.ts';
import type { Cast } from './cast.ts';
import { all, gone, out, type Row, role } from './route-parts.ts';
import { visited } from './visits.ts';
import { png, sendsFile } from './whole-files.ts';

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

/** A document of the patient, the only one that there is; given to the doctor concerned. */
const documentOf = async ({ members }: Cast): Promise<string> => {
  const { patient, ownDoctor } = members;
  const { items } = (await patient.act('GET', `/patients/${patient.id}/documents?limit=100`)).body;
  for (const { id } of items) await send('DELETE', `/documents/${id}`, { as: patient });
  const { body } = await sendsFile(patient, png());
  const endsAt = new Date(Date.now() + 3_600_000).toISOString();
  await patient.act('POST', `/documents/${body.id}/shares`, { doctorId: ownDoctor.id, endsAt });
  return body.id;
};
const ofDocument =
  (body?: (cast: Cast) => unknown): Row[1] =>
  async (cast) => ({ params: { id: await documentOf(cast) }, ...(body === undefined ? {} : { body: body(cast) }) });
const kept = (status: 200 | 201 | 204): Row[2] => [out, status, gone, role, role, role];

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
    'GET /api/v1/patients/:id/chart',
    async (cast) => {
      const appointmentId = await noted(cast);
      return { params: { id: cast.members.patient.id }, query: { appointmentId } };
    },
    read,
  ],
  ['GET /api/v1/appointments/:id/summary', async (cast) => ({ params: { id: await noted(cast) } }), read],
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

  [
    'POST /api/v1/patients/:id/documents',
    (cast) => ({ params: { id: cast.members.patient.id }, body: cast.file() }),
    kept(201),
  ],
  ['GET /api/v1/patients/:id/documents', ofPatient(), read],
  ['GET /api/v1/documents/:id', ofDocument(), read],
  ['PUT /api/v1/documents/:id', ofDocument(() => ({ name: 'Blood count, May', appointmentId: null })), kept(200)],
  ['DELETE /api/v1/documents/:id', ofDocument(), kept(204)],
  ['GET /api/v1/documents/:id/shares', ofDocument(), kept(200)],
  [
    'POST /api/v1/documents/:id/shares',
    ofDocument(({ members }) => ({
      doctorId: members.otherDoctor.id,
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    })),
    kept(201),
  ],
  [
    'DELETE /api/v1/documents/:id/shares/:doctorId',
    async (cast) => ({ params: { id: await documentOf(cast), doctorId: cast.members.ownDoctor.id } }),
    kept(204),
  ],
  ['POST /api/v1/documents/:id/link', ofDocument(), [out, 201, gone, 201, gone, role]],
  // Who has the link may read, whoever it is.
  [
    'GET /api/v1/downloads/:token',
    async (cast) => {
      const { url } = (await cast.members.patient.act('POST', `/documents/${await documentOf(cast)}/link`)).body;
      return { params: { token: url.slice(url.lastIndexOf('/') + 1) } };
    },
    all(200),
  ],
];
