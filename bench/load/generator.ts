import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Outcome, Task } from './task.ts';

/** The load generator's process, one task at a time. It ends with this one. */
export class Generator {
  readonly #process: ChildProcess;
  #settle: { resolve: (outcome: Outcome) => void; reject: (error: Error) => void } | null = null;

  constructor() {
    this.#process = fork(join(import.meta.dirname, 'main.ts'));
    this.#process.on('message', (outcome: Outcome) => this.#settle?.resolve(outcome));
    this.#process.on('exit', (code) => this.#settle?.reject(new Error(`the load generator ended with ${code}`)));
  }

  /** Performs a task and gives what came of it. */
  perform(task: Task): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#process.send(task);
    });
  }

  /** Ends the process. */
  stop(): void {
    if (this.#process.connected) this.#process.disconnect();
  }
}
