import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { roles as everyRole, type Role } from '../domain/access.ts';
import { refusal } from '../domain/refusal.ts';
import { requireCsrfTokenOf, requireOwnPage } from '../features/identity/cookies.ts';
import { isFileForm } from '../http/body-rules.ts';
import type { AppEnv } from '../http/context.ts';
import { routeTemplate } from '../http/log.ts';
import { RefusalException } from '../http/problem.ts';
import { type Application, problemFor } from './api.ts';
import { fileFormFields } from './file-form.ts';
import { formOf, noForm } from './form.ts';
import { isPathName } from './path-name.ts';
import { problemPage } from './problem-page.tsx';
import { visitOf, type WebEnv } from './visit.tsx';

/** What another site's page may lead a browser to by a form: the payment gateway, which signs what it says. */
const openToOthers = new Set(['/appointments/:id/paid']);

/**
 * Begins a visit for every page: reads the form of a change, and who is there. A change is of a page of ours, and of the
 * session that this browser has, before anything else is done with it.
 */
export const begin = (app: Application) =>
  createMiddleware<WebEnv>(async (c, next) => {
    // A route with middleware of its own is two routes of one path: a visit begins once, as a refresh token is used once.
    if ((c.get('visit') as unknown) !== undefined) return next();
    // What stands in the path goes on into paths of the API, and into the forms of pages: it is a name and nothing else.
    if (!Object.values(c.req.param() as Record<string, string>).every(isPathName))
      throw new RefusalException(refusal('not_found'));
    const of = c as unknown as Context<AppEnv>;
    const isGuarded = c.req.method === 'POST' && !openToOthers.has(routeTemplate(of));
    if (isGuarded) requireOwnPage(of);
    const form = c.req.method === 'POST' ? formOf(await fieldsOf(of)) : noForm;
    const visit = await visitOf(app, of, form);
    c.set('visit', visit);
    if (isGuarded && visit.sessionId !== null) await requireCsrfTokenOf(of, visit.sessionId, form.text('csrf'));
    await next();
  });

/** The fields that were sent. A form without files is read by what is no more than a split, however many it has. */
const fieldsOf = async (c: Context<AppEnv>): Promise<Iterable<[string, unknown]>> => {
  if (isFileForm(c)) return fileFormFields(c);
  return /^multipart\/form-data\b/i.test(c.req.header('content-type') ?? '')
    ? [...(await c.req.formData().catch(() => new FormData()))]
    : new URLSearchParams(await c.req.text());
};

const forbidden = problemFor('forbidden');

/**
 * Leads who is not signed in to the page for it, and back afterwards; who has another role is kept out. What each may do
 * the API decides.
 *
 * @param home where who sent a form comes to after they have signed in
 */
export const signedInAs = (roles: readonly Role[], home: string) =>
  createMiddleware<WebEnv>(async (c, next) => {
    // Of an address that is none of ours, no visit has begun: it is answered as everywhere.
    const visit = c.get('visit') as WebEnv['Variables']['visit'] | undefined;
    if (visit === undefined) return next();
    const { who, here } = visit;
    if (who === null) return c.redirect(`/login?to=${encodeURIComponent(c.req.method === 'GET' ? here : home)}`, 303);
    return roles.includes(who.role) ? next() : problemPage(visit, forbidden);
  });

/** Leads who is not signed in to the page for it, and back afterwards. */
export const signedIn = signedInAs(everyRole, '/');
