import { Hono } from 'hono';
import type { WebEnv } from '../visit.tsx';
import { doctorPage } from './doctor.tsx';
import { homePage } from './home.tsx';
import { reviewsPage } from './reviews.tsx';
import { placeSuggestions, suggestions } from './suggest.tsx';

/** What is typed before anything is suggested, and what is looked at of it. */
const shortest = 2;
const longest = 60;

/** Finding a doctor: the search, and what each offers. */
export const findRoutes = new Hono<WebEnv>()
  .get('/', (c) => homePage(c.get('visit'), c.req.query()))
  .get('/suggest', async (c) => {
    const typed = (c.req.query('q') ?? '').trim();
    return c.html(typed.length < shortest ? '' : await suggestions(c.get('visit'), typed.slice(0, longest)));
  })
  .get('/suggest/places', async (c) => {
    const typed = (c.req.query('q') ?? '').trim();
    return c.html(typed.length < shortest ? '' : await placeSuggestions(c.get('visit'), typed.slice(0, longest)));
  })
  .get('/doctors/:id', (c) => doctorPage(c.get('visit'), c.req.param('id'), c.req.query()))
  .get('/doctors/:id/reviews', (c) => reviewsPage(c.get('visit'), c.req.param('id'), c.req.query()));
