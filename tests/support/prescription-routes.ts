import type { Cast } from './cast.ts';
import { codeOf, prescribed, tokenOf } from './prescriptions.ts';
import { all, everybody, gone, out, type Row, role } from './route-parts.ts';
import { visited } from './visits.ts';

const items = [{ drug: 'Paracetamol', strength: '500 mg', dose: '1 tablet', frequency: 'three times a day' }];
const treated = ({ members }: Cast): Promise<string> => visited(members.patient.id, members.ownDoctor.id);
const ofPatient =
  (body: (patientId: string) => unknown): Row[1] =>
  async (cast) => {
    await treated(cast);
    return { body: body(cast.members.patient.id) };
  };
const made = async (cast: Cast): Promise<string> => {
  await treated(cast);
  return (await prescribed(cast.members.ownDoctor, cast.members.patient.id)).id;
};
const ofOne =
  (body?: unknown): Row[1] =>
  async (cast) => ({ params: { id: await made(cast) }, ...(body === undefined ? {} : { body }) });
const ofPaper =
  (dispensing: boolean): Row[1] =>
  async (cast) => {
    const id = await made(cast);
    const body = dispensing ? { body: { code: await codeOf(id), pharmacy: 'Lazz Pharma' } } : {};
    return { params: { token: await tokenOf(id) }, ...body };
  };
const read: Row[2] = [out, 200, gone, 200, gone, role];
const byDoctor = (status: 200 | 201): Row[2] => [out, role, role, status, gone, role];

/** Prescriptions and what becomes of them: rows of the route table. */
export const prescriptionRoutes: readonly Row[] = [
  ['POST /api/v1/prescriptions', ofPatient((patientId) => ({ patientId, items })), byDoctor(201)],
  ['POST /api/v1/prescriptions/check', ofPatient((patientId) => ({ patientId, drugs: ['Warfarin'] })), byDoctor(200)],
  [
    'GET /api/v1/patients/:id/prescriptions',
    async (cast) => {
      await made(cast);
      return { params: { id: cast.members.patient.id } };
    },
    read,
  ],
  ['GET /api/v1/prescriptions/:id', ofOne(), read],
  ['GET /api/v1/prescriptions/:id/prescription.pdf', ofOne(), read],
  ['POST /api/v1/prescriptions/:id/cancel', ofOne({ reason: 'Another medicine is better' }), byDoctor(200)],
  [
    'POST /api/v1/prescriptions/:id/renew',
    async (cast) => {
      const id = await made(cast);
      const given = { code: await codeOf(id), pharmacy: 'Lazz Pharma' };
      await cast.members.patient.act('POST', `/verified-prescriptions/${await tokenOf(id)}/dispense`, given);
      return { params: { id }, body: { validDays: 14 } };
    },
    byDoctor(201),
  ],
  ['GET /api/v1/verified-prescriptions/:token', ofPaper(false), all(200)],
  ['POST /api/v1/verified-prescriptions/:token/dispense', ofPaper(true), all(200)],
  ['GET /rx/:token', ofPaper(false), all(200)],
  // A form, which the table does not send.
  ['POST /rx/:token', ofPaper(false), everybody('invalid_request')],
];
