import type { Context } from 'hono';
import type { AppEnv } from '../../http/context.ts';

/** What is seen of who signs in: enough for the owner to know a device again, too little to know somebody else's. */
export interface Sight {
  /** `Firefox on Windows`; `null` when the user agent names nothing known. */
  readonly device: string | null;
  /** `Dhaka, BD`; `null` on a local server. */
  readonly place: string | null;
}

const maxLength = 80;

/** Programs by what their user agents say. The first that fits counts, as browsers name each other. */
const programs: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bCriOS\/|\bChrome\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
  [/^node\b|^undici\b/, 'Node.js'],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** A device as its owner would call it. Only names of ours come out, so that no user agent can put its words here. */
const deviceOf = (userAgent: string): string | null => {
  const named = (list: typeof programs) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const parts = [named(programs), named(systems)].filter((part) => part !== undefined);
  return parts.length === 0 ? null : parts.join(' on ');
};

/** What is seen of who sends a request. */
export const sightOf = (c: Context<AppEnv>): Sight => {
  const cf = (c.req.raw.cf ?? {}) as { city?: unknown; country?: unknown };
  const parts = [cf.city, cf.country].filter((part) => typeof part === 'string' && part !== '');
  return {
    device: deviceOf((c.req.header('user-agent') ?? '').slice(0, 512)),
    place: parts.length === 0 ? null : parts.join(', ').slice(0, maxLength),
  };
};
