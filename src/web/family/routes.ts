import { Hono } from 'hono';
import { type Erasing, erase, erasePage, offerErasure } from '../account/erase.tsx';
import { signedIn } from '../begin.ts';
import { dependantOf } from '../records/whose.tsx';
import type { Visit, WebEnv } from '../visit.tsx';
import { familyDetailsPage, saveFamilyDetails } from './details.tsx';
import {
  addDependant,
  dependantPage,
  editDependant,
  endDependant,
  endPage,
  familyPage,
  newDependantPage,
} from './family.tsx';
import { familyLooksPage } from './looks.tsx';
import { bookNextFor } from './next-visit.ts';

const erasing = async (visit: Visit, id: string): Promise<Erasing> => {
  const { fullName } = await dependantOf(visit, id);
  const path = `/family/${id}/erase`;
  return { id, name: fullName, path, back: `/family/${id}`, after: '/family', notice: 'person_erased', at: 'family' };
};

/** Those for whom a patient acts. */
export const familyRoutes = new Hono<WebEnv>()
  .basePath('/family')
  .use(signedIn)
  .get('/', (c) => familyPage(c.get('visit')))
  .get('/new', (c) => newDependantPage(c.get('visit')))
  .post('/new', (c) => addDependant(c.get('visit')))
  .get('/:id', (c) => dependantPage(c.get('visit'), c.req.param('id')))
  .post('/:id', (c) => editDependant(c.get('visit'), c.req.param('id')))
  .post('/:id/book', async (c) => {
    const { id } = await dependantOf(c.get('visit'), c.req.param('id'));
    bookNextFor(c, id);
    return c.get('visit').go('/', 'book_for');
  })
  .get('/:id/details', (c) => familyDetailsPage(c.get('visit'), c.req.param('id')))
  .post('/:id/details', (c) => saveFamilyDetails(c.get('visit'), c.req.param('id')))
  .get('/:id/looks', (c) => familyLooksPage(c.get('visit'), c.req.param('id'), c.req.query('cursor')))
  .get('/:id/end', (c) => endPage(c.get('visit'), c.req.param('id')))
  .post('/:id/end', (c) => endDependant(c.get('visit'), c.req.param('id')))
  .get('/:id/erase', async (c) => erasePage(c.get('visit'), await erasing(c.get('visit'), c.req.param('id'))))
  .post('/:id/erase', async (c) => offerErasure(c.get('visit'), await erasing(c.get('visit'), c.req.param('id'))))
  .post('/:id/erase/confirm', async (c) => erase(c.get('visit'), await erasing(c.get('visit'), c.req.param('id'))));
