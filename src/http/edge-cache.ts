import { eq } from 'drizzle-orm';
import type { Context, MiddlewareHandler } from 'hono';
import { database } from '../db/client.ts';
import { cacheGenerations } from '../db/schema.ts';
import { background } from './background.ts';
import type { AppEnv } from './context.ts';

/** What a kept answer rests on. A trigger raises the tag's generation in the transaction of every change of it. */
export type CacheTag = 'doctors' | 'specializations' | 'locations';

/** For so long an isolate believes what it last read of a tag's generation: so late a change can be seen. */
const believedMs = 2_000;

const believed = new Map<CacheTag, { readonly generation: number; readonly untilMs: number }>();

/** Makes this isolate look again: after every change that came through it. */
export const looksAgain: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  if (!reads.has(c.req.method)) believed.clear();
};

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

const generationOf = async (env: Env, tag: CacheTag, nowMs: number): Promise<number | null> => {
  const known = believed.get(tag);
  if (known !== undefined && known.untilMs > nowMs) return known.generation;
  const [row] = await database(env.DB).select().from(cacheGenerations).where(eq(cacheGenerations.tag, tag));
  if (row === undefined) return null;
  believed.set(tag, { generation: row.generation, untilMs: nowMs + believedMs });
  return row.generation;
};

/**
 * Lets a location of the network keep the answers to nobody in particular for `EDGE_CACHE_SECONDS`, or for `seconds` where
 * they hold nothing that changes by itself, as free times do; not at all where the setting is 0. The generation of the tag is part of the key: with a change, all that was kept under the old one is found no more, anywhere, without a call
 * to anybody, and runs out by itself. Whoever shows a token or a cookie neither gets nor leaves anything here, and only a
 * 200 is kept: its body and type, no header of the occasion. The kept answer has a `Cache-Tag`, so that an operator can
 * purge by it as well.
 */
export const keptAtEdge =
  (tag: CacheTag, seconds?: number): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const { edgeCacheSeconds } = c.get('settings');
    const isAnonymous = c.req.header('authorization') === undefined && c.req.header('cookie') === undefined;
    const generation =
      edgeCacheSeconds > 0 && isAnonymous && c.req.method === 'GET' ? await generationOf(c.env, tag, Date.now()) : null;
    if (generation === null) return next();
    const key = keyOf(c, tag, generation);
    const kept = await caches.default.match(key);
    if (kept !== undefined) return answerWith(await kept.text(), kept.headers.get('content-type'), 'hit');
    await next();
    if (c.res.status !== 200) return;
    const body = await c.res.clone().text();
    const type = c.res.headers.get('content-type');
    const headers = {
      'cache-control': `max-age=${seconds ?? edgeCacheSeconds}`,
      'cache-tag': tag,
      'content-type': type ?? '',
    };
    background(c, 'answer_not_kept', caches.default.put(key, new Response(body, { headers })));
    c.res.headers.set('x-edge-cache', 'miss');
  };

const answerWith = (body: string, type: string | null, state: string): Response =>
  new Response(body, { headers: { 'content-type': type ?? 'application/json', 'x-edge-cache': state } });

/** One key for one question, however its parameters are ordered; on a path that no request can ask for. */
const keyOf = (c: Context<AppEnv>, tag: CacheTag, generation: number): string => {
  const url = new URL(c.req.url);
  url.searchParams.sort();
  return `${url.origin}/.kept/${tag}/${generation}${url.pathname}${url.search}`;
};
