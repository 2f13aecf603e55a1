import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Locale } from '../domain/notifications/preferences.ts';
import type { AppEnv } from '../http/context.ts';

/** What a reader chose of how pages look, and where they are. */
export interface Reader {
  readonly locale: Locale;
  /** `auto`: as the device does. */
  readonly theme: Theme;
  /** The IANA zone of the reader's device, once a script has told it; `null` before, and without scripts. */
  readonly timeZone: string | null;
}

const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Cookies of choices that are nobody's secret; scripts and forms set them. */
export const localeCookie = 'daybook-language';
export const themeCookie = 'daybook-theme';
const zoneCookie = 'daybook-zone';

/** How somebody reads: by their own choice, else by the first language of the browser that there is. */
export const readerOf = (c: Context<AppEnv>): Reader => {
  const chosen = getCookie(c, localeCookie);
  const first = (c.req.header('accept-language') ?? '')
    .split(',')
    .map((one) => one.trim().slice(0, 2).toLowerCase())
    .find((one) => one === 'bn' || one === 'en');
  return {
    locale: chosen === 'bn' || chosen === 'en' ? chosen : first === 'bn' ? 'bn' : 'en',
    theme: themes.find((theme) => theme === getCookie(c, themeCookie)) ?? 'auto',
    timeZone: knownZone(getCookie(c, zoneCookie)),
  };
};

const knownZone = (name: string | undefined): string | null => {
  try {
    return name === undefined ? null : new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
};
