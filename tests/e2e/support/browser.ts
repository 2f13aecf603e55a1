import { existsSync } from 'node:fs';
import { type BrowserServer, chromium, type LaunchOptions } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** How this machine's Chromium is started: the distribution's, or the one that `CHROMIUM` names. */
export const launching = (): LaunchOptions => {
  const executablePath = process.env.CHROMIUM ?? places.find((place) => existsSync(place));
  if (executablePath === undefined)
    throw new Error('No Chromium was found: apt-get install chromium, or set CHROMIUM.');
  // Chromium's own sandbox refuses to work for root, as whom containers run.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // The language of Chromium itself is that of the parts of its fields for dates.
  return { executablePath, args: ['--lang=en-US', ...sandbox] };
};

/** Starts the one Chromium of a run. */
export const launched = (): Promise<BrowserServer> => chromium.launchServer(launching());
