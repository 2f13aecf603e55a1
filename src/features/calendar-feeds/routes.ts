import { database } from '../../db/client.ts';
import { idempotent, idempotentShownOnce } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { addressOf } from './address.ts';
import { type Feed, feedsOf, maxFeeds, type OpenedFeed, openFeed, revokeFeed, rotateFeed } from './feeds.ts';
import { feedsSchema, newFeedSchema, openedFeedSchema } from './schema.ts';

const tags = ['Calendars'];
const always = ['unauthenticated', 'forbidden'] as const;

const list = createRoute({
  method: 'get',
  path: '/calendar-feeds',
  summary: 'List your calendar feeds',
  tags,
  security: bearer,
  middleware: allowed('calendar.keep'),
  responses: { 200: answer(feedsSchema, `All of them; at most ${maxFeeds}.`), ...refusing(...always) },
});

const open = createRoute({
  method: 'post',
  path: '/calendar-feeds',
  summary: 'Open a calendar feed',
  description:
    'A secret address that calendar programs subscribe to: a doctor’s appointments, or a patient’s own and those of ' +
    'dependants, from 30 days ago to 180 days ahead. Nobody signs in there, so tell the address to nobody.',
  tags,
  security: bearer,
  middleware: [...allowed('calendar.keep'), idempotentShownOnce],
  request: jsonBody(newFeedSchema),
  responses: { 201: answer(openedFeedSchema, 'The feed.'), ...refusing(...always, 'too_many_items') },
});

const rotate = createRoute({
  method: 'post',
  path: '/calendar-feeds/{id}/rotate',
  summary: 'Give a calendar feed another address',
  description: 'For an address that somebody else may have seen. There is nothing at the one before from then on.',
  tags,
  security: bearer,
  middleware: [...allowed('calendar.keep'), idempotentShownOnce],
  request: { params: idParamSchema },
  responses: { 200: answer(openedFeedSchema, 'The feed.'), ...refusing(...always, 'not_found') },
});

const revoke = createRoute({
  method: 'delete',
  path: '/calendar-feeds/{id}',
  summary: 'Revoke a calendar feed',
  tags,
  security: bearer,
  middleware: [...allowed('calendar.keep'), idempotent],
  request: { params: idParamSchema },
  responses: {
    204: { description: 'There is nothing at its address.' },
    ...refusing(...always, 'not_found'),
  },
});

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const feedView = ({ id, label, privacy, showsFree, createdAtMs, rotatedAtMs, lastFetchedAtMs }: Feed) => ({
  ...{ id, label, privacy, showFree: showsFree },
  createdAt: new Date(createdAtMs).toISOString(),
  rotatedAt: iso(rotatedAtMs),
  lastFetchedAt: iso(lastFetchedAtMs),
});

const openedView = (appUrl: string, { feed, token }: OpenedFeed) => ({
  ...feedView(feed),
  ...addressOf(appUrl, token),
});

/** Secret addresses of one's own calendar. */
export const calendarFeedRoutes = router()
  .openapi(list, async (c) => {
    const feeds = await feedsOf(database(c.env.DB), c.get('principal').id);
    return c.json({ items: feeds.map(feedView) }, 200);
  })
  .openapi(open, async (c) => {
    const opened = await openFeed(c.env, c.get('principal'), c.req.valid('json'), Date.now());
    return opened.ok ? c.json(openedView(c.get('settings').appUrl, opened.value), 201) : refuse(c, opened.refusal);
  })
  .openapi(rotate, async (c) => {
    const rotated = await rotateFeed(c.env, c.get('principal'), c.req.valid('param').id, Date.now());
    return rotated.ok ? c.json(openedView(c.get('settings').appUrl, rotated.value), 200) : refuse(c, rotated.refusal);
  })
  .openapi(revoke, async (c) => {
    const revoked = await revokeFeed(c.env, c.get('principal'), c.req.valid('param').id, Date.now());
    return revoked.ok ? c.body(null, 204) : refuse(c, revoked.refusal);
  });
