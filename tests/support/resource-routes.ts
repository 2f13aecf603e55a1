import { env } from 'cloudflare:workers';
import { adminGets, type Row } from './route-parts.ts';

/** A room that the cast's clinic has. */
const room = async (clinicId: string): Promise<string> => {
  const id = `rs_${crypto.randomUUID()}`;
  await env.DB.prepare(
    `insert into clinic_resources (id, clinic_id, kind, name, active, created_at_ms) values (?, ?, 'room', 'Room 1', 1, 0)`,
  )
    .bind(id, clinicId)
    .run();
  return id;
};

/** Rooms and devices: rows of the route table. */
export const resourceRoutes: readonly Row[] = [
  ['GET /api/v1/clinics/:id/resources', (cast) => ({ params: { id: cast.clinicId } }), adminGets(200)],
  [
    'POST /api/v1/clinics/:id/resources',
    (cast) => ({ params: { id: cast.clinicId }, body: { kind: 'Procedure room', name: 'Room 2' } }),
    adminGets(201),
  ],
  [
    'PUT /api/v1/clinics/:id/resources/:resourceId',
    async ({ clinicId }) => ({ params: { id: clinicId, resourceId: await room(clinicId) }, body: { name: 'Room 3' } }),
    adminGets(200),
  ],
];
