import type { Context } from 'hono';
import { refusal } from '../domain/refusal.ts';
import { hadSession } from '../features/identity/cookies.ts';
import { readUpTo } from '../http/body-rules.ts';
import type { AppEnv } from '../http/context.ts';
import { RefusalException } from '../http/problem.ts';

/** More than any file that is taken here, and the fields beside it. */
const maxFileFormBytes = 21 * 1024 * 1024;
/** More parts than any form with a file has. */
const maxParts = 20;
const windowBytes = 65_536;

/**
 * The fields of a form that may bring a file: one at a time lies in memory, and only that long. From a browser without a
 * session no more is read than of any other form; and parts are counted before each is made an object. Refuses with
 * `body_too_large` and `too_many_items`.
 */
export const fileFormFields = async (c: Context<AppEnv>): Promise<Iterable<[string, unknown]>> => {
  const body = await readUpTo(c, (await hadSession(c)) ? maxFileFormBytes : c.get('settings').maxBodyBytes);
  const type = c.req.header('content-type') ?? '';
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) ?? [];
  if (hasMore(body, `--${quoted ?? plain ?? ''}`, maxParts)) throw new RefusalException(refusal('too_many_items'));
  return new Response(body, { headers: { 'content-type': type } }).formData().catch(() => new FormData());
};

/** Whether ASCII text stands in bytes more often than so many times. */
const hasMore = (bytes: Uint8Array, text: string, times: number): boolean => {
  const decoder = new TextDecoder('latin1');
  let found = 0;
  for (let at = 0; at < bytes.length; at += windowBytes) {
    const piece = decoder.decode(bytes.subarray(at, at + windowBytes + text.length - 1));
    for (let hit = piece.indexOf(text); hit >= 0 && found <= times; hit = piece.indexOf(text, hit + text.length))
      found += 1;
    if (found > times) return true;
  }
  return false;
};
