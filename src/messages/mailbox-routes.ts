import { html } from 'hono/html';
import { database } from '../db/client.ts';
import { refusal } from '../domain/refusal.ts';
import { refuse } from '../http/problem.ts';
import { router } from '../http/route.ts';
import { type Kept, keptMessages } from './mailbox.ts';

/** Nothing of it may do anything in a browser but be framed by the mailbox; its styles are its own. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups";
const policy = "default-src 'none'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = (title: string, body: unknown) => html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head>
<body><h1>${title}</h1>${body}</body>
</html>`;

const line = ({ id, at, channel, kind, to, subject, state }: Kept) => html`<tr>
<td>${at}</td><td>${channel}</td><td>${to}</td>
<td><a href="/dev/mailbox/${id}">${subject ?? kind}</a></td><td>${state}</td>
</tr>`;

const linked = (text: string) =>
  text.split(/(https?:\/\/\S+)/).map((part, i) => (i % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`));

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);

/**
 * What the local transports kept: the mail and SMS of a developer's machine and of the tests, as a page or, to who
 * accepts `application/json`, as a list. Only
 * under a name of this machine; in production there is nothing here.
 */
export const mailboxRoutes = router();

mailboxRoutes.use('/dev/*', async (c, next) => {
  const { environment } = c.get('settings');
  // A name that somebody else points at this machine (DNS rebinding) opens nothing.
  const isOwn = environment === 'test' || isLoopback(new URL(c.req.url).hostname);
  if (environment === 'production' || !isOwn) return refuse(c, refusal('not_found'));
  await next();
  if (c.res.headers.get('content-security-policy') === null) c.header('content-security-policy', policy);
  return undefined;
});

mailboxRoutes.get('/dev/mailbox', async (c) => {
  const kept = await keptMessages(database(c.env.DB), c.get('settings').dataKey);
  if (c.req.header('accept')?.includes('application/json')) return c.json({ items: kept });
  const rows = kept.length === 0 ? html`<tr><td>Nothing yet.</td></tr>` : kept.map(line);
  return c.html(page('Mailbox', html`<table>${rows}</table>`));
});

mailboxRoutes.get('/dev/mailbox/:id', async (c) => {
  const [kept] = await keptMessages(database(c.env.DB), c.get('settings').dataKey, c.req.param('id'));
  if (kept === undefined) return refuse(c, refusal('not_found'));
  const head = html`<p>${kept.at}, ${kept.channel} to ${kept.to}: ${kept.state}</p>`;
  const asHtml =
    kept.html === undefined
      ? ''
      : html`<iframe src="/dev/mailbox/${kept.id}/html" title="The HTML part" sandbox="allow-popups" width="100%" height="900"></iframe>`;
  const body = html`${head}<pre>${linked(kept.text)}</pre>${asHtml}<p><a href="/dev/mailbox">All messages</a></p>`;
  return c.html(page(kept.subject ?? kept.kind, body));
});

/** The HTML part of a mail by itself, as a mail program would show it: in a frame that runs nothing. */
mailboxRoutes.get('/dev/mailbox/:id/html', async (c) => {
  const [kept] = await keptMessages(database(c.env.DB), c.get('settings').dataKey, c.req.param('id'));
  if (kept?.html === undefined) return refuse(c, refusal('not_found'));
  return c.html(kept.html, 200, { 'content-security-policy': mailPolicy, 'x-frame-options': 'SAMEORIGIN' });
});
