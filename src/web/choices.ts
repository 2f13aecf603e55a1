import { type Context, Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { asked } from './api.ts';
import { ownPath } from './own-path.ts';
import { problemPage } from './problem-page.tsx';
import { localeCookie, themeCookie } from './reader.ts';
import type { WebEnv } from './visit.tsx';

const maxAge = 365 * 86_400;

const keep = (c: Context, name: string, value: string): void =>
  setCookie(c, name, value, { path: '/', sameSite: 'Lax', maxAge, secure: c.req.url.startsWith('https:') });

/**
 * What a reader chooses of how pages look. Links, so that they work wherever they stand; but the language of who is
 * signed in is also that of what is sent to them: it takes a form of ours to change that.
 */
export const choiceRoutes = new Hono<WebEnv>()
  .get('/language/:choice{en|bn}', (c) => {
    keep(c, localeCookie, c.req.param('choice'));
    return c.redirect(ownPath(c.req.query('to') ?? '/'), 303);
  })
  .post('/language/:choice{en|bn}', async (c) => {
    const visit = c.get('visit');
    const locale = c.req.param('choice') === 'bn' ? 'bn' : 'en';
    if (visit.who === null) return visit.go('/login');
    const outcome = await asked(visit.api.users.me.$put({ json: { locale } }));
    if (!outcome.ok) return problemPage(visit, outcome.problem);
    keep(c, localeCookie, locale);
    return visit.go(visit.form.text('to'));
  })
  .get('/theme/:choice{auto|light|dark}', (c) => {
    keep(c, themeCookie, c.req.param('choice'));
    return c.redirect(ownPath(c.req.query('to') ?? '/'), 303);
  });
