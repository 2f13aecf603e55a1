import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './wrangler.ts';

/** A local server and where it answers. */
export interface Running {
  readonly pid: number;
  readonly url: string;
  readonly sinceMs: number;
}

/** A server that does not answer yet may be starting for so long. */
const startingMs = 120_000;
const askedForMs = 3_000;

/** Where local data is kept: the folder that wrangler's `--persist-to` names, or its own. */
export const dataFolder = (persist: string | undefined): string =>
  persist === undefined ? join(root, '.wrangler', 'state') : resolve(root, persist);

/** The server that uses a data folder, `null` when there is none. What a server that was killed left is passed over. */
export const runningOn = async (folder: string): Promise<Running | null> => {
  const found = noted(folder);
  if (found === null || found.pid === process.pid || !isAlive(found.pid)) return null;
  // The number of a process that has ended is given to another one some day: only an answer tells.
  const isStarting = Date.now() - found.sinceMs < startingMs;
  return isStarting || (await answers(found.url)) ? found : null;
};

/**
 * Claims a data folder for this process, because two servers on one database stand in each other's way. Gives the
 * server that has it already, or `null` when it is ours now.
 */
export const claimFolder = async (folder: string, url: string, nowMs: number): Promise<Running | null> => {
  mkdirSync(folder, { recursive: true });
  const note = JSON.stringify({ pid: process.pid, url, sinceMs: nowMs } satisfies Running);
  for (;;) {
    try {
      writeFileSync(noteIn(folder), `${note}\n`, { flag: 'wx' });
      return null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = await runningOn(folder);
    if (other !== null) return other;
    rmSync(noteIn(folder), { force: true });
  }
};

/** Gives a data folder back, if it is this process that has it. */
export const releaseFolder = (folder: string): void => {
  if (noted(folder)?.pid === process.pid) rmSync(noteIn(folder), { force: true });
};

/** Where a local server is: the address that was said, that of the server on the data folder, or the usual one. */
export const localUrl = async (said: {
  readonly url?: string;
  readonly port?: number;
  readonly folder: string;
}): Promise<string> => {
  if (said.url !== undefined) return said.url.replace(/\/$/, '');
  if (said.port !== undefined) return `http://localhost:${said.port}`;
  return (await runningOn(said.folder))?.url ?? 'http://localhost:8787';
};

const noteIn = (folder: string): string => join(folder, 'daybook.json');

const noted = (folder: string): Running | null => {
  try {
    const { pid, url, sinceMs } = JSON.parse(readFileSync(noteIn(folder), 'utf8')) as Running;
    return Number.isInteger(pid) && URL.canParse(url) ? { pid, url, sinceMs } : null;
  } catch {
    return null;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const answers = async (url: string): Promise<boolean> => {
  const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(askedForMs) }).catch(() => null);
  return answer?.ok === true;
};
