import { env } from 'cloudflare:workers';
import type { Cast } from './cast.ts';
import { doctorGets, gone, ofDoctor, out, plainly, type Row, role, whoever } from './route-parts.ts';

const wishOf = ({ members, date }: Cast) => ({
  ...{ doctorId: members.ownDoctor.id, patientId: members.patient.id },
  ...{ from: date, to: date },
});

/** Nobody waits for a doctor twice for one date, and each request shall find it as the first does. */
const nobodyWaits = async (): Promise<void> => void (await env.DB.prepare('delete from waitlist_entries').run());

const ofEntry: Row[1] = async (cast) => {
  await nobodyWaits();
  const { body } = await cast.members.patient.act('POST', '/waitlist', wishOf(cast));
  return { params: { id: body.id } };
};

/** Routes of the waitlist. */
export const waitlistRoutes: readonly Row[] = [
  [
    'POST /api/v1/waitlist',
    async (cast) => {
      await nobodyWaits();
      return { body: wishOf(cast) };
    },
    [out, 201, role, 201, role, 201],
  ],
  ['GET /api/v1/waitlist', plainly, whoever(200)],
  ['GET /api/v1/waitlist/:id', ofEntry, [out, 200, gone, 200, gone, 200]],
  ['DELETE /api/v1/waitlist/:id', ofEntry, [out, 204, gone, 204, gone, 204]],
  ['GET /api/v1/doctors/:id/waitlist', ofDoctor(), doctorGets(200)],
];
