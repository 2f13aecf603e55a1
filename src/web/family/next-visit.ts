import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

const name = 'daybook-for';
const hourSeconds = 3_600;
/** Only the pages of booking see it. */
const path = '/book';

/** Remembers in the browser, for an hour, for whom of the family the next visit is: their id, and nothing about them. */
export const bookNextFor = (c: Context, id: string): void =>
  setCookie(c, name, id, {
    path,
    maxAge: hourSeconds,
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.req.url.startsWith('https:'),
  });

/** For whom the next visit is; `undefined` where nobody was chosen. */
export const nextVisitFor = (c: Context): string | undefined => getCookie(c, name);

/** Forgets it: a visit is on its way to being booked. */
export const forgetNextVisit = (c: Context): void => {
  if (nextVisitFor(c) !== undefined) deleteCookie(c, name, { path, secure: c.req.url.startsWith('https:') });
};
