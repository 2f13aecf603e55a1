import type { Peer, Ports, Projection } from '../../../durable-objects/ports.ts';
import type { DayKey } from '../../../src/domain/ids.ts';
import type { SimClock, Turns } from './turns.ts';

/** What the engines of a simulation share. */
export interface SimOutside {
  readonly clock: SimClock;
  readonly turns: Turns;
  readonly projection: Projection;
  peer(day: DayKey): Peer;
  report(what: string, error: unknown): void;
}

/** The ports of an engine in a simulation: its clock and its turns are the test's, and no effect is ever cut short. */
export const simPorts = ({ clock, turns, projection, peer, report }: SimOutside): Ports => ({
  projection,
  peer,
  now: clock.now,
  defer: turns.defer,
  // A rejection here would be an unhandled one in the runtime.
  background: (work) => void work.catch((error: unknown) => report('background_failed', error)),
  withTimeout: (work) => work,
  report,
});

/** A peer or an engine as RPC shows it: arguments and answers are copies. */
export const copying = <T extends object>(target: () => Promise<T>, methods: readonly (keyof T & string)[]): T =>
  Object.fromEntries(
    methods.map((method) => [
      method,
      async (...args: unknown[]) => {
        const object = await target();
        const call = object[method] as (...args: unknown[]) => Promise<unknown>;
        return structuredClone(await call.apply(object, structuredClone(args)));
      },
    ]),
  ) as T;
