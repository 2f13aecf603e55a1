import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Served } from './provided.ts';

const script = join(import.meta.dirname, '..', '..', 'served', 'serve.ts');

/**
 * Builds Daybook as a deployment would and serves it with its demo data. One that runs already is used instead when
 * `E2E_SERVED` holds what `node tests/served/serve.ts` printed, which is quicker while a story is being written.
 */
export const served = async (): Promise<Served> => {
  const running = process.env.E2E_SERVED;
  if (running !== undefined) return { ...JSON.parse(running), end: async () => undefined };
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    const end = async (): Promise<void> => {
      child.stdin.end();
      await ended;
    };
    return { ...JSON.parse(line), end };
  }
  throw new Error('Daybook could not be served.');
};
