import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { HostQuery, HostSettings, HostWord } from './host.ts';
import { descendants, isAlive } from './processes.ts';

const startWithinMs = 60_000;

/** A built Worker that runs in workerd on storage on disk, reachable on the loopback interface only. */
export class WorkerServer {
  readonly url: string;
  /** Lines that the Worker wrote as errors. */
  readonly errorLines: string[];
  readonly #host: ChildProcess;
  readonly #waiting: Map<number, { resolve: (rows: Record<string, unknown>[][]) => void; reject: (e: Error) => void }>;
  #queries = 0;

  private constructor(url: string, host: ChildProcess, errorLines: string[]) {
    this.url = url;
    this.#host = host;
    this.errorLines = errorLines;
    this.#waiting = new Map();
    host.on('message', (word: HostWord) => {
      if (word.kind === 'rows') this.#waiting.get(word.number)?.resolve(word.rows);
      if (word.kind === 'failed') this.#waiting.get(word.number)?.reject(new Error(word.why));
      if ('number' in word) this.#waiting.delete(word.number);
    });
    host.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the server is gone'));
      this.#waiting.clear();
    });
  }

  /** Starts a server and resolves once it listens. */
  static async start(settings: HostSettings): Promise<WorkerServer> {
    const host = fork(join(import.meta.dirname, 'host.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const errorLines: string[] = [];
    const ready = new Promise<string>((resolve, reject) => {
      host.on('message', (word: HostWord) => {
        if (word.kind === 'ready') resolve(word.url);
        if (word.kind === 'error_line') errorLines.push(word.line);
      });
      host.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
      setTimeout(() => reject(new Error('the server did not start in time')), startWithinMs).unref();
    });
    host.send(settings);
    try {
      return new WorkerServer(await ready, host, errorLines);
    } catch (error) {
      host.kill('SIGKILL');
      throw error;
    }
  }

  /** The processes that serve: workerd and what is around it. */
  pids(): number[] {
    const { pid } = this.#host;
    return pid === undefined ? [] : [pid, ...descendants(pid)];
  }

  /** Runs SQL statements on the D1 in one batch, and gives the rows of each. */
  query(...sql: string[]): Promise<Record<string, unknown>[][]> {
    this.#queries += 1;
    const number = this.#queries;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#host.send({ number, sql } satisfies HostQuery);
    });
  }

  /** Kills workerd without warning, as a power cut would, and then what is around it. */
  async kill(): Promise<void> {
    const { pid } = this.#host;
    if (pid === undefined) return;
    const runtime = descendants(pid);
    for (const one of runtime) process.kill(one, 'SIGKILL');
    this.#host.kill('SIGKILL');
    while ([pid, ...runtime].some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    if (this.#host.exitCode !== null || this.#host.signalCode !== null) return;
    this.#host.disconnect();
    const ended = once(this.#host, 'exit');
    const late = setTimeout(() => this.#host.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  }
}
