import type { Fate, Faults, Route } from './faults.ts';
import type { Scheduler } from './scheduler.ts';

/** Who sends a message: nobody hears an answer that comes after their end. */
export interface Caller {
  isAlive(): boolean;
}

/** A person, a queue, a sweep: whoever never dies. */
export const outsider: Caller = { isAlive: () => true };

/** What a caller is told when a message or its answer is lost. Like the platform's own, some may be tried again. */
class LostError extends Error {
  readonly retryable?: true;

  constructor(route: Route, retryable: boolean) {
    super(`lost on the way: ${route}`);
    if (retryable) this.retryable = true;
  }
}

/** Carries every message of a run as two events, there and back, whose time and fate the seed decides. */
export class Wire {
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;

  constructor(scheduler: Scheduler, faults: Faults) {
    this.#scheduler = scheduler;
    this.#faults = faults;
  }

  /** Has some work done elsewhere. Arguments must be copies already; the answer is copied on its way. */
  call<T>(route: Route, caller: Caller, work: () => Promise<T>): Promise<T> {
    const fate = this.#faults.fate(route);
    return new Promise((resolve, reject) => {
      const back = (settle: () => void): void => {
        this.#scheduler.after(this.#faults.latencyMs('well'), () => {
          if (caller.isAlive()) settle();
        });
      };
      const lost = () => back(() => reject(new LostError(route, this.#isRetryable(route))));
      this.#scheduler.after(this.#faults.latencyMs(fate), () => {
        if (fate === 'lost') return lost();
        const heard = fate === 'answer_lost' ? lost : null;
        if (route === 'peer' && this.#faults.strikes('rpcTwice')) this.#repeat(work);
        void work().then(
          (value) => (heard ? heard() : back(() => resolve(structuredClone(value)))),
          (error: unknown) => (heard ? heard() : back(() => reject(error as Error))),
        );
      });
    });
  }

  /** The same message comes once more; nobody waits for its answer. */
  #repeat(work: () => Promise<unknown>): void {
    this.#scheduler.after(this.#faults.between(1, 12_000), () => void work().catch(() => undefined));
  }

  #isRetryable(route: Route): boolean {
    return route === 'client' && this.#faults.between(0, 1) === 1;
  }
}

/** D1 as one caller reaches it: every call is a message. */
export const d1Over = (wire: Wire, caller: Caller, d1: D1Database): D1Database => {
  const inner = new WeakMap<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const send = <T>(work: () => Promise<T>): Promise<T> => wire.call('d1', caller, work);
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      all: () => send(() => statement.all()),
      run: () => send(() => statement.run()),
      raw: () => send(() => statement.raw()),
      first: (column?: string) => send(() => (column === undefined ? statement.first() : statement.first(column))),
    } as unknown as D1PreparedStatement;
    inner.set(wrapped, statement);
    return wrapped;
  };
  return {
    prepare: (query: string) => wrap(d1.prepare(query)),
    batch: (statements: D1PreparedStatement[]) =>
      wire.call('d1', caller, () => d1.batch(statements.map((statement) => inner.get(statement) ?? statement))),
  } as unknown as D1Database;
};

export type { Fate };
