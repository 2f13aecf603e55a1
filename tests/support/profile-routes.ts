import { pictureOfDoctor, png, withPictures } from './pictures.ts';
import { newName, organization, specialization } from './places.ts';
import { adminGets, all, plainly, type Row, saying, whoever } from './route-parts.ts';

/** The routes of places, and of what doctors are specialized in. */
export const placeRoutes: readonly Row[] = [
  ['POST /api/v1/organizations', saying(() => ({ name: 'Dhanmondi Health' })), adminGets(201)],
  ['GET /api/v1/organizations', plainly, all(200)],
  ['GET /api/v1/organizations/:id', async () => ({ params: { id: await organization() } }), all(200)],
  [
    'PUT /api/v1/organizations/:id',
    async () => ({ params: { id: await organization() }, body: { name: 'Gulshan Health' } }),
    adminGets(200),
  ],
  ['GET /api/v1/locations', plainly, all(200)],
  ['GET /api/v1/locations/:id', () => ({ params: { id: 'BD-13-savar' } }), all(200)],
  ['GET /api/v1/specializations', plainly, all(200)],
  [
    'POST /api/v1/specializations',
    saying(() => ({ name: newName(), synonyms: [{ language: 'bn', words: ['জল'] }] })),
    adminGets(201),
  ],
  [
    'PUT /api/v1/specializations/:id',
    async () => ({ params: { id: await specialization() }, body: { name: newName(), synonyms: [] } }),
    adminGets(200),
  ],
  ['DELETE /api/v1/specializations/:id', async () => ({ params: { id: await specialization() } }), adminGets(204)],
];

/** The routes of what people say of themselves. */
export const profileRoutes: readonly Row[] = [
  ['GET /api/v1/users/:id', () => ({ params: { id: 'me' } }), whoever(200)],
  ['PUT /api/v1/users/me', saying(() => ({ timeZone: 'Asia/Dhaka', locale: 'bn' })), whoever(200)],
  ['PUT /api/v1/users/me/picture', saying(() => png()), whoever(204)],
  ['DELETE /api/v1/users/me/picture', withPictures, whoever(204)],
  // A verified doctor's is for everybody.
  ['GET /api/v1/users/:id/picture', pictureOfDoctor, all(200)],
];
