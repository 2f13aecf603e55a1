import { localSettings } from '../../src/cli/secrets.ts';

/**
 * The settings of `npm start` on a machine of its own, at an address. Whatever one address asks in a run is not limited:
 * all visitors come from the same one.
 */
export const settingsAt = (url: string): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.entries(localSettings).map(([name, value]) => [name, value()])),
  APP_URL: url,
  RATE_LIMITS: 'off',
  EDGE_CACHE_SECONDS: '0',
});
