import { type DayKey, dayName } from '../../domain/ids.ts';
import { describeError, report } from '../../http/log.ts';

/** A doctor-day whose outbox could not be drained, by what it said last. */
export interface BehindDay {
  readonly day: string;
  /** Events that D1 has not taken. */
  readonly events: number;
  /** When the oldest of them was written, ms. */
  readonly oldestAtMs: number;
}

/** The meter's RPC as it really is: the platform's mapped types lose what is read-only. */
interface MeterRpc {
  add(counts: Readonly<Record<string, number>>): Promise<void>;
  behind(day: BehindDay): Promise<void>;
  caughtUp(days: readonly string[]): Promise<void>;
  read(): Promise<{ readonly series: Readonly<Record<string, number>>; readonly behind: readonly BehindDay[] }>;
}

/** The one place where the counts of all isolates come together. */
export const meterOf = (env: Env): MeterRpc => env.METER.getByName('all') as unknown as MeterRpc;

/** Counting must not fail what it counts. */
const telling = async (told: Promise<unknown>): Promise<void> => {
  try {
    await told;
  } catch (error) {
    report('meter_not_told', describeError(error));
  }
};

/** Adds counts to the meter. Never fails. */
export const tellMeter = (env: Env, counts: Readonly<Record<string, number>>): Promise<void> =>
  telling(meterOf(env).add(counts));

/** Tells the meter that a day's outbox could not be drained. Never fails. */
export const tellBehind = (
  env: Env,
  day: DayKey,
  status: { readonly owed: number; readonly oldestOwedAtMs: number | null },
): Promise<void> =>
  telling(
    meterOf(env).behind({ day: dayName(day), events: status.owed, oldestAtMs: status.oldestOwedAtMs ?? Date.now() }),
  );
