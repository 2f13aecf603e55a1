import { isPublicAddress } from '../domain/public-address.ts';
import type { Settings } from '../env.ts';

/** What may become of one request to an address that somebody gave us. */
export interface OutboundLimits {
  /** For everything together: redirects, headers and body, ms. */
  readonly timeoutMs: number;
  /** Of the body, unpacked. 0: the body is not read. */
  readonly maxBytes: number;
  /** 0: a redirect is the answer. */
  readonly maxRedirects: number;
}

/** What became of it. `body` is what a 2xx carried; of other answers nothing is read. */
export type OutboundAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Headers;
      readonly body: Uint8Array<ArrayBuffer>;
      /** Where the answer came from in the end. */
      readonly url: string;
    }
  | {
      readonly ok: false;
      readonly why: 'address_refused' | 'timed_out' | 'unreachable' | 'too_large' | 'too_many_redirects';
    };

/** Whether an address that somebody gave us may be asked. In development and tests any http address may, this machine's too. */
export const mayAsk = ({ environment }: Pick<Settings, 'environment'>, address: string): boolean =>
  environment === 'production'
    ? isPublicAddress(address)
    : ['http:', 'https:'].includes(URL.parse(address)?.protocol ?? '');

/**
 * Asks an address that somebody gave us, so that it can neither lead to what only the Worker may reach nor hold it up:
 * see {@link isPublicAddress}. Every redirect is looked at like the address itself, and followed by GET without what was
 * sent. Never throws; what goes wrong has a word that may be shown to whoever gave the address.
 *
 * @example const answer = await fetchOutbound(settings, url, { headers: { accept: 'text/calendar' } }, limits);
 */
export const fetchOutbound = async (
  settings: Pick<Settings, 'environment'>,
  address: string,
  init: Pick<RequestInit, 'method' | 'headers' | 'body'>,
  { timeoutMs, maxBytes, maxRedirects }: OutboundLimits,
): Promise<OutboundAnswer> => {
  const signal = AbortSignal.timeout(timeoutMs);
  let [url, asked] = [address, init];
  try {
    for (let redirects = 0; ; redirects += 1) {
      if (!mayAsk(settings, url)) return { ok: false, why: 'address_refused' };
      const answer = await fetch(url, { ...asked, redirect: 'manual', signal });
      const next = redirectOf(answer, url);
      if (next === null || maxRedirects === 0) return await read(answer, url, maxBytes);
      await answer.body?.cancel();
      if (redirects === maxRedirects) return { ok: false, why: 'too_many_redirects' };
      asked = asked.headers === undefined ? {} : { headers: asked.headers };
      url = next;
    }
  } catch (error) {
    const timedOut = error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name);
    return { ok: false, why: timedOut ? 'timed_out' : 'unreachable' };
  }
};

const redirectOf = (answer: Response, from: string): string | null => {
  const location = answer.headers.get('location');
  if (location === null || ![301, 302, 303, 307, 308].includes(answer.status)) return null;
  return URL.parse(location, from)?.href ?? null;
};

/** Reads no more than may be: what says that it is longer is not begun, what turns out to be is broken off. */
const read = async (answer: Response, url: string, maxBytes: number): Promise<OutboundAnswer> => {
  const { status, headers } = answer;
  const nothing = new Uint8Array(0);
  if (!answer.ok || maxBytes === 0 || answer.body === null) {
    await answer.body?.cancel();
    return { ok: true, status, headers, body: nothing, url };
  }
  if (Number(headers.get('content-length') ?? 0) > maxBytes) {
    await answer.body.cancel();
    return { ok: false, why: 'too_large' };
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return { ok: false, why: 'too_large' };
    }
    chunks.push(value);
  }
  const body = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return { ok: true, status, headers, body, url };
};
