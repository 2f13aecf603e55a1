import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Outcome, Task } from './task.ts';

/** The load generator's process. It ends with this one. */
export class Generator {
  readonly #process: ChildProcess = fork(join(import.meta.dirname, 'main.ts'));

  /** Performs a task and gives what came of it. */
  async perform(task: Task): Promise<Outcome> {
    this.#process.send(task);
    const [outcome] = await Promise.race([
      once(this.#process, 'message') as Promise<[Outcome]>,
      once(this.#process, 'exit').then(([code]): never => {
        throw new Error(`the load generator ended with ${code}`);
      }),
    ]);
    return outcome;
  }

  /** Ends the process. */
  stop(): void {
    if (this.#process.connected) this.#process.disconnect();
  }
}
